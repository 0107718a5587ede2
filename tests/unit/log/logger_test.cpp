#include "log/logger.hpp"
#include "log/secret.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <type_traits>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(logger_)

// What a log line takes, a secret is not.
static_assert(!std::is_constructible_v<log_field, const char*, secret>);
static_assert(!std::is_convertible_v<secret, std::string>);
static_assert(!std::is_convertible_v<secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, secret>);

BOOST_AUTO_TEST_CASE(a_secret_prints_as_stars_and_opens_by_one_word) {
    const secret word("open sesame");
    std::ostringstream out;
    out << word;
    BOOST_TEST(out.str() == "***");
    BOOST_TEST(word.reveal() == "open sesame");
}

BOOST_AUTO_TEST_CASE(what_is_below_the_threshold_is_not_written) {
    std::vector<log_record> seen;
    logger log(log_level::notice, [&seen](const log_record& record) { seen.push_back(record); });
    log.debug("no");
    log.info("no");
    log.notice("yes");
    log.warning("yes");
    log.error("yes");
    BOOST_TEST(seen.size() == 3U);
    log.set_threshold(log_level::debug);
    log.debug("yes");
    BOOST_TEST(seen.size() == 4U);
}

BOOST_AUTO_TEST_CASE(fields_keep_their_order_and_numbers_are_written_out) {
    std::vector<log_record> seen;
    logger log(log_level::info, [&seen](const log_record& record) { seen.push_back(record); });
    log.info("sent", {{"message", std::int64_t{17}}, {"account", "default"}, {"status", 200}});
    BOOST_REQUIRE(seen.size() == 1U);
    const auto& fields = seen[0].fields;
    BOOST_REQUIRE(fields.size() == 3U);
    BOOST_TEST(fields[0].key == "message");
    BOOST_TEST(fields[0].value == "17");
    BOOST_TEST(fields[1].value == "default");
    BOOST_TEST(fields[2].value == "200");
}

BOOST_AUTO_TEST_CASE(a_logger_without_a_sink_is_silent) {
    logger log(log_level::debug, nullptr);
    BOOST_CHECK_NO_THROW(log.error("nobody hears"));
}

BOOST_AUTO_TEST_SUITE_END()
