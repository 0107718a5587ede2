#include "log/line.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(line_)

namespace {

log_record record_of(std::string text, std::string value) {
    log_record record;
    record.level = log_level::warning;
    record.text = std::move(text);
    record.fields.emplace_back("detail", std::move(value));
    return record;
}

std::string logfmt(std::string value) {
    return to_line(record_of("hello", std::move(value)), log_format::logfmt);
}
std::string json(std::string value) {
    return to_line(record_of("hello", std::move(value)), log_format::json);
}

struct row {
    const char* rule;
    std::string value;
    std::string escaped;
};

const row rows[] = {
    {"a newline and a forged journal priority", "a\n<0>panic", "a\\n<0>panic"},
    {"an escape sequence of a terminal", "\x1b[31mred", "\\u001b[31mred"},
    {"a carriage return", "a\rb", "a\\u000db"},
    {"a NUL byte", std::string("a\0b", 3), "a\\u0000b"},
    {"DEL", "a\x7f", "a\\u007f"},
    {"a C1 control in UTF-8 (CSI)",
     "a\xc2\x9b"
     "31m",
     "a\\u009b31m"},
    {"quotes and a backslash", "say \"hi\" \\o/", "say \\\"hi\\\" \\\\o/"},
    {"UTF-8 stays readable",
     "Gr\xc3\xbc\xc3\x9f"
     "e \xe2\x82\xac \xf0\x9f\x98\x80",
     "Gr\xc3\xbc\xc3\x9f"
     "e \xe2\x82\xac \xf0\x9f\x98\x80"},
    {"a lone byte that is not UTF-8", "a\xff z", "a\\u00ff z"},
    {"a sequence that breaks off", "a\xe2\x82", "a\\u00e2\\u0082"},
    {"an overlong slash", "\xc0\xaf", "\\u00c0\\u00af"},
    {"a surrogate", "\xed\xa0\x80", "\\u00ed\\u00a0\\u0080"},
    {"beyond U+10FFFF", "\xf4\x90\x80\x80", "\\u00f4\\u0090\\u0080\\u0080"},
};

} // namespace

BOOST_AUTO_TEST_CASE(no_value_begins_a_line_or_drives_a_terminal) {
    for (const auto& row : rows) {
        BOOST_TEST_INFO(row.rule);
        BOOST_TEST(logfmt(row.value) == "level=warning msg=\"hello\" detail=\"" + row.escaped + "\"");
        BOOST_TEST_INFO(row.rule);
        BOOST_TEST(json(row.value) == R"({"level":"warning","msg":"hello","detail":")" + row.escaped + "\"}");
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_numbers_in_json_and_texts_of_digits_are_texts) {
    log_record record;
    record.text = "sent";
    record.fields = {{"id", 17}, {"ms", -3L}, {"tag", "17"}};
    const auto line = to_line(record, log_format::json);
    BOOST_TEST(line == R"({"level":"info","msg":"sent","id":17,"ms":-3,"tag":"17"})");
    BOOST_TEST(boost::json::parse(line).at("id").as_int64() == 17);
    BOOST_TEST(to_line(record, log_format::logfmt) == "level=info msg=\"sent\" id=17 ms=-3 tag=17");
}

BOOST_AUTO_TEST_CASE(a_line_bears_its_time_where_nobody_else_stamps_it) {
    const auto record = record_of("hello", "x");
    const auto* const time = "2026-12-01T09:30:12.315Z";
    BOOST_TEST(to_line(record, log_format::logfmt, time) ==
               "time=2026-12-01T09:30:12.315Z level=warning msg=\"hello\" detail=x");
    BOOST_TEST(to_line(record, log_format::json, time) ==
               R"({"time":"2026-12-01T09:30:12.315Z","level":"warning","msg":"hello","detail":"x"})");
}

BOOST_AUTO_TEST_CASE(the_text_is_escaped_like_the_values) {
    const auto line = to_line(record_of("two\nlines", "x"), log_format::logfmt);
    BOOST_TEST(line == "level=warning msg=\"two\\nlines\" detail=x");
}

BOOST_AUTO_TEST_CASE(plain_values_need_no_quotes_and_the_others_have_them) {
    BOOST_TEST(logfmt("17").ends_with("detail=17"));
    BOOST_TEST(logfmt("a-b_c/d:e").ends_with("detail=a-b_c/d:e"));
    BOOST_TEST(logfmt("").ends_with("detail=\"\""));
    BOOST_TEST(logfmt("a b").ends_with("detail=\"a b\""));
    BOOST_TEST(logfmt("a=b").ends_with("detail=\"a=b\""));
}

BOOST_AUTO_TEST_CASE(any_bytes_at_all_make_one_line_of_valid_json) {
    std::mt19937 random(1);
    for (int i = 0; i < 5'000; ++i) {
        std::string bytes(random() % 12, ' ');
        std::generate(bytes.begin(), bytes.end(), [&random] { return static_cast<char>(random() % 256); });
        const auto line = json(bytes);
        BOOST_REQUIRE(line.find('\n') == std::string::npos);
        boost::system::error_code why;
        const auto value = boost::json::parse(line, why);
        BOOST_REQUIRE_MESSAGE(!why, why.message() << " in " << line);
        BOOST_REQUIRE(value.at("detail").is_string());
    }
}

BOOST_AUTO_TEST_CASE(levels_have_the_journals_priorities) {
    BOOST_TEST(journal_prefix(log_level::debug) == "<7>");
    BOOST_TEST(journal_prefix(log_level::info) == "<6>");
    BOOST_TEST(journal_prefix(log_level::notice) == "<5>");
    BOOST_TEST(journal_prefix(log_level::warning) == "<4>");
    BOOST_TEST(journal_prefix(log_level::error) == "<3>");
}

BOOST_AUTO_TEST_SUITE_END()
