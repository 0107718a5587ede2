// The real source, as far as nothing has to be waited for.
#include "time/time_source.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <optional>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(system_time_)

namespace {

void rethrow(const std::exception_ptr& why) {
    if (why) std::rethrow_exception(why);
}

asio::awaitable<void> listen(cannedd::alarm& bell, steady_time deadline, std::optional<bool>& rung) {
    rung = co_await bell.wait_until(deadline);
}

} // namespace

BOOST_AUTO_TEST_CASE(an_alarm_rung_while_nobody_waits_ends_the_next_wait_at_once) {
    asio::io_context context;
    const auto time = make_system_time(context.get_executor());
    const auto bell = time->make_alarm();
    bell->ring();
    std::optional<bool> rung;
    asio::co_spawn(context, listen(*bell, steady_time::max(), rung), rethrow);
    context.run();
    BOOST_TEST(rung.value());
}

BOOST_AUTO_TEST_CASE(an_alarm_rung_while_somebody_waits_wakes_him) {
    asio::io_context context;
    const auto time = make_system_time(context.get_executor());
    const auto bell = time->make_alarm();
    std::optional<bool> rung;
    asio::co_spawn(context, listen(*bell, steady_time::max(), rung), rethrow);
    asio::post(context, [&bell] { bell->ring(); });
    context.run();
    BOOST_TEST(rung.value());
}

BOOST_AUTO_TEST_CASE(a_deadline_that_has_passed_ends_the_wait) {
    asio::io_context context;
    const auto time = make_system_time(context.get_executor());
    const auto bell = time->make_alarm();
    std::optional<bool> rung;
    asio::co_spawn(context, listen(*bell, time->steady(), rung), rethrow);
    context.run();
    BOOST_TEST(!rung.value());
}

BOOST_AUTO_TEST_CASE(uptime_goes_on_with_steady_time) {
    asio::io_context context;
    const auto time = make_system_time(context.get_executor());
    const auto uptime = time->uptime();
    const auto steady = time->steady();
    while (time->steady() < steady + milliseconds(2)) {
    }
    BOOST_TEST((time->uptime() >= uptime + milliseconds(2)));
}

BOOST_AUTO_TEST_CASE(the_boot_has_a_name) {
    asio::io_context context;
    BOOST_TEST(!make_system_time(context.get_executor())->boot_id().empty());
}

BOOST_AUTO_TEST_SUITE_END()
