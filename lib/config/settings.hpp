// What cannedd.yaml says (README, "Configuration"): the plain settings of the rooms, as each declares its own
// with its defaults, and here only what belongs to none of them. The only place that knows YAML is
// config_tree.cpp. Every limit carries its unit in its name or type.
#pragma once

#include "delivery/settings.hpp"
#include "genesys/client_settings.hpp"
#include "log/line.hpp"
#include "net/transport_settings.hpp"
#include "oauth/oauth_grant.hpp"
#include "policy/circuit_breaker.hpp"
#include "policy/rate_settings.hpp"
#include "time/instant.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cannedd {

// A file that holds a secret: as the configuration names it, and where it was read.
struct named_secret {
    std::string named;
    std::filesystem::path file;
    bool operator==(const named_secret&) const = default;
};

// How an account, or one of its agents, gets a token.
struct auth_settings {
    oauth_grant grant;
    std::vector<named_secret> secrets;          // the files that were read for it
    std::filesystem::path refresh_token_file;   // where the first refresh token was read from
    std::filesystem::path certificate_file;     // the same of saml2_bearer's certificate
    std::map<std::string, auth_settings> users; // agent UUID, lower case -> whose token speaks for it
    bool operator==(const auth_settings&) const = default;
};

struct account_settings {
    std::string name;
    // Its API and its token service. HTTPS_PROXY and NO_PROXY are applied: they may name one of the two
    // alone.
    transport_settings api;
    transport_settings login;
    auth_settings auth;
    genesys_client_settings client;
    account_options options; // the default route is resolved from the grant when none is configured
    rate_settings rate;
    breaker_settings breaker; // `delivery` says it for all accounts, as client.request_timeout
    milliseconds expire_after = std::chrono::hours(1);
    bool operator==(const account_settings&) const = default;
};

struct settings {
    std::filesystem::path database = "/var/lib/cannedd/queue.db";
    // Empty: none. The default need not be there, one that is configured must.
    std::filesystem::path responses_file = "/etc/cannedd/responses.yaml";
    std::map<std::string, account_settings> accounts;
    delivery_options delivery;                     // with what responses_file and `retention` say
    std::string metrics_listen = "127.0.0.1:9464"; // empty: no endpoint
    bool metrics_show_texts = false;               // whether the page there shows what messages say
    log_level level = log_level::info;
    log_format format = log_format::logfmt;
    bool operator==(const settings&) const = default;
};

// A fault of the configuration. line 0: the file as a whole, or the environment.
struct config_fault {
    std::string file;
    int line = 0;
    std::string message;
    bool operator==(const config_fault&) const = default;
};

// `file:line: message`, or `file: message` without a line.
std::string to_line(const config_fault& fault);

// What the environment adds to the file.
struct config_environment {
    std::optional<std::filesystem::path> credentials_directory; // $CREDENTIALS_DIRECTORY
    std::optional<std::string> https_proxy;                     // $HTTPS_PROXY or $https_proxy
    std::optional<std::string> no_proxy;                        // $NO_PROXY or $no_proxy
};

// What only the rooms that use a value can judge: nothing when the start will take it, else the sentence.
// Empty: not asked.
struct setting_checks {
    std::function<std::optional<std::string>(const std::filesystem::path&)> ca_file;
    std::function<std::optional<std::string>(const oauth_grant&)> auth;
    bool database_directory = false; // must be there: at a start it may be mounted a moment later
};

// Reads the file and the files it names. Either settings that are complete and checked, or every fault at
// once, in the order of the lines.
std::variant<settings, std::vector<config_fault>> load_settings(const std::filesystem::path& file,
                                                                const config_environment& environment,
                                                                const setting_checks& checks = {});

} // namespace cannedd
