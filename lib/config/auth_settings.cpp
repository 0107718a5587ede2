#include "config/auth_settings.hpp"

#include "config/faults.hpp"
#include "config/secret_shape.hpp"
#include "text/identifier.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

namespace cannedd {
namespace {

// In the order of oauth_grant's alternatives.
constexpr std::array<std::string_view, 4> grants{"client_credentials", "refresh_token", "saml2_bearer",
                                                 "private_key_jwt"};
static_assert(grants.size() == std::variant_size_v<oauth_grant>);

constexpr unsigned of_client = 1U << 0U;
constexpr unsigned of_refresh = 1U << 1U;
constexpr unsigned of_saml = 1U << 2U;
constexpr unsigned of_jwt = 1U << 3U;

oauth_grant empty_grant(std::size_t index) {
    switch (1U << index) {
    case of_refresh: return refresh_token_grant();
    case of_saml: return saml2_bearer_grant();
    case of_jwt: return private_key_jwt_grant();
    default: return client_credentials_grant();
    }
}

struct auth_key {
    std::string_view name;
    unsigned grants; // those that need it; no other takes it
};

constexpr std::array<auth_key, 9> auth_keys{{{"client_id", of_client | of_refresh | of_saml | of_jwt},
                                             {"client_secret_file", of_client | of_refresh | of_saml},
                                             {"refresh_token_file", of_refresh},
                                             {"org", of_saml},
                                             {"user", of_saml},
                                             {"audience", of_saml | of_jwt},
                                             {"private_key_file", of_saml | of_jwt},
                                             {"certificate_file", of_saml},
                                             {"key_id", of_jwt}}};

// "refresh_token", "saml2_bearer and private_key_jwt", "a, b and c".
std::string names_of(unsigned set) {
    std::vector<std::string_view> members;
    for (std::size_t i = 0; i < grants.size(); ++i)
        if ((set & (1U << i)) != 0) members.push_back(grants.at(i));
    std::string list;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (i > 0) list += i + 1 == members.size() ? " and " : ", ";
        list += members[i];
    }
    return list;
}

class auth_reader {
public:
    auth_reader(section from, named_files& files, const std::string& token_url, const setting_checks& checks)
        : from_(std::move(from)), files_(files), token_url_(token_url), checks_(checks) {}

    auth_settings read_account() {
        read_grant(of_client | of_refresh | of_saml | of_jwt);
        if (!from_.has("grant")) grant_ = 0;
        read_keys();
        read_users();
        from_.refuse_unknown_keys();
        return std::move(auth_);
    }

    auth_settings read_user() {
        read_grant(of_refresh | of_saml);
        if (!from_.has("grant")) from_.fault("needs a grant: refresh_token or saml2_bearer");
        read_keys();
        from_.refuse_unknown_keys();
        return std::move(auth_);
    }

private:
    // grant_ stays empty when the file's value will not do: then nobody can tell which keys belong.
    void read_grant(unsigned allowed) {
        const auto chosen = from_.read_choice("grant", grants);
        if (!chosen) return;
        if ((allowed & (1U << *chosen)) != 0)
            grant_ = chosen;
        else
            from_.fault("grant", "an agent speaks by a user's grant, which is one of " + names_of(allowed));
    }

    void read_keys() {
        auth_.grant = empty_grant(grant_.value_or(0));
        for (const auto& key : auth_keys) {
            const auto value = from_.read_text(key.name);
            if (!grant_) continue;
            const auto grant_name = std::string(grants.at(*grant_));
            const bool taken = (key.grants & (1U << *grant_)) != 0;
            if (taken && !from_.has(key.name))
                from_.fault("grant " + grant_name + " needs " + std::string(key.name));
            if (!taken && from_.has(key.name))
                from_.fault(key.name, "is for " + names_of(key.grants) + ", not for " + grant_name);
            if (taken && value) std::visit([&](auto& grant) { take(grant, key.name, *value); }, auth_.grant);
            credentials_read_ = credentials_read_ && taken == value.has_value();
        }
        if (grant_ && credentials_read_ && checks_.auth) {
            if (const auto fault = checks_.auth(auth_.grant)) from_.fault(*fault);
        }
    }

