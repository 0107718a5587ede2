// What the journal is told of a line.
#include "journal.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>

namespace {

using namespace cannedd;

} // namespace

BOOST_AUTO_TEST_SUITE(journal_)

BOOST_AUTO_TEST_CASE(each_field_can_be_asked_for_and_a_rows_id_is_its_message) {
    log_record record;
    record.level = log_level::warning;
    record.text = "message not sent";
    record.fields = {{"id", 17}, {"account", "default"}, {"correlation_id", ""}, {"a-b.c", "x\nPRIORITY=0"}};
    const std::vector<std::string> expected{
        "MESSAGE=level=warning msg=\"message not sent\" id=17 account=default correlation_id=\"\" "
        "a-b.c=\"x\\nPRIORITY=0\"",
        "PRIORITY=4",
        "SYSLOG_IDENTIFIER=cannedd",
        "CANNEDD_MESSAGE=17",
        "CANNEDD_ACCOUNT=default",
        "CANNEDD_A_B_C=x\nPRIORITY=0"};
    BOOST_TEST(journal_fields(record, log_format::logfmt) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_name_of_a_field_is_never_longer_than_the_journal_takes) {
    log_record record;
    record.fields = {{std::string(100, 'k'), "v"}};
    BOOST_TEST(journal_fields(record, log_format::json).back() == "CANNEDD_" + std::string(56, 'K') + "=v");
}

BOOST_AUTO_TEST_CASE(a_stream_that_is_not_standard_error_is_not_the_journal) {
    ::setenv("JOURNAL_STREAM", "1:1", 1);
    BOOST_TEST(!stderr_is_the_journal());
    ::unsetenv("JOURNAL_STREAM");
    BOOST_TEST(!stderr_is_the_journal());
}

BOOST_AUTO_TEST_SUITE_END()
