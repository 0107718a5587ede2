// Assertions that prove with a private key who asks for a token. Pure: time and identifiers are arguments.
// An error is a sentence for the operator and never holds a part of the key.
#pragma once

#include "error/result.hpp"
#include "oauth/oauth_grant.hpp"
#include "time/instant.hpp"

#include <string>

namespace cannedd {

// {"alg":"RS256"}.{iss, sub, aud, iat, exp, jti}.signature; good for 5 minutes.
result<std::string> signed_jwt(const private_key_jwt_grant& grant, wall_time now,
                               const std::string& unique_id);

// A SAML 2.0 <Assertion> with an enveloped RSA-SHA256 signature, as XML; good for 5 minutes.
result<std::string> signed_saml_assertion(const saml2_bearer_grant& grant, wall_time now,
                                          const std::string& unique_id);

} // namespace cannedd
