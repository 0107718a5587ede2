// On virtual time, with connections that only remember: who gets a place, and how long an idle connection is
// kept.
#include "net/pool.hpp"
#include "net/spawn.hpp"
#include "time/virtual_time.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

struct fate {
    bool goodbye = false;
    bool destroyed = false;
    bool quiet = true;
};

class fake_connection final : public connection {
public:
    explicit fake_connection(fate& f) : fate_(f) {}
    ~fake_connection() override { fate_.destroyed = true; }
    void expires_at(steady_time) override {}
    void expires_never() override {}
    bool expired() const override { return false; }
    asio::awaitable<transfer> write(std::string_view) override { co_return transfer(); }
    asio::awaitable<transfer> read_some(std::span<char>) override { co_return transfer(); }
    bool quiet() override { return fate_.quiet; }
    asio::awaitable<void> goodbye() override {
        fate_.goodbye = true;
        co_return;
    }

private:
    fate& fate_;
};

struct world {
    explicit world(std::size_t places)
        : pool(std::make_shared<connection_pool>(io.get_executor(), time, places)) {}
    ~world() {
        pool->close();
        settle();
    }

    struct request {
        bool ended = false;
        std::optional<connection_pool::lease> lease;
    };
    static asio::awaitable<void> take_one(std::shared_ptr<connection_pool> pool, steady_time deadline,
                                          std::shared_ptr<request> asked) {
        auto taken = co_await pool->take(deadline);
        if (taken) asked->lease.emplace(std::move(*taken));
        asked->ended = true;
    }
    std::shared_ptr<request> ask(steady_duration patience = seconds(10)) {
        auto asked = std::make_shared<request>();
        spawn(io.get_executor(), take_one(pool, time.steady() + patience, asked));
        settle();
        return asked;
    }
    // A connection that has had its first use.
    void leave_idle(fate& f, steady_duration idle = seconds(50)) {
        const auto asked = ask();
        asked->lease->line = std::make_unique<fake_connection>(f);
        asked->lease->keep(idle);
    }
    void settle() { time.run_for(milliseconds(0)); }

    asio::io_context io;
    virtual_time time{io};
    std::shared_ptr<connection_pool> pool;
};

} // namespace

BOOST_AUTO_TEST_CASE(no_more_places_are_given_than_there_are) {
    world w(2);
    const auto a = w.ask();
    const auto b = w.ask();
    const auto c = w.ask();
    BOOST_TEST((a->lease && b->lease && !c->ended));
    a->lease.reset();
    w.settle();
    BOOST_TEST(c->lease.has_value());
}

BOOST_AUTO_TEST_CASE(who_has_waited_longest_comes_first_and_nobody_slips_in_between) {
    world w(1);
    const auto a = w.ask();
    const auto b = w.ask();
    const auto c = w.ask();
    a->lease.reset();
    const auto late = w.ask();
    BOOST_TEST((b->lease && !c->ended && !late->ended));
    b->lease.reset();
    w.settle();
    BOOST_TEST((c->lease && !late->ended));
}

BOOST_AUTO_TEST_CASE(who_waits_leaves_at_the_deadline_and_takes_nobodys_place) {
    world w(1);
    const auto a = w.ask();
    const auto b = w.ask(seconds(3));
    const auto c = w.ask(seconds(60));
    w.time.run_for(seconds(3));
    BOOST_TEST((b->ended && !b->lease));
    a->lease.reset();
    w.settle();
    BOOST_TEST(c->lease.has_value());
}

