// Signed statements instead of passwords, read as strictly as an identity-minded server would: signature
// first, then each claim. A refusal is a sentence that names what is wrong; empty: accepted.
#pragma once

#include "simulator/oauth.hpp"

#include <string>

namespace cannedd::sim {

struct saml_verdict {
    std::string refusal;
    std::string subject; // NameID: a user's id or e-mail address
    std::string id;      // of the assertion
};

// `encoded` is base64 of a SAML2 Assertion, or of a Response with one. Its XML signature must cover the
// assertion itself and verify by the trusted certificate; times, audience, recipient's org and issuer must
// fit.
saml_verdict check_saml(const std::string& encoded, const saml_trust& trust, const std::string& org,
                        wall_time now);

struct client_verdict {
    std::string refusal;
    oauth_client* client = nullptr;
};

// A JWT (RS256, RFC 7523) by which a client proves itself: iss = sub = client id, aud, exp at most 10 minutes
// away, jti not seen before.
client_verdict check_client_assertion(const std::string& jwt, wall_time now, oauth& tokens);

} // namespace cannedd::sim