    // A key that the grant takes goes where the grant has it.
    template<typename Grant>
    void take(Grant& grant, std::string_view key, const std::string& value) {
        if (key == "client_id") grant.client_id = client_id_of(grant, value);
        if constexpr (requires { grant.client_secret; })
            if (key == "client_secret_file") grant.client_secret = one_line_secret(key, value);
        if constexpr (requires { grant.first_refresh_token; })
            if (key == "refresh_token_file") {
                auth_.refresh_token_file = files_.secret_path(value);
                grant.first_refresh_token = one_line_secret(key, value);
            }
        if constexpr (requires { grant.private_key_pem; })
            if (key == "private_key_file") grant.private_key_pem = private_key(value);
        if constexpr (requires { grant.certificate_pem; })
            if (key == "certificate_file") grant.certificate_pem = certificate(value);
        if constexpr (requires { grant.audience; })
            if (key == "audience") grant.audience = value;
        if constexpr (requires { grant.key_id; })
            if (key == "key_id") grant.key_id = value;
        if constexpr (requires { grant.recipient; }) {
            grant.recipient = token_url_;
            if (key == "org") grant.org = value;
            if (key == "user") grant.user = value;
        }
    }

    // Identity providers that take a client's assertion name their clients as they like; Genesys uses UUIDs.
    template<typename Grant>
    std::string client_id_of(const Grant&, const std::string& value) {
        if (!std::is_same_v<Grant, private_key_jwt_grant> && !is_uuid(value))
            from_.fault("client_id", "must be a UUID");
        else if (value.find_first_not_of("0-") == std::string::npos)
            from_.fault("client_id", "is the example's: put that of your OAuth client there (Admin, "
                                     "Integrations, OAuth)");
        return value;
    }

    secret one_line_secret(std::string_view key, const std::string& named) {
        const std::string of_secret = "the file must hold the secret alone: one line without blanks";
        const auto content = read_secret(key, named);
        if (!content) return {};
        const bool printable =
            std::all_of(content->begin(), content->end(), [](char c) { return c > ' ' && c < 0x7f; });
        if (const auto slip = slip_of_secret(*content))
            from_.fault(key, of_secret + "; " + *slip);
        else if (!printable)
            from_.fault(key, of_secret);
        return secret(*content);
    }

    std::optional<std::string> read_secret(std::string_view key, const std::string& named) {
        auto content = files_.read_secret(from_, key, named);
        if (content) auth_.secrets.push_back({.named = named, .file = files_.secret_path(named)});
        return content;
    }

    secret private_key(const std::string& named) {
        const auto content = read_secret("private_key_file", named);
        credentials_read_ = credentials_read_ && content &&
                            content->find("PRIVATE KEY-----") != content->npos &&
                            content->find("ENCRYPTED") == content->npos && !slip_of_secret(*content);
        if (!content) return {};
        if (const auto slip = slip_of_secret(*content))
            from_.fault("private_key_file",
                        "the file must hold the key alone, in PEM (-----BEGIN PRIVATE KEY-----); " + *slip);
        else if (content->find("ENCRYPTED") != std::string::npos)
            from_.fault("private_key_file",
                        "the key must be without a passphrase (openssl pkey -in KEY -out NEW)");
        else if (content->find("PRIVATE KEY-----") == std::string::npos)
            from_.fault("private_key_file",
                        "the file holds no private key in PEM (-----BEGIN PRIVATE KEY-----)");
        return secret(*content);
    }

    std::string certificate(const std::string& named) {
        auth_.certificate_file = files_.beside(named);
        auto content = files_.read_public(from_, "certificate_file", auth_.certificate_file);
        credentials_read_ =
            credentials_read_ && content && content->find("-----BEGIN CERTIFICATE-----") != content->npos;
        if (!content) return {};
        if (content->find("-----BEGIN CERTIFICATE-----") == std::string::npos)
            from_.fault("certificate_file",
                        "the file holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
        return std::move(*content);
    }

    void read_users() {
        auto users = from_.child("users");
        for (const auto& entry : users.entries()) {
            const auto agent = lower_case(entry.key);
            if (!is_uuid(agent))
                users.fault(entry.key, "must be the UUID of an agent");
            else if (auth_.users.contains(agent))
                users.fault(entry.key, "this agent is here twice, in other letter case");
            auth_.users.emplace(agent,
                                auth_reader(users.child(entry), files_, token_url_, checks_).read_user());
        }
    }

    section from_;
    named_files& files_;
    const std::string& token_url_;
    const setting_checks& checks_;
    bool credentials_read_ = true; // whole, so that the start can be asked about them
    std::optional<std::size_t> grant_;
    auth_settings auth_;
};

} // namespace

auth_settings read_auth(section from, named_files& files, const std::string& token_url,
                        const setting_checks& checks) {
    return auth_reader(std::move(from), files, token_url, checks).read_account();
}

} // namespace cannedd
