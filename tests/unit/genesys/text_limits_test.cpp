// How long a text may be, channel by channel.
#include "genesys/text_limits.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

std::string many(const std::string& what, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += what;
    return text;
}

std::string length_reason(const result<std::string>& of) {
    return of.has_value() ? "ok" : std::string(name_of(of.error().code));
}

const std::string umlaut = "\u00FC";     // 1 unit, 2 bytes, in the SMS alphabet
const std::string smile = "\U0001F600";  // 2 units, 4 bytes
const std::string zhe = "\u0416";        // Cyrillic
const std::string apostrophe = "\u2019"; // typographic

} // namespace

BOOST_AUTO_TEST_SUITE(text_limits_)

BOOST_AUTO_TEST_CASE(each_channel_has_its_length) {
    struct {
        const char* messenger;
        std::size_t most;
    } table[] = {{"webmessaging", 4000}, {"whatsapp", 4000}, {"open", 4000},
                 {"facebook", 2000},     {"apple", 2000},    {"instagram", 1000},
                 {"nobody's", 2000},     {"", 2000},         {"sms", 765}};
    for (const auto& row : table)
        for (const auto way : {route::message, route::agentless}) {
            const std::string channel = row.messenger;
            BOOST_TEST(length_reason(check_text(many("a", row.most), way, channel)) == "ok", channel);
            BOOST_TEST(length_reason(check_text(many("a", row.most + 1), way, channel)) == "text_too_long",
                       channel);
        }
}

BOOST_AUTO_TEST_CASE(lengths_are_utf16_units) {
    BOOST_TEST(length_reason(check_text(many(umlaut, 2000), route::message, "apple")) == "ok");
    BOOST_TEST(length_reason(check_text(many(smile, 1000), route::message, "apple")) == "ok");
    BOOST_TEST(length_reason(check_text(many(smile, 1001), route::message, "apple")) == "text_too_long");
}

BOOST_AUTO_TEST_CASE(an_sms_counts_by_its_alphabet) {
    struct {
        const char* rule;
        std::string text;
        const char* reason;
    } table[] = {
        {"765 letters", many("a", 765), "ok"},
        {"umlauts are letters of it", many(umlaut, 765), "ok"},
        {"the extension table counts twice", many("a", 763) + "\u20AC", "ok"},
        {"and so is too long by one", many("a", 764) + "\u20AC", "text_too_long"},
        {"400 Cyrillic", many(zhe, 400), "text_too_long"},
        {"335 Cyrillic", many(zhe, 335), "ok"},
        {"336 Cyrillic", many(zhe, 336), "text_too_long"},
        {"700 letters and an emoji", many("a", 700) + smile, "text_too_long"},
        {"333 letters and an emoji", many("a", 333) + smile, "ok"},
        {"334 letters and an emoji", many("a", 334) + smile, "text_too_long"},
        {"160 letters with a typographic apostrophe", many("a", 159) + apostrophe, "ok"},
        {"400 letters with a typographic apostrophe", many("a", 399) + apostrophe, "text_too_long"},
    };
    for (const auto& row : table)
        for (const auto way : {route::message, route::agentless, route::tutorial})
            BOOST_TEST(length_reason(check_text(row.text, way, "sms")) == row.reason, row.rule);
}

BOOST_AUTO_TEST_CASE(a_chat_has_its_own_length_and_so_has_a_gateway_that_tells_no_type) {
    for (const auto way : {route::chat, route::tutorial}) {
        BOOST_TEST(length_reason(check_text(many("a", 4000), way, "")) == "ok");
        BOOST_TEST(length_reason(check_text(many("a", 4001), way, "")) == "text_too_long");
    }
    BOOST_TEST(length_reason(check_text(many("a", 2001), route::tutorial, "facebook")) == "text_too_long");
}

BOOST_AUTO_TEST_CASE(the_configuration_has_the_last_word) {
    text_limits limits;
    limits.most["webmessaging"] = 3;
    limits.most["sms_unicode"] = 70;
    BOOST_TEST(length_reason(check_text("abc", route::message, "webmessaging", limits)) == "ok");
    BOOST_TEST(length_reason(check_text("abcd", route::message, "webmessaging", limits)) == "text_too_long");
    BOOST_TEST(length_reason(check_text(many(zhe, 71), route::message, "sms", limits)) == "text_too_long");
}

BOOST_AUTO_TEST_CASE(a_text_that_is_too_long_is_told_both_numbers_and_not_quoted) {
    const auto plain = check_text(many("xyz", 700), route::message, "sms").error().detail;
    BOOST_TEST(plain.find("2100") != std::string::npos);
    BOOST_TEST(plain.find("765") != std::string::npos);
    BOOST_TEST(plain.find("xyz") == std::string::npos);
    const auto unicode = check_text(many("xyz", 200) + apostrophe, route::message, "sms").error().detail;
    BOOST_TEST(unicode.find("U+2019 at 601") != std::string::npos, unicode);
    BOOST_TEST(unicode.find("335") != std::string::npos, unicode);
    const auto web = check_text(many("x", 1500), route::message, "instagram").error().detail;
    BOOST_TEST(web.find("1000 are the most that instagram takes") != std::string::npos, web);
}

BOOST_AUTO_TEST_CASE(blank_and_broken_texts_are_refused) {
    struct {
        std::string text;
        const char* reason;
    } table[] = {
        {"Hello\nthere\t!\r\n", "ok"},
        {"", "missing_text"},
        {" \n\t\u00A0\u200B", "missing_text"},
        {"bell\a", "bad_text"},
        {std::string("nul\0!", 5), "bad_text"},
        {"esc\x1B[31m", "bad_text"},
        {"\x7F", "bad_text"},
        {"c1 \u0085", "bad_text"},
        {"latin \xFC", "bad_text"},
    };
    for (const auto& row : table)
        BOOST_TEST(length_reason(check_text(row.text, route::message, "webmessaging")) == row.reason,
                   row.text);
    BOOST_TEST(check_text("bell\a", route::message, "").error().detail.find("U+0007") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_limit_is_told_as_it_is_counted) {
    BOOST_TEST(describe_limit({}, route::message, "instagram") == "1000 characters (UTF-16 units)");
    BOOST_TEST(describe_limit({}, route::agentless, "sms") ==
               "765 characters of the SMS alphabet, 335 with any other");
    BOOST_TEST(describe_limit({}, route::chat, "") == "4000 characters (UTF-16 units)");
}

BOOST_AUTO_TEST_SUITE_END()
