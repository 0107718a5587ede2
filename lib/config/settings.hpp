// What cannedd.yaml says, as plain structs with their defaults (README, "Configuration"). The only place that
// knows YAML is the .cpp beside it. Every limit carries its unit in its name or type.
#pragma once

#include "log/line.hpp"
#include "log/secret.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cannedd {

enum class auth_grant : std::uint8_t { client_credentials, refresh_token, saml2_bearer, private_key_jwt };

struct auth_settings {
    auth_grant grant = auth_grant::client_credentials;
    std::string client_id;
    secret client_secret;                     // read from client_secret_file
    std::filesystem::path refresh_token_file; // refresh_token: the first one
    secret refresh_token;                     // read from it
    std::string org;                          // saml2_bearer
    std::string user;                         // saml2_bearer
    std::string audience;                     // saml2_bearer, private_key_jwt
    std::filesystem::path private_key_file;
    secret private_key_pem; // read from it
    std::filesystem::path certificate_file;
    std::string certificate_pem;                // read from it
    std::string key_id;                         // private_key_jwt
    std::map<std::string, auth_settings> users; // agent UUID, lower case -> whose token speaks for it
    bool operator==(const auth_settings&) const = default;
};

struct account_settings {
    std::string name;
    std::string api_url;   // https://api.<domain>, or as configured
    std::string login_url; // https://login.<domain>
    std::filesystem::path ca_file = "/etc/ssl/certs/ca-certificates.crt";
    std::string proxy; // http://host:port, empty: none; HTTPS_PROXY and NO_PROXY are already applied here
    std::string login_proxy; // the same for login_url: NO_PROXY may name one of the two hosts alone
    std::string route; // message | agentless | chat | tutorial; resolved from the grant when not configured
    auth_settings auth;
    int requests_per_minute = 300; // 1..100000
    int burst = 20;                // 1..requests_per_minute
    double reserve = 0.0;          // 0 <= reserve < 1: share of the server's budget left to others
    int conversation_messages_per_minute = 60;
    int conversation_burst = 5;
    int connections = 8; // 1..256
    std::chrono::milliseconds expire_after = std::chrono::hours(1);
    std::chrono::milliseconds resolve_cache = std::chrono::seconds(30);
    bool operator==(const account_settings&) const = default;
};

enum class unconfirmed_policy : std::uint8_t { verify, hold, resend };

struct delivery_settings {
    int attempts = 8; // 1..100
    std::chrono::milliseconds backoff_base = std::chrono::seconds(1);
    std::chrono::milliseconds backoff_max = std::chrono::minutes(5);
    int breaker_failures = 10;
    std::chrono::milliseconds breaker_cool_off = std::chrono::seconds(5); // doubles to 1 m at most
    std::chrono::milliseconds request_timeout = std::chrono::seconds(10);
    int drain_seconds = 25;
    unconfirmed_policy unconfirmed = unconfirmed_policy::verify;
    std::chrono::milliseconds settle = std::chrono::seconds(2);
    bool follow_status = false;
    bool operator==(const delivery_settings&) const = default;
};

struct retention_settings {
    std::chrono::milliseconds sent = std::chrono::hours(24 * 7);
    std::chrono::milliseconds failed = std::chrono::hours(24 * 30);
    std::chrono::milliseconds attempts = std::chrono::hours(24 * 30);
    bool operator==(const retention_settings&) const = default;
};

struct settings {
    std::filesystem::path database = "/var/lib/cannedd/queue.db";
    // Empty: none. The default need not be there, one that is configured must.
    std::filesystem::path responses_file = "/etc/cannedd/responses.yaml";
    std::map<std::string, std::string> responses; // name -> text, read from it
    std::map<std::string, account_settings> accounts;
    delivery_settings delivery;
    retention_settings retention;
    std::string metrics_listen = "127.0.0.1:9464"; // empty: no endpoint
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
    std::function<std::optional<std::string>(const std::string& url)> origin;
    std::function<std::optional<std::string>(const std::string& url)> proxy;
    std::function<std::optional<std::string>(const auth_settings&)> auth;
};

// Reads the file and the files it names. Either settings that are complete and checked, or every fault at
// once, in the order of the lines.
std::variant<settings, std::vector<config_fault>> load_settings(const std::filesystem::path& file,
                                                                const config_environment& environment,
                                                                const setting_checks& checks = {});

} // namespace cannedd
