// The files an account's grants are made of, in a directory of the test's own, and the accounts: lines that
// name them. One OAuth client of the simulator has every grant; agents are uuid('a', n), their e-mail
// addresses agent_n@example.com, their first refresh tokens first_n.
#pragma once

#include "integration/daemon/running_daemon.hpp"

namespace cannedd {

class credentials {
public:
    credentials();

    // A plan: the client, with every grant, and agents 1 to 3; `more`: further sections.
    simulator_options org(const std::string& more = "") const;

    std::string by_secret() const; // each in braces, for auth: or a user of auth.users
    std::string by_refresh_token(int agent) const;
    std::string by_saml(int agent) const;
    std::string by_key() const;
    // {...} of by_secret() with users: added to it.
    std::string by_secret_with_users(const std::string& users) const;

    // An account named `default` of this auth.
    std::string account(const simulator& genesys, const std::string& auth,
                        const std::string& more = "") const;

private:
    std::string path(const std::string& name) const { return (files_ / name).string(); }
    std::string client() const; // id and secret, without braces
    void write_secret(const std::string& name, const std::string& text);

    temp_directory files_;
};

// Short waits, so that a test need not.
inline constexpr auto brisk = "delivery: {settle: 100ms, backoff: {base: 50ms, max: 200ms}}\n";
inline constexpr auto wide_rate = "    rate: {requests_per_minute: 6000, burst: 600}\n"
                                  "    conversation_rate: {messages_per_minute: 6000, burst: 100}\n";

// The conversation, where a test needs no more than one.
inline const auto talk = uuid('c', 1);

// INSERT of one row; values as SQL writes them.
std::string insert(const std::string& columns, const std::string& values);
std::string quoted(const std::string& text);

} // namespace cannedd
