#include "oauth/oauth_token_provider.hpp"

#include "log/logger.hpp"
#include "oauth/reply_facts.hpp"
#include "oauth/token_reply.hpp"
#include "oauth/token_request.hpp"
#include "time/flight.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <exception>
#include <vector>

namespace cannedd {
namespace {

struct access_token {
    secret value;
    steady_time renew_at;
    steady_time expires_at;
};

// Renewed when a tenth of its life, but no less than a minute, is left; a short-lived one at half its life.
steady_duration margin_of(seconds lifetime) {
    const steady_duration life = lifetime;
    return std::min<steady_duration>(life / 2, std::max<steady_duration>(life / 10, minutes(1)));
}

std::string random_id() {
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("no random numbers");
    constexpr std::string_view hex = "0123456789abcdef";
    std::string id;
    for (const auto byte : bytes) {
        id += hex[byte >> 4];
        id += hex[byte & 15U];
    }
    return id;
}

// A 4xx of the service's own, unless it says of itself that it is in trouble (RFC 6749, 4.1.2.1).
bool is_refusal(const request_facts& facts) {
    const int status = facts.http_status;
    const bool own = facts.fault == transport_fault::none && !facts.not_the_apis;
    const bool passes = status == 408 || status == 429 || facts.api_code == "server_error" ||
                        facts.api_code == "temporarily_unavailable";
    return own && status >= 400 && status < 500 && !passes;
}

// What to do when the token service says no, by grant.
struct advice {
    const char* operator()(const client_credentials_grant&) const {
        return "check client_id, client_secret_file and region, and that the OAuth client is of the kind "
               "Client "
               "Credentials and not inactive";
    }
    const char* operator()(const refresh_token_grant&) const {
        return "authorise the user again and put the new refresh token into refresh_token_file; check "
               "client_id and "
               "client_secret_file";
    }
    const char* operator()(const saml2_bearer_grant&) const {
        return "check org, user and audience, that the certificate is registered in the org's single sign-on "
               "settings, "
               "and that the clock is right";
    }
    const char* operator()(const private_key_jwt_grant&) const {
        return "check client_id, audience and key_id, and that the public key is registered with the token "
               "service";
    }
};

class oauth_token_provider final : public token_provider {
public:
    oauth_token_provider(http_transport& login, time_source& time, logger& log, token_settings settings,
                         std::unique_ptr<refresh_token_store> store)
        : login_(login), time_(time), log_(log), settings_(std::move(settings)), store_(std::move(store)) {}

    asio::awaitable<api_result<secret>> token(std::string) override {
        if (current_ && time_.steady() < current_->renew_at) co_return current_->value;
        if (renewal_) co_return co_await join(renewal_);
        const auto mine = std::make_shared<renewal>();
        renewal_ = mine;
        std::exception_ptr broken;
        try {
            mine->outcome = co_await renew();
        } catch (...) {
            broken = std::current_exception();
        }
        // However the flight ended, nobody waits on.
        renewal_.reset();
        mine->under_way.land();
        if (broken) std::rethrow_exception(broken);
        co_return *mine->outcome;
    }

    void refused(const secret& token) override {
        if (current_ && current_->value == token) current_.reset();
    }

    bool is_users(const std::string&) const override { return is_users_grant(settings_.grant); }
    void hide_in(scrubber& all) const override {
        if (!known_) known_ = secrets_known();
        all.hide(known_);
    }
    // Whose it is, know those who have several.
    bool is_agents_own(const std::string&) const override { return false; }

private:
    std::shared_ptr<const scrubber> secrets_known() const {
        auto all = std::make_shared<scrubber>();
        for (const auto& one : secrets_of(settings_.grant))
            all->hide_lines(one);
        all->hide(newest_);
        if (current_) all->hide(current_->value);
        return all;
    }

    // One request for a token and all who wait for it.
    struct renewal {
        std::optional<api_result<secret>> outcome;
        flight under_way;
    };

    asio::awaitable<api_result<secret>> join(std::shared_ptr<renewal> other) {
        co_await other->under_way.wait(time_);
        if (other->outcome) co_return *other->outcome;
        request_facts facts;
        facts.fault = transport_fault::connect;
        facts.detail = "the request for an access token was given up";
        co_return setback(std::move(facts));
    }

    asio::awaitable<api_result<secret>> renew() {
        auto fetched = co_await fetch();
        if (fetched.has_value()) co_return fetched;
        // A token that is merely due for renewal is good until it expires.
        const auto now = time_.steady();
        if (!current_ || now >= current_->expires_at) co_return fetched;
        const auto pause = std::max(seconds(5), fetched.error().facts.retry_after.value_or(seconds(0)));
        current_->renew_at = std::min<steady_time>(now + pause, current_->expires_at);
        log_.warning("access token could not be renewed; the old one is used until it expires",
                     {{"account", settings_.account}, {"detail", fetched.error().detail}});
        co_return current_->value;
    }

