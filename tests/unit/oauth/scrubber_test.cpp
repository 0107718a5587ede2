#include "oauth/scrubber.hpp"
#include "text/encoding.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(scrubber_)

BOOST_AUTO_TEST_CASE(a_secret_is_hidden_in_every_form_it_went_out_in) {
    scrubber hidden;
    hidden.hide(secret("s3cr3t/+ value"));
    BOOST_TEST(hidden.clean("you sent s3cr3t/+ value!") == "you sent ***!");
    BOOST_TEST(hidden.clean("you sent s3cr3t%2F%2B%20value!") == "you sent ***!");
    BOOST_TEST(hidden.clean("you sent " + to_base64("s3cr3t/+ value") + "!") == "you sent ***!");
}

BOOST_AUTO_TEST_CASE(a_secret_is_hidden_however_a_server_writes_it) {
    scrubber hidden;
    hidden.hide(secret("Zx+9/kq=Lm&7~w<"));
    for (const std::string echoed :
         {"Zx%2b9%2fkq%3dLm%267~w%3c", "Zx+9/kq=Lm&amp;7~w&lt;", "Zx+9\\/kq=Lm&7~w<"})
        BOOST_TEST(hidden.clean("bad client " + echoed + "!") == "bad client ***!");
}

BOOST_AUTO_TEST_CASE(so_is_one_that_json_must_escape) {
    scrubber hidden;
    hidden.hide(secret(R"(a"b\c/d<e&f)"));
    for (const std::string echoed : {R"(a\"b\\c/d<e&f)", R"(a\"b\\c\/d<e&f)", R"(a\u0022b\u005Cc/d<e&f)",
                                     R"(a\u0022b\u005cc\u002fd\u003ce\u0026f)", R"(a\"b\\c/d\u003Ce\u0026f)",
                                     R"(a\"b\\c\/d\u003ce\u0026f)", R"(a\u0022b\\c/d<e&f)"})
        BOOST_TEST(hidden.clean("bad client " + echoed + "!") == "bad client ***!");
}

BOOST_AUTO_TEST_CASE(so_is_one_of_other_letters_and_a_text) {
    scrubber hidden;
    hidden.hide(secret("p\u00e4ss\U0001F511"));
    BOOST_TEST(hidden.clean(R"(bad p\u00E4ss\ud83d\udd11, p\u00e4ss\ud83d)") ==
               R"(bad ***, p\u00e4ss\ud83d)");
    hidden.hide_text("say \"hi\"\nto all");
    BOOST_TEST(hidden.clean(R"(got {\"t\":\"say \"hi\"\nto all\"} \)") == R"(got {\"t\":\"***\"} \)");
}

BOOST_AUTO_TEST_CASE(a_key_is_hidden_line_by_line) {
    scrubber hidden;
    hidden.hide_lines(
        secret("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\nabc\n-----END PRIVATE KEY-----\n"));
    BOOST_TEST(hidden.clean("got MIIEvQIBADANBgkqhkiG!") == "got ***!");
}

BOOST_AUTO_TEST_CASE(a_key_of_several_lines_is_hidden_in_one_by_whoever_was_told_of_it) {
    const auto prepared = std::make_shared<scrubber>();
    prepared->hide_lines(secret("first line\nsecond line"));
    scrubber hidden;
    hidden.hide(prepared);
    BOOST_TEST(hidden.clean("got first line second line!") == "got ***!");
    BOOST_TEST(hidden.clean("got first line\nsecond line!") == "got ***!");
}

BOOST_AUTO_TEST_CASE(what_others_have_prepared_needs_no_preparing_and_is_hidden_in_every_form) {
    const auto prepared = std::make_shared<scrubber>();
    prepared->hide(secret("s3cr3t/+ value"));
    scrubber hidden;
    hidden.hide(prepared);
    hidden.hide(secret("s3cr3t/+ value"));
    hidden.hide(secret("another/one"));
    BOOST_TEST(hidden.clean("s3cr3t/+ value, s3cr3t%2F%2B%20value, another%2Fone") == "***, ***, ***");
}

// A text is hidden as it is alone: as a secret it must not be taken for known.
BOOST_AUTO_TEST_CASE(a_secret_that_is_said_as_well_is_hidden_in_every_form) {
    scrubber hidden;
    hidden.hide_text("s3cr3t/+ value");
    hidden.hide(secret("s3cr3t/+ value"));
    BOOST_TEST(hidden.clean("s3cr3t%2F%2B%20value") == "***");
}

BOOST_AUTO_TEST_CASE(an_empty_secret_hides_nothing) {
    scrubber hidden;
    hidden.hide(secret());
    BOOST_TEST(hidden.clean("abc") == "abc");
}

BOOST_AUTO_TEST_CASE(a_text_is_hidden_when_it_can_be_told_from_ordinary_words) {
    scrubber hidden;
    hidden.hide_text("Your PIN is 1234");
    hidden.hide_text("a");
    BOOST_TEST(hidden.clean("invalid value: Your PIN is 1234 at a") == "invalid value: *** at a");
    BOOST_TEST(hidden.clean("invalid value: Your\nPIN\tis 1234") == "invalid value: ***");
    hidden.hide_text("Your table\nis ready");
    BOOST_TEST(hidden.clean("invalid value: Your table is ready") == "invalid value: ***");
}

BOOST_AUTO_TEST_CASE(what_is_kept_is_short_valid_and_has_no_control_characters) {
    const scrubber hidden;
    BOOST_TEST(hidden.clean("a\n<0>b\x1B[31mc\xFF") == "a <0>b [31mc?");
    BOOST_TEST(hidden.clean(std::string(1000, 'x')).size() == scrubber::detail_bytes_max);
    BOOST_TEST(hidden.clean("\u20AC\u20AC", 4) == "\u20AC");
}

BOOST_AUTO_TEST_SUITE_END()
