// Access tokens: fetched once however many ask, renewed in time, and never at the price of the refresh token.
#include "component/genesys/world.hpp"

using namespace cannedd;
using namespace cannedd::testing;

namespace {

const std::string token_call = "POST /oauth/token";

std::string token_json(const std::string& access, int expires_in = 86400, const std::string& refresh = "") {
    return R"({"access_token":")" + access + R"(","token_type":"bearer","expires_in":)" +
           std::to_string(expires_in) + (refresh.empty() ? "" : R"(,"refresh_token":")" + refresh + "\"") +
           "}";
}

// What is on the disk, and whether it can be written to.
struct memory_store final : refresh_token_store {
    struct disk {
        std::vector<std::string> kept; // likeliest first
        bool broken = false;
        std::vector<std::string> history;
    };
    explicit memory_store(disk& on) : on_(on) {}
    std::vector<secret> load() override {
        std::vector<secret> found;
        for (const auto& one : on_.kept)
            found.emplace_back(one);
        return found;
    }
    std::optional<std::string> save(const secret& token) override {
        if (on_.broken) return "the disk is full";
        on_.kept = {token.reveal()};
        on_.history.push_back(token.reveal());
        return std::nullopt;
    }
    disk& on_;
};

struct token_world : world {
    void use(oauth_grant grant, std::unique_ptr<refresh_token_store> store = nullptr) {
        token_settings settings;
        settings.grant = std::move(grant);
        settings.account = "default";
        provider = make_oauth_token_provider(login, time, log, std::move(settings), std::move(store));
    }
    void use_client_credentials() {
        client_credentials_grant grant;
        grant.client_id = "client-1";
        grant.client_secret = secret("hush-hush");
        use(grant);
    }
    void use_refresh_token(const std::string& configured) {
        refresh_token_grant grant;
        grant.client_id = "client-1";
        grant.client_secret = secret("hush-hush");
        grant.first_refresh_token = secret(configured);
        use(grant, std::make_unique<memory_store>(disk));
    }
    api_result<secret> token() { return run_ready(provider->token("")); }
    std::string value() { return token().value().reveal(); }

    // Without letting time go on.
    api_result<secret> run_ready(asio::awaitable<api_result<secret>> work) {
        std::optional<api_result<secret>> value;
        asio::co_spawn(context, std::move(work), [&](std::exception_ptr e, api_result<secret> result) {
            if (e) std::rethrow_exception(e);
            value = std::move(result);
        });
        time.run_until(time.steady() + login.latency);
        if (!value) throw std::logic_error("the provider has not answered");
        return *value;
    }
    std::vector<std::string> refresh_tokens_sent() const {
        std::vector<std::string> all;
        for (const auto& request : login.seen)
            all.push_back(request.body.substr(request.body.rfind('=') + 1));
        return all;
    }

