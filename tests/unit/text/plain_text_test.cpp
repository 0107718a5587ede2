#include "text/plain_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(plain_text_)

BOOST_AUTO_TEST_CASE(markup_becomes_the_text_that_a_reader_would_see) {
    struct {
        const char* html;
        const char* text;
    } table[] = {
        {"Hello", "Hello"},
        {"", ""},
        {"<p>Hello <b>Ada</b></p>", "Hello Ada"},
        {"<p>One</p><p>Two</p>", "One\nTwo"},
        {"One<br>Two<br/>Three", "One\nTwo\nThree"},
        {"One<br><br><br><br>Two", "One\n\nTwo"},
        {"  many   \n spaces\t here  ", "many spaces here"},
        {"<ul><li>red</li><li>green</li></ul>after", "- red\n- green\nafter"},
        {"Fish &amp; chips &lt;3 &euro;5 &#8364;6 &#x20AC;7", "Fish & chips <3 \u20AC5 \u20AC6 \u20AC7"},
        {"&nbsp;a&nbsp;b", " a b"},
        {"AT&T &unknown; &#xD800; &", "AT&T &unknown; &#xD800; &"},
        {"2 < 3 and 4 > 1", "2 < 3 and 4 > 1"},
        {"<style>p { color: red }</style>x<script>if (a < b) alert('<p>')</script>y", "xy"},
        {"a<!-- <p>hidden</p> -->b", "ab"},
        {R"(see <a href="https://example.com/a?b=1&amp;c=2">our page</a>!)",
         "see our page (https://example.com/a?b=1&c=2)!"},
        {R"(<a href='https://example.com'>https://example.com</a>)", "https://example.com"},
        {R"(<a href="mailto:a@example.com">mail</a>)", "mail"},
        {"<p>Hi <span>{{name}}</span>,</p><div>bye</div>", "Hi {{name}},\nbye"},
        {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
        {"unclosed <b", "unclosed <b"},
        {"<script>never closed", ""},
        {"Gr\u00FC\u00DFe &auml;", "Gr\u00FC\u00DFe \u00E4"},
    };
    for (const auto& row : table)
        BOOST_TEST(to_plain_text(row.html) == row.text, row.html << " -> " << to_plain_text(row.html));
}

BOOST_AUTO_TEST_SUITE_END()
