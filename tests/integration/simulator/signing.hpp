// An identity provider for the simulator's tests: a key of its own, a certificate, signed SAML assertions and
// JWTs.
#pragma once

#include "support/process.hpp"

#include <boost/json.hpp>

#include <memory>
#include <string>

namespace cannedd {

struct saml_text {
    std::string id = "_0";
    std::string issuer = "cannedd";
    std::string subject = "agent@acme.example";
    std::string audience = "https://login.example/saml";
    std::string org = "acme";
    int valid_from_s = -60;
    int valid_until_s = 300;
};

class signer {
public:
    signer();
    ~signer();
    std::string certificate_file() const;
    std::string signed_saml(const saml_text& text) const;
    std::string jwt(const boost::json::object& header, const boost::json::object& claims) const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

std::string percent_encoded_base64(const std::string& bytes);

} // namespace cannedd
