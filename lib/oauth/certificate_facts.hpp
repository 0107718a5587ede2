// What whoever registers a certificate at the identity provider's settings must see of it. Pure.
#pragma once

#include "time/instant.hpp"

#include <optional>
#include <string>

namespace cannedd {

struct certificate_facts {
    std::string sha256; // the fingerprint, AB:CD:..., as openssl x509 -fingerprint writes it
    wall_time not_before{};
    wall_time not_after{};
};

// The first certificate of a PEM text; nothing: there is none.
std::optional<certificate_facts> read_certificate(const std::string& pem);

} // namespace cannedd