    memory_store::disk disk;
    std::unique_ptr<token_provider> provider;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(token_provider_, token_world)

BOOST_AUTO_TEST_CASE(a_token_is_fetched_once_and_kept) {
    use_client_credentials();
    login.on(token_call, 200, token_json("t1"));
    BOOST_TEST(value() == "t1");
    BOOST_TEST(value() == "t1");
    BOOST_TEST(login.seen.size() == 1U);
    BOOST_TEST((login.deadlines.front() == time.steady() + seconds(10)));
}

BOOST_AUTO_TEST_CASE(many_who_ask_at_once_share_one_request_and_its_answer) {
    for (const bool succeeds : {true, false}) {
        use_client_credentials();
        login.seen.clear();
        login.forget(token_call);
        login.latency = seconds(1);
        if (succeeds)
            login.on(token_call, 200, token_json("t1"));
        else
            login.on(token_call, broken(phase::not_connected, transport_fault::dns));
        std::vector<api_result<secret>> answers;
        for (int i = 0; i < 50; ++i)
            asio::co_spawn(context, provider->token(""),
                           [&](std::exception_ptr e, api_result<secret> result) {
                               BOOST_TEST(!e);
                               answers.push_back(std::move(result));
                           });
        time.run_for(seconds(2));
        BOOST_TEST(answers.size() == 50U);
        BOOST_TEST(login.seen.size() == 1U);
        for (const auto& one : answers)
            BOOST_TEST(one.has_value() == succeeds);
    }
}

BOOST_AUTO_TEST_CASE(nobody_waits_on_when_the_request_ends_by_an_exception) {
    use_client_credentials();
    login.latency = seconds(1); // no answer is scripted: the transport throws
    int thrown = 0, setbacks = 0;
    for (int i = 0; i < 3; ++i)
        asio::co_spawn(context, provider->token(""), [&](std::exception_ptr e, api_result<secret> result) {
            if (e)
                ++thrown;
            else if (result.has_error())
                ++setbacks;
        });
    time.run_for(seconds(2));
    BOOST_TEST(thrown == 1);
    BOOST_TEST(setbacks == 2);
}

BOOST_AUTO_TEST_CASE(a_token_is_renewed_before_it_expires_and_a_short_lived_one_is_no_busy_loop) {
    struct {
        int expires_in;
        int renewed_after;
    } table[] = {{86400, 77760}, {1000, 900}, {300, 240}, {100, 50}, {10, 5}, {1, 1}, {0, 1}};
    for (const auto& row : table) {
        BOOST_TEST_CONTEXT("expires_in " << row.expires_in) {
            use_client_credentials();
            login.forget(token_call);
            login.on(token_call, 200, token_json("t1", row.expires_in));
            login.on(token_call, 200, token_json("t2", row.expires_in));
            BOOST_TEST(value() == "t1");
            time.run_for(seconds(row.renewed_after) - milliseconds(600));
            BOOST_TEST(value() == "t1");
            time.run_for(milliseconds(600));
            BOOST_TEST(value() == "t2");
        }
    }
}

BOOST_AUTO_TEST_CASE(the_old_token_is_used_while_it_lives_when_it_cannot_be_renewed) {
    use_client_credentials();
    login.on(token_call, 200, token_json("t1", 600));
    login.on(token_call, 503, "");
    BOOST_TEST(value() == "t1");
    time.run_for(seconds(545));
    BOOST_TEST(value() == "t1");
    BOOST_TEST(value() == "t1");
    BOOST_TEST(login.seen.size() == 2U); // the login service is left alone for a while
    time.run_for(seconds(60));
    BOOST_TEST(token().error().facts.http_status == 503);
}

BOOST_AUTO_TEST_CASE(a_renewal_that_is_told_to_wait_waits_while_the_old_token_lives) {
    use_client_credentials();
    login.on(token_call, 200, token_json("t1", 600));
    login.on(token_call, answer(429, "", {{"Retry-After", "20"}}));
    login.on(token_call, 200, token_json("t2", 600));
    BOOST_TEST(value() == "t1");
    time.run_for(seconds(545));
    for (int i = 0; i < 3; ++i, time.run_for(seconds(6)))
        BOOST_TEST(value() == "t1");
    BOOST_TEST(login.seen.size() == 2U);
    time.run_for(seconds(5));
    BOOST_TEST(value() == "t2");
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_fetched_anew_but_only_when_it_is_still_the_current_one) {
    use_client_credentials();
    login.on(token_call, 200, token_json("t1"));
    login.on(token_call, 200, token_json("t2"));
    BOOST_TEST(value() == "t1");
    provider->refused(secret("t1"));
    BOOST_TEST(value() == "t2");
    provider->refused(secret("t1"));
    BOOST_TEST(value() == "t2");
    BOOST_TEST(login.seen.size() == 2U);
}

BOOST_AUTO_TEST_CASE(every_4xx_but_408_and_429_is_the_configurations_fault) {
    struct {
        int status;
        bool permanent;
    } table[] = {{400, true},  {401, true},  {403, true},  {404, true},
                 {408, false}, {429, false}, {500, false}, {503, false}};
    for (const auto& row : table) {
        use_client_credentials();
        login.forget(token_call);
        login.on(token_call, row.status, R"({"error":"invalid_client","description":"client not found"})");
        const auto why = token().error();
        BOOST_TEST((why.reason == errc::invalid_client) == row.permanent, row.status);
        BOOST_TEST(why.facts.http_status == row.status);
        if (row.permanent) {
            BOOST_TEST(why.detail.find("client-1") != std::string::npos);
            BOOST_TEST(why.detail.find("client_secret_file") != std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_page_of_an_edge_is_no_refusal_of_the_client) {
    for (const int status : {400, 401, 403, 404, 407})
        for (const auto* page : {"<html>blocked</html>", "", R"({"error":"not found"})"}) {
            use_client_credentials();
            login.forget(token_call);
            login.on(token_call, status, page);
            BOOST_TEST(!token().error().reason.has_value(), status << page);
        }
}

BOOST_AUTO_TEST_CASE(a_service_in_trouble_refuses_nobody) {
    for (const auto* said : {"server_error", "temporarily_unavailable"}) {
        use_client_credentials();
        login.forget(token_call);
        login.on(token_call, 400, std::string(R"({"error":")") + said + R"("})");
        BOOST_TEST(!token().error().reason.has_value(), said);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_token_is_no_token) {
    for (const auto* body :
         {"", "<html>", "{}", R"({"access_token":""})", R"({"access_token":null})", "[]"}) {
        use_client_credentials();
        login.forget(token_call);
        login.on(token_call, 200, body);
        const auto got = token();
        BOOST_REQUIRE(got.has_error());
        BOOST_TEST(!got.error().reason.has_value());
        BOOST_TEST(!got.error().facts.reply_whole);
    }
}

BOOST_AUTO_TEST_CASE(a_token_service_that_is_slow_down_or_throttling_is_a_fact_not_a_reason) {
    use_client_credentials();
    login.on(token_call, answer(429, "", {{"Retry-After", "7"}}));
    BOOST_TEST(token().error().facts.retry_after.value().count() == 7);
    for (const auto fault : {transport_fault::dns, transport_fault::tls, transport_fault::timeout}) {
        login.forget(token_call);
        login.on(token_call, broken(phase::not_connected, fault));
        const auto why = token().error();
        BOOST_TEST(!why.reason.has_value());
        BOOST_TEST((why.facts.fault == fault));
    }
}

BOOST_AUTO_TEST_CASE(neither_log_nor_error_shows_a_secret_that_the_server_echoes) {
    use_refresh_token("refresh-0001");
    login.on(
        token_call, 400,
        R"({"error":"invalid_grant","description":"refresh-0001 of hush-hush is void: Y2xpZW50LTE6aHVzaC1odXNo"
})");
    const auto why = token().error();
    const auto seen = why.detail + why.facts.detail + all_logs();
    for (const auto* hidden : {"refresh-0001", "hush-hush", "Y2xpZW50LTE6aHVzaC1odXNo"})
        BOOST_TEST(seen.find(hidden) == std::string::npos, seen);
}

BOOST_AUTO_TEST_CASE(a_new_refresh_token_is_on_disk_before_the_access_token_is_used) {
    use_refresh_token("first");
    login.on(token_call, 200, token_json("t1", 86400, "second"));
    login.on(token_call, 200, token_json("t2", 86400, "third"));
    BOOST_TEST(value() == "t1");
    BOOST_TEST(disk.kept.front() == "second");
    provider->refused(secret("t1"));
    BOOST_TEST(value() == "t2");
    BOOST_TEST(refresh_tokens_sent() == (std::vector<std::string>{"first", "second"}),
               boost::test_tools::per_element());
    BOOST_TEST(disk.kept.front() == "third");
}

BOOST_AUTO_TEST_CASE(a_refresh_token_that_is_not_replaced_is_kept_too) {
    use_refresh_token("first");
    login.on(token_call, 200, token_json("t1"));
    BOOST_TEST(value() == "t1");
    provider->refused(secret("t1"));
    BOOST_TEST(value() == "t1");
    BOOST_TEST(disk.history == (std::vector<std::string>{"first"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(after_a_restart_the_stored_refresh_token_comes_first) {
    disk.kept = {"stored"};
    use_refresh_token("configured");
    login.on(token_call, 200, token_json("t1"));
    BOOST_TEST(value() == "t1");
    BOOST_TEST(refresh_tokens_sent().front() == "stored");
}

BOOST_AUTO_TEST_CASE(both_tokens_of_an_interrupted_replacement_are_tried_then_the_configured_one) {
    disk.kept = {"newer", "older"};
    use_refresh_token("configured");
    login.on(token_call, 400, R"({"error":"invalid_grant"})");
    login.on(token_call, 400, R"({"error":"invalid_grant"})");
    login.on(token_call, 200, token_json("t1", 86400, "fresh"));
    BOOST_TEST(value() == "t1");
    BOOST_TEST(refresh_tokens_sent() == (std::vector<std::string>{"newer", "older", "configured"}),
               boost::test_tools::per_element());
    BOOST_TEST(disk.kept == (std::vector<std::string>{"fresh"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_network_failure_is_no_reason_to_try_an_older_refresh_token) {
    disk.kept = {"stored"};
    use_refresh_token("configured");
    login.on(token_call, broken(phase::written, transport_fault::timeout));
    BOOST_TEST(token().has_error());
    BOOST_TEST(login.seen.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_disk_that_refuses_the_new_refresh_token_stops_nothing_and_is_said_aloud) {
    disk.broken = true;
    use_refresh_token("first");
    login.on(token_call, 200, token_json("t1", 86400, "second"));
    login.on(token_call, 200, token_json("t2", 86400, "third"));
    BOOST_TEST(value() == "t1");
    BOOST_TEST(all_logs().find("the disk is full") != std::string::npos);
    provider->refused(secret("t1"));
    disk.broken = false;
    BOOST_TEST(value() == "t2");
    BOOST_TEST(refresh_tokens_sent().back() == "second");
    BOOST_TEST(disk.kept.front() == "third");
}

BOOST_AUTO_TEST_CASE(without_any_refresh_token_nothing_is_asked) {
    use_refresh_token("");
    BOOST_TEST((token().error().reason == errc::invalid_client));
    BOOST_TEST(login.seen.empty());
}

BOOST_AUTO_TEST_CASE(a_key_that_cannot_sign_is_the_configurations_fault) {
    use(private_key_jwt_grant());
    BOOST_TEST((token().error().reason == errc::invalid_client));
    use(saml2_bearer_grant());
    BOOST_TEST((token().error().reason == errc::invalid_client));
    BOOST_TEST(login.seen.empty());
}

BOOST_AUTO_TEST_CASE(each_agent_speaks_with_a_token_of_its_own) {
    const auto fixed = [&](const std::string& name, bool users) {
        token_settings settings;
        client_credentials_grant client;
        client.client_id = name;
        refresh_token_grant user;
        user.client_id = name;
        user.first_refresh_token = secret(name);
        settings.grant = client;
        if (users) settings.grant = user;
        return make_oauth_token_provider(login, time, log, settings, nullptr);
    };
    const auto build = [&](bool own_is_users) {
        std::map<std::string, std::unique_ptr<token_provider>> agents;
        agents["ada"] = fixed("ada", true);
        provider = make_agents_token_provider("default", fixed("own", own_is_users), std::move(agents));
    };
    build(false);
    login.on(token_call, 200, token_json("t-ada"));
    login.on(token_call, 200, token_json("t-own"));
    BOOST_TEST(run_ready(provider->token("ada")).value().reveal() == "t-ada");
    BOOST_TEST(run_ready(provider->token("")).value().reveal() == "t-own");
    const auto nobody = run_ready(provider->token("eve")).error();
    BOOST_TEST((nobody.reason == errc::not_a_user));
    BOOST_TEST(nobody.detail.find("auth.users") != std::string::npos);
    BOOST_TEST(nobody.detail.find("eve") != std::string::npos);
    BOOST_TEST(provider->is_users("ada"));
    BOOST_TEST(!provider->is_users(""));
    BOOST_TEST(provider->is_agents_own("ada"));
    BOOST_TEST(!provider->is_agents_own(""));
    BOOST_TEST(!provider->is_agents_own("eve"));
    build(true);
    BOOST_TEST(run_ready(provider->token("eve")).value().reveal() == "t-own");
}

BOOST_AUTO_TEST_CASE(a_setback_says_whether_the_token_was_one_agents_own) {
    const auto refused_for = [&](const std::string& agent) {
        client_credentials_grant own;
        own.client_id = "own";
        refresh_token_grant user;
        user.client_id = "ada";
        user.first_refresh_token = secret("void");
        token_settings of_account, of_agent;
        of_account.grant = own;
        of_agent.grant = user;
        std::map<std::string, std::unique_ptr<token_provider>> agents;
        agents["ada"] = make_oauth_token_provider(login, time, log, of_agent);
        provider = make_agents_token_provider(
            "default", make_oauth_token_provider(login, time, log, of_account), std::move(agents));
        login.on(token_call, 400, R"({"error":"invalid_grant"})");
        return run_ready(provider->token(agent)).error();
    };
    const auto agents = refused_for("ada");
    BOOST_TEST((agents.reason == errc::invalid_client));
    BOOST_TEST(agents.facts.agents_own);
    BOOST_TEST(!refused_for("").facts.agents_own);
    BOOST_TEST(refused_for("eve").facts.agents_own); // has none: nobody else is concerned
}

BOOST_AUTO_TEST_SUITE_END()
