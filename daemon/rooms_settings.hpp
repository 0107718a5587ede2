// From the configuration's structs to those of the rooms, which do not know the configuration. Pure.
#pragma once

#include "config/settings.hpp"
#include "delivery/account.hpp"
#include "delivery/context.hpp"
#include "genesys/genesys_client.hpp"
#include "net/https_transport.hpp"
#include "oauth/oauth_grant.hpp"
#include "policy/circuit_breaker.hpp"
#include "policy/rate_limiter.hpp"

namespace cannedd {

delivery_options delivery_options_of(const settings& all);
rate_settings rate_of(const account_settings& account);
account_options account_options_of(const account_settings& account);
breaker_settings breaker_of(const delivery_settings& delivery);
transport_settings transport_of(const account_settings& account, const std::string& origin,
                                const std::string& proxy, std::size_t connections);
genesys_client_settings client_of(const account_settings& account, milliseconds request_timeout);
oauth_grant grant_of(const auth_settings& auth, const std::string& login_url);

} // namespace cannedd
