// The requests that the grants make. Pure: time and chance are arguments. The signed ones need a private key
// in PEM; a key or certificate that cannot be used is invalid_client and a sentence for the operator.
#pragma once

#include "error/result.hpp"
#include "net/http_message.hpp"
#include "oauth/oauth_grant.hpp"
#include "time/instant.hpp"

#include <string>
#include <vector>

namespace cannedd {

const std::string& client_id_of(const oauth_grant& grant) noexcept;
// What must not be seen of the grant.
std::vector<secret> secrets_of(const oauth_grant& grant);

// The assertion of a request, which is good for a token as long as it lives; empty: there is none.
secret assertion_in(const http_request& request);

// refresh_token: the one to use now (refresh_token_grant). unique_id: random, never used twice (assertions).
result<http_request> token_request(const oauth_grant& grant, const secret& refresh_token, wall_time now,
                                   const std::string& unique_id);

} // namespace cannedd
