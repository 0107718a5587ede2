// Reads one entry of `accounts`.
#pragma once

#include "config/named_files.hpp"
#include "config/section.hpp"
#include "config/settings.hpp"

#include <optional>
#include <string>

namespace cannedd {

// HTTPS_PROXY as the transport wants it, and NO_PROXY. One that will not do matters to whom it would be for.
struct environment_proxy {
    secret proxy;
    std::string fault; // a sentence; empty: none
    std::string no_proxy;
};

// common: what is said of all accounts elsewhere.
account_settings read_account(section from, const std::string& name, const account_settings& common,
                              named_files& files, const environment_proxy& environment,
                              const setting_checks& checks);

} // namespace cannedd
