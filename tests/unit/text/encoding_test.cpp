#include "text/encoding.hpp"
#include "text/utf8.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(encoding_)

BOOST_AUTO_TEST_CASE(base64_is_that_of_rfc_4648) {
    BOOST_TEST(to_base64("") == "");
    BOOST_TEST(to_base64("f") == "Zg==");
    BOOST_TEST(to_base64("fo") == "Zm8=");
    BOOST_TEST(to_base64("foo") == "Zm9v");
    BOOST_TEST(to_base64("foobar") == "Zm9vYmFy");
    BOOST_TEST(to_base64("\xFB\xFF") == "+/8=");
    BOOST_TEST(to_base64url("\xFB\xFF") == "-_8");
}

BOOST_AUTO_TEST_CASE(everything_but_unreserved_characters_is_percent_encoded) {
    BOOST_TEST(percent_encoded("aZ09-._~") == "aZ09-._~");
    BOOST_TEST(percent_encoded("a/b c\xC3\xBC?") == "a%2Fb%20c%C3%BC%3F");
    BOOST_TEST(percent_decoded("a%20b%2B%3d+") == "a b+=+");
    BOOST_TEST(percent_decoded("100 % of it") == "100 % of it");
    BOOST_TEST(to_form({{"grant_type", "a b"}, {"x", "1&2"}}) == "grant_type=a%20b&x=1%262");
}

BOOST_AUTO_TEST_CASE(only_well_formed_utf8_is_a_character) {
    struct {
        const char* text;
        std::size_t bytes; // 0: refused
    } table[] = {
        {"a", 1},    {"\xC3\xBC", 2}, {"\xE2\x82\xAC", 3}, {"\xF0\x9F\x98\x80", 4}, {"\x80", 0},
        {"\xC3", 0}, {"\xC0\x80", 0}, {"\xE0\x80\x80", 0}, {"\xED\xA0\x80", 0},     {"\xF4\x90\x80\x80", 0},
        {"\xFF", 0}, {"", 0},         {"\xE2\x28\xA1", 0}};
    for (const auto& row : table) {
        const auto character = decode_utf8(row.text);
        BOOST_TEST((character ? character->bytes : 0) == row.bytes);
        if (character) BOOST_TEST(encode_utf8(character->code_point).value() == row.text);
    }
    BOOST_TEST(!encode_utf8(0xD800).has_value());
    BOOST_TEST(!encode_utf8(0x110000).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
