// A certificate authority made for this run and a leaf signed by it for localhost, 127.0.0.1 and ::1.
#pragma once

#include <string>

namespace cannedd::sim {

struct certificates {
    std::string ca_pem;
    std::string leaf_pem;
    std::string key_pem; // the leaf's
};

// Throws std::runtime_error when OpenSSL cannot.
certificates make_certificates();

} // namespace cannedd::sim
