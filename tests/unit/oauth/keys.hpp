// An RSA key and a certificate for it, made while the test runs.
#pragma once

#include <string>

namespace cannedd::testing {

struct signing_identity {
    std::string key_pem;
    std::string public_key_pem;
    std::string certificate_pem;
};

// The same one for all tests of a program, for making one takes a while.
const signing_identity& signing_identity_of_tests();
// An elliptic-curve key, which RS256 cannot sign with.
std::string curve_key_pem();

} // namespace cannedd::testing
