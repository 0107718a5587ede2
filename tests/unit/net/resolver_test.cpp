// On virtual time: how long addresses live, and who waits for DNS how long.
#include "net/resolver.hpp"
#include "net/spawn.hpp"
#include "time/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

asio::ip::tcp::endpoint endpoint(const char* address) {
    return {asio::ip::make_address(address), 443};
}

// Answers when the test says so.
class slow_lookup final : public name_lookup {
public:
    explicit slow_lookup(virtual_time& time) : answered_(time.make_alarm()) {}
    asio::awaitable<resolution> look_up(std::string host, std::uint16_t) override {
        ++asked;
        host_ = std::move(host);
        co_await answered_->wait_until(steady_time::max());
        co_return answer_;
    }
    void answer(address_list addresses) { finish(std::move(addresses), ""); }
    void fail(std::string why) { finish({}, std::move(why)); }
    int asked = 0;

private:
    void finish(address_list addresses, std::string why) {
        answer_.addresses = std::move(addresses);
        answer_.detail = std::move(why);
        answered_->ring();
    }
    std::unique_ptr<cannedd::alarm> answered_;
    std::string host_;
    resolution answer_;
};

resolver_settings settings_for(const std::string& host) {
    resolver_settings settings;
    settings.host = host;
    settings.port = 443;
    settings.ttl = seconds(30);
    settings.timeout = seconds(4);
    return settings;
}

struct world {
    explicit world(const std::string& host = "api.example")
        : lookup(std::make_shared<slow_lookup>(time))
        , names(io.get_executor(), time, log, lookup, settings_for(host)) {}

    ~world() {
        lookup->fail("the test is over");
        settle();
    }

    struct question {
        bool answered = false;
        resolution answer;
    };
    static asio::awaitable<void> ask_one(resolver& names, steady_time deadline,
                                         std::shared_ptr<question> asked) {
        asked->answer = co_await names.resolve(deadline);
        asked->answered = true;
    }
    std::shared_ptr<question> ask(steady_duration patience = seconds(60)) {
        auto asked = std::make_shared<question>();
        spawn(io.get_executor(), ask_one(names, time.steady() + patience, asked));
        time.run_for(milliseconds(0));
        return asked;
    }
    void settle() { time.run_for(milliseconds(0)); }

    asio::io_context io;
    virtual_time time{io};
    int warnings = 0;
    logger log{log_level::warning, [this](const log_record&) { ++warnings; }};
    std::shared_ptr<slow_lookup> lookup;
    resolver names;
};

} // namespace

BOOST_AUTO_TEST_CASE(an_address_is_never_looked_up) {
    for (const auto* host : {"192.0.2.1", "2001:db8::1"}) {
        world w(host);
        const auto asked = w.ask();
        BOOST_TEST(asked->answered);
        BOOST_TEST((asked->answer.addresses == address_list{endpoint(host)}));
        BOOST_TEST(w.lookup->asked == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_name_is_looked_up_once_for_all_who_wait_and_remembered_for_its_time) {
    world w;
    const auto first = w.ask();
    const auto second = w.ask();
    BOOST_TEST(!first->answered);
    w.lookup->answer({endpoint("192.0.2.1"), endpoint("192.0.2.2")});
    w.settle();
    BOOST_TEST((first->answered && second->answered));
    BOOST_TEST(second->answer.addresses.size() == 2U);
    w.time.run_for(seconds(29));
    BOOST_TEST(w.ask()->answered);
    BOOST_TEST(w.lookup->asked == 1);
    w.time.run_for(seconds(1));
    const auto later = w.ask();
    BOOST_TEST(!later->answered);
    BOOST_TEST(w.lookup->asked == 2);
    w.lookup->answer({endpoint("192.0.2.3")});
    w.settle();
    BOOST_TEST((later->answer.addresses == address_list{endpoint("192.0.2.3")}));
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_dns_beyond_its_bound) {
    world w;
    const auto asked = w.ask();
    w.time.run_for(milliseconds(3999));
    BOOST_TEST(!asked->answered);
    w.time.run_for(milliseconds(1));
    BOOST_TEST(asked->answered);
    BOOST_TEST(asked->answer.addresses.empty());
    BOOST_TEST(asked->answer.detail == "the name api.example was not resolved: DNS did not answer in time");
    const auto next = w.ask(seconds(1)); // the look-up still hangs: no second one is begun
    w.time.run_for(seconds(1));
    BOOST_TEST(next->answered);
    BOOST_TEST(w.lookup->asked == 1);
    w.lookup->answer({endpoint("192.0.2.1")});
    w.settle();
    BOOST_TEST(w.ask()->answer.addresses.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_failed_look_up_is_told_in_the_systems_words_and_tried_again) {
    world w;
    const auto asked = w.ask();
    w.lookup->fail("Host not found");
    w.settle();
    BOOST_TEST(asked->answer.detail == "the name api.example was not resolved: Host not found");
    w.ask();
    BOOST_TEST(w.lookup->asked == 2);
}

BOOST_AUTO_TEST_CASE(old_addresses_serve_while_dns_fails) {
    world w;
    w.ask();
    w.lookup->answer({endpoint("192.0.2.1")});
    w.time.run_for(seconds(31));
    const auto asked = w.ask();
    w.lookup->fail("Temporary failure");
    w.settle();
    BOOST_TEST(asked->answer.addresses.size() == 1U);
    BOOST_TEST(w.warnings == 1);
    BOOST_TEST(w.ask()->answered); // for some seconds DNS is left alone
    BOOST_TEST(w.lookup->asked == 2);
    w.time.run_for(seconds(5));
    w.ask();
    BOOST_TEST(w.lookup->asked == 3);
}

BOOST_AUTO_TEST_CASE(old_addresses_serve_while_dns_hangs_and_only_the_first_waits) {
    world w;
    w.ask();
    w.lookup->answer({endpoint("192.0.2.1")});
    w.time.run_for(seconds(31));
    const auto first = w.ask();
    w.time.run_for(seconds(4));
    BOOST_TEST(first->answered);
    BOOST_TEST(first->answer.addresses.size() == 1U);
    BOOST_TEST(w.ask()->answered);
    BOOST_TEST(w.lookup->asked == 2);
}

BOOST_AUTO_TEST_CASE(the_address_that_answered_comes_first) {
    world w;
    w.ask();
    w.lookup->answer({endpoint("192.0.2.1"), endpoint("192.0.2.2"), endpoint("192.0.2.3")});
    w.settle();
    w.names.prefer(endpoint("192.0.2.2"));
    const address_list expected{endpoint("192.0.2.2"), endpoint("192.0.2.1"), endpoint("192.0.2.3")};
    BOOST_TEST((w.ask()->answer.addresses == expected));
}