    asio::awaitable<api_result<secret>> fetch() {
        const auto* grant = std::get_if<refresh_token_grant>(&settings_.grant);
        if (grant == nullptr) co_return co_await request(secret());
        const auto candidates = refresh_tokens(*grant);
        api_result<secret> last = no_refresh_token();
        for (const auto& candidate : candidates) {
            last = co_await request(candidate);
            const bool refused = last.has_error() && last.error().reason == errc::invalid_client;
            if (!refused) break;
        }
        co_return last;
    }

    // Likeliest first: the newest in memory, those in the store, and the configured one, which an operator
    // may have put there because all others are void.
    std::vector<secret> refresh_tokens(const refresh_token_grant& grant) {
        std::vector<secret> found;
        const auto add = [&](const secret& token) {
            if (!token.empty() && std::find(found.begin(), found.end(), token) == found.end())
                found.push_back(token);
        };
        add(newest_);
        if (store_)
            for (const auto& token : store_->load())
                add(token);
        add(grant.first_refresh_token);
        return found;
    }

    static setback no_refresh_token() {
        return setback(errc::invalid_client,
                       "there is no refresh token: put the first one into refresh_token_file");
    }

    asio::awaitable<api_result<secret>> request(secret refresh_token) {
        auto built = token_request(settings_.grant, refresh_token, time_.wall(), random_id());
        if (built.has_error()) co_return setback(built.error().code, built.error().detail);
        const auto begun = time_.steady();
        auto asked = std::move(*built);
        auto unseen = hidden(refresh_token);
        unseen.hide(assertion_in(asked));
        const auto exchange = co_await login_.exchange(std::move(asked), begun + settings_.request_timeout);
        const auto body = parse_answer(exchange.reply.body);
        auto facts = facts_of(exchange, body, due_body::token, unseen, time_.wall());
        if (settings_.answered) settings_.answered(facts);
        if (!facts.detail.empty()) facts.detail = "no access token: " + facts.detail;
        const int status = facts.http_status;
        if (is_refusal(facts)) co_return refusal(std::move(facts));
        if (!facts.reply_whole || status != 200) co_return failed(std::move(facts));
        const auto reply = read_token_reply(body);
        if (!reply) {
            facts.reply_whole = false;
            facts.detail = "no access token: the token service's answer does not hold one";
            co_return failed(std::move(facts));
        }
        co_return accept(*reply, refresh_token, begun);
    }

    secret accept(const token_reply& reply, const secret& used, steady_time begun) {
        if (std::holds_alternative<refresh_token_grant>(settings_.grant))
            keep(reply.refresh.empty() ? used : reply.refresh);
        const auto expires = begun + reply.lifetime;
        current_ = access_token{reply.access, expires - margin_of(reply.lifetime), expires};
        known_.reset();
        log_.info("access token obtained",
                  {{"account", settings_.account}, {"expires_in_s", reply.lifetime.count()}});
        return reply.access;
    }

    // On disk before anything is done with the access token: the server may have voided the old refresh token
    // already.
    void keep(const secret& token) {
        newest_ = token;
        known_.reset();
        if (!store_) return;
        const auto kept = store_->load();
        if (kept.size() == 1 && kept.front() == token) return;
        if (const auto wrong = store_->save(token))
            log_.error("refresh token is not safe", {{"account", settings_.account}, {"detail", *wrong}});
    }

    setback refusal(request_facts facts) const {
        setback why(errc::invalid_client, "the token service refused client " +
                                              client_id_of(settings_.grant) + " (" + facts.detail +
                                              "): " + std::visit(advice(), settings_.grant));
        why.facts = std::move(facts);
        return why;
    }

    static setback failed(request_facts facts) {
        setback why(std::move(facts));
        why.detail = why.facts.detail;
        return why;
    }

    scrubber hidden(const secret& refresh_token) const {
        scrubber all;
        hide_in(all);
        all.hide(refresh_token);
        return all;
    }

    http_transport& login_;
    time_source& time_;
    logger& log_;
    token_settings settings_;
    std::unique_ptr<refresh_token_store> store_;
    secret newest_;
    std::optional<access_token> current_;
    mutable std::shared_ptr<const scrubber> known_; // nothing: a secret has changed since
    std::shared_ptr<renewal> renewal_;
};

} // namespace

std::unique_ptr<token_provider> make_oauth_token_provider(http_transport& login, time_source& time,
                                                          logger& log, token_settings settings,
                                                          std::unique_ptr<refresh_token_store> store) {
    return std::make_unique<oauth_token_provider>(login, time, log, std::move(settings), std::move(store));
}

} // namespace cannedd
