// What of an account's settings a reload rebuilds its way to the API for.
#include "account_plans.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

struct reloaded {
    // Whether the API that was made for one account serves the other as well.
    bool keeps_its_api(const account_settings& before, const account_settings& after) const {
        return factory_of(after)->makes_the_same(*factory_of(before));
    }

    std::shared_ptr<const api_factory> factory_of(const account_settings& account) const {
        settings all;
        all.accounts.emplace("default", account);
        return account_plans_of(all, context.get_executor(), *time, log).front().api;
    }

    mutable asio::io_context context;
    std::unique_ptr<time_source> time = make_system_time(context.get_executor());
    mutable logger log{log_level::error, nullptr};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(account_plans_, reloaded)

BOOST_AUTO_TEST_CASE(an_api_stays_when_only_the_pace_of_its_account_changes) {
    const account_settings before;
    auto after = before;
    after.rate.requests_per_minute = 77;
    after.options.pace.burst = 1;
    after.breaker.failures = 3;
    after.expire_after = minutes(3);
    BOOST_TEST(keeps_its_api(before, after));
}

BOOST_AUTO_TEST_CASE(an_api_is_made_anew_for_another_way_there_or_another_token) {
    const account_settings before;
    auto hosts = before;
    hosts.api.origin = "https://api.example";
    BOOST_TEST(!keeps_its_api(before, hosts));
    auto login = before;
    login.login.origin = "https://login.example";
    BOOST_TEST(!keeps_its_api(before, login));
    auto token = before;
    std::get<client_credentials_grant>(token.auth.grant).client_secret = secret("another");
    BOOST_TEST(!keeps_its_api(before, token));
    auto agents = before;
    agents.auth.users["11111111-2222-3333-4444-555555555555"];
    BOOST_TEST(!keeps_its_api(before, agents));
    auto patience = before;
    patience.client.request_timeout = seconds(3);
    BOOST_TEST(!keeps_its_api(before, patience));
}

BOOST_AUTO_TEST_SUITE_END()
