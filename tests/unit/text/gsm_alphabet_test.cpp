#include "text/gsm_alphabet.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(gsm_alphabet_)

BOOST_AUTO_TEST_CASE(letters_count_once_the_extension_table_twice_and_others_are_not_in_it) {
    for (const char32_t c :
         std::u32string_view(U"azAZ09 @$_?!'\"\n\r\u00E4\u00D6\u00DF\u00F1\u00C9\u03A9\u00A3\u00BF"))
        BOOST_TEST(gsm_septets(c) == 1U, static_cast<unsigned>(c));
    for (const char32_t c : std::u32string_view(U"^{}\\[]~|\u20AC\f"))
        BOOST_TEST(gsm_septets(c) == 2U, static_cast<unsigned>(c));
    // A typographic apostrophe, a backtick, a tab, Cyrillic, a small c with cedilla, an emoji.
    for (const char32_t c : std::u32string_view(U"\u2019`\t\u0416\u00E7\U0001F600"))
        BOOST_TEST(gsm_septets(c) == 0U, static_cast<unsigned>(c));
}

BOOST_AUTO_TEST_SUITE_END()