BOOST_AUTO_TEST_CASE(a_kept_connection_is_used_again_the_latest_first) {
    world w(2);
    fate first, second;
    const auto a = w.ask();
    const auto b = w.ask();
    a->lease->line = std::make_unique<fake_connection>(first);
    b->lease->line = std::make_unique<fake_connection>(second);
    auto* const latest = b->lease->line.get();
    a->lease->keep(seconds(50));
    b->lease->keep(seconds(50));
    a->lease.reset();
    b->lease.reset();
    BOOST_TEST(w.ask()->lease->line.get() == latest);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_not_kept_is_dropped) {
    world w(1);
    fate f;
    {
        const auto a = w.ask();
        a->lease->line = std::make_unique<fake_connection>(f);
    }
    BOOST_TEST((f.destroyed && !f.goodbye));
    BOOST_TEST(!w.ask()->lease->line);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_that_is_not_quiet_is_dropped_and_the_next_one_taken) {
    world w(2);
    fate quiet, loud;
    const auto a = w.ask();
    const auto b = w.ask();
    a->lease->line = std::make_unique<fake_connection>(quiet);
    b->lease->line = std::make_unique<fake_connection>(loud);
    auto* const usable = a->lease->line.get();
    a->lease->keep(seconds(50));
    b->lease->keep(seconds(50));
    a->lease.reset();
    b->lease.reset();
    loud.quiet = false;
    BOOST_TEST(w.ask()->lease->line.get() == usable);
    BOOST_TEST((loud.destroyed && !loud.goodbye));
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_politely_when_its_time_is_over) {
    world w(1);
    fate f;
    w.leave_idle(f, seconds(50));
    w.time.run_for(milliseconds(49'999));
    BOOST_TEST(!f.goodbye);
    w.time.run_for(milliseconds(1));
    BOOST_TEST((f.goodbye && f.destroyed));
    BOOST_TEST((w.time.next_event() == steady_time::max())); // nothing goes on
}

BOOST_AUTO_TEST_CASE(each_use_starts_its_idle_time_again) {
    world w(1);
    fate f;
    w.leave_idle(f, seconds(50));
    w.time.run_for(seconds(40));
    {
        const auto again = w.ask();
        BOOST_TEST(again->lease->line);
        again->lease->keep(seconds(50));
    }
    w.time.run_for(seconds(40));
    BOOST_TEST(!f.goodbye);
    w.time.run_for(seconds(10));
    BOOST_TEST(f.goodbye);
}

BOOST_AUTO_TEST_CASE(a_shorter_idle_time_is_kept_beside_a_longer_one) {
    world w(2);
    fate long_one, short_one;
    const auto hold = w.ask();
    hold->lease->line = std::make_unique<fake_connection>(long_one);
    const auto other = w.ask();
    other->lease->line = std::make_unique<fake_connection>(short_one);
    hold->lease->keep(seconds(50));
    w.settle();
    other->lease->keep(seconds(3));
    w.time.run_for(seconds(3));
    BOOST_TEST((short_one.goodbye && !long_one.goodbye));
}

BOOST_AUTO_TEST_CASE(closing_says_goodbye_to_idle_connections) {
    world w(1);
    fate idle;
    w.leave_idle(idle);
    w.pool->close();
    w.settle();
    BOOST_TEST((idle.goodbye && idle.destroyed));
    BOOST_TEST((w.time.next_event() == steady_time::max()));
}

BOOST_AUTO_TEST_CASE(a_closed_pool_still_serves_those_who_wait_and_those_who_come) {
    world w(1);
    const auto a = w.ask();
    const auto waits = w.ask();
    w.pool->close();
    w.settle();
    BOOST_TEST(!waits->ended);
    a->lease.reset();
    w.settle();
    BOOST_TEST(waits->lease.has_value());
    const auto comes = w.ask();
    waits->lease.reset();
    w.settle();
    BOOST_TEST(comes->lease.has_value());
}

BOOST_AUTO_TEST_CASE(a_closed_pool_keeps_no_connection) {
    world w(1);
    fate busy;
    const auto a = w.ask();
    a->lease->line = std::make_unique<fake_connection>(busy);
    w.pool->close();
    w.settle();
    BOOST_TEST(!busy.destroyed);
    a->lease->keep(seconds(50));
    w.settle();
    BOOST_TEST((busy.goodbye && busy.destroyed));
    BOOST_TEST((w.time.next_event() == steady_time::max()));
}
