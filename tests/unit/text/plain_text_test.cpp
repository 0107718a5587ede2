#include "text/plain_text.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace cannedd;

namespace {

struct example {
    const char* html;
    const char* text;
};

void check(const std::vector<example>& examples) {
    for (const auto& row : examples)
        BOOST_TEST(to_plain_text(row.html) == row.text, row.html << " -> " << to_plain_text(row.html));
}

} // namespace

BOOST_AUTO_TEST_SUITE(plain_text_)

BOOST_AUTO_TEST_CASE(blocks_and_breaks_are_lines_and_blanks_collapse) {
    check({{"Hello", "Hello"},
           {"", ""},
           {"<p>Hello <b>Ada</b></p>", "Hello Ada"},
           {"<p>One</p><p>Two</p>", "One\nTwo"},
           {"<p>One</p>\n  <p>Two</p>", "One\nTwo"},
           {"One<br>Two<br/>Three", "One\nTwo\nThree"},
           {"One<br><br><br><br>Two", "One\n\nTwo"},
           {"One <br> Two", "One\nTwo"},
           {"  many   \n spaces\t here  ", "many spaces here"},
           {"a<b> b</b> c", "a b c"},
           {"a <b> b</b>", "a b"},
           {"<h1>Title</h1>text<div>more<div>deep</div></div>", "Title\ntext\nmore\ndeep"},
           {"<p>Hi <span>{{name}}</span>,</p><div>bye</div>", "Hi {{name}},\nbye"},
           {"<blockquote>said</blockquote>so", "said\nso"},
           {"one<hr>two", "one\ntwo"},
           {"<dl><dt>Mo</dt><dd>9 to 5</dd></dl>", "Mo\n9 to 5"}});
}

BOOST_AUTO_TEST_CASE(every_reference_of_html_is_its_character) {
    check({{"Fish &amp; chips &lt;3 &euro;5 &#8364;6 &#x20AC;7", "Fish & chips <3 \u20AC5 \u20AC6 \u20AC7"},
           {"votre r&eacute;servation &agrave; 20&deg;C", "votre r\u00E9servation \u00E0 20\u00B0C"},
           {"Espa&ntilde;a &iquest;qu&eacute;?", "Espa\u00F1a \u00BFqu\u00E9?"},
           {"&frac12; &times; &rarr; &check; &NotEqualTilde;", "\u00BD \u00D7 \u2192 \u2713 \u2242\u0338"},
           {"Gr\u00FC\u00DFe &auml;", "Gr\u00FC\u00DFe \u00E4"},
           {"we&#146;re &#147;here&#148; &#150; 5&#128;", "we\u2019re \u201Chere\u201D \u2013 5\u20AC"},
           {"&#x92;&#x85;", "\u2019\u2026"},
           {"&nbsp;a&nbsp;b", " a b"},
           {"a&nbsp; b", "a  b"},
           {"AT&T &unknown; &#xD800; &", "AT&T &unknown; \uFFFD &"},
           {"2 < 3 and 4 > 1", "2 < 3 and 4 > 1"},
           {"&lt;b&gt; is bold", "<b> is bold"},
           {"&amp;eacute;", "&eacute;"},
           {"<x\x93> <e\x93>b", "<x\uFFFD> <e\uFFFD>b"},
           {"\U0001F600 &#x1F600;", "\U0001F600 \U0001F600"}});
}

BOOST_AUTO_TEST_CASE(a_tag_is_read_as_browsers_read_it) {
    check({{R"(<p title="a > b">text</p>)", "text"},
           {R"(<img src="x.png" alt="Our shop"> welcomes you)", "Our shop welcomes you"},
           {"unclosed <b", "unclosed <b"},
           {"<b>open <i>both</b> closed</i>", "open both closed"},
           {"<P>One<P>Two", "One\nTwo"},
           {"<style>p { color: red }</style>x<script>if (a < b) alert('<p>')</script>y", "xy"},
           {"<html><head><title>T</title></head><body>B</body></html>", "B"},
           {"<script>never closed", ""},
           {"a<!-- <p>hidden</p> -->b", "ab"},
           {"a<span hidden>secret</span>b", "ab"},
           {"a<div style=\"DISPLAY : None; color:red\">preheader</div>b", "ab"},
           {"a<i style=\"color:red;display:none!important\">x</i>b", "ab"},
           {"a<i style=\"x-display:none\">seen</i>b", "aseenb"},
           {"<template><p>x</p></template>y", "y"}});
}

BOOST_AUTO_TEST_CASE(a_sign_that_begins_no_element_keeps_its_words) {
    check({{"a<b then c", "a<b then c"},
           {"<p>a<b then c</p>", "a<b then c"},
           {"if x<i and <i>y</i> > z", "if x<i and y > z"},
           {"Press <Enter> to go on", "Press <Enter> to go on"},
           {"<p>Hello <first name>,</p>write to <ann@example.com>",
            "Hello <first name>,\nwrite to <ann@example.com>"},
           {"see <https://example.com/a> now", "see <https://example.com/a> now"},
           {"x <y> z </y>", "x <y> z </y>"},
           {"I <3 you</3", "I <3 you</3"},
           {"5 <! 6", "5 <! 6"},
           {"a <!important b", "a <!important b"},
           {"what <? b", "what <? b"},
           {"a < b<br>c", "a < b\nc"},
           {"<o:p>one</o:p> <my-part class=x>two</my-part> <xml>three</xml>", "one two three"},
           {"<!DOCTYPE html><![if !mso]>one<![endif]>", "one"},
           {"<a title='x < y' href=#>one</a>", "one"},
           {"<svg><lineargradient/><path d='x'></svg>y", "y"},
           {"<math><mfrac><mi>x</mi></mfrac></math>", "x"},
           {"<script>if (a<b) x = '<foo>'</script>y", "y"},
           {"<!-- <foo> a<b -->y", "y"},
           {"<picture><source srcset=x><img alt=Shop></picture>", "Shop"},
           {"<B>bold</B> <bold>no</bold>", "bold <bold>no</bold>"}});
}

BOOST_AUTO_TEST_CASE(elements_that_stand_on_lines_of_their_own_do_so) {
    check({{"one<center>two</center>three", "one\ntwo\nthree"},
           {"<fieldset><legend>Name</legend>Ann</fieldset>after", "Name\nAnn\nafter"},
           {"<details><summary>More</summary>text</details>after", "More\ntext\nafter"},
           {"a<dl><dt>Mo<dd>9 to 5<dt>Tu<dd>closed</dl>b", "a\nMo\n9 to 5\nTu\nclosed\nb"},
           {"a<menu><li>b<li>c</menu>d", "a\n- b\n- c\nd"},
           {"a<dir><li>b</dir>c", "a\n- b\nc"},
           {"a<hgroup>b</hgroup>c", "a\nb\nc"},
           {"a<dialog open>b</dialog>c", "a\nb\nc"},
           {"a<search>b</search>c", "a\nb\nc"},
           {"a<listing>b  c</listing>d", "a\nb  c\nd"},
           {"a<xmp>b  <i></xmp>d", "a\nb  <i>\nd"}});
}

BOOST_AUTO_TEST_CASE(lists_keep_their_form) {
    check({{"<ul><li>red</li><li>green</li></ul>after", "- red\n- green\nafter"},
           {"<ol><li>open</li><li>press</li></ol>", "1. open\n2. press"},
           {"<ol start=4><li>d</li><li value=9>i</li><li>j</li></ol>", "4. d\n9. i\n10. j"},
           {"<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"},
           {"<ol start=2147483647><li>a</li><li>b</li></ol>", "1000000000. a\n1000000001. b"},
           {"<ol><li>a<ol><li>b</li><li>c</li></ol></li><li>d</li></ol>", "1. a\n  1. b\n  2. c\n2. d"},
           {"<ul>\n  <li>\n    <p>a</p>\n    <p>b</p>\n  </li>\n</ul>", "- a\n  b"},
           {"<ul><li>a<br>b</ul>c", "- a\n  b\nc"},
           {"<ul><li></li><li>b</li></ul>", "- b"},
           {"intro<ul><li>a</ul>", "intro\n- a"}});
}

BOOST_AUTO_TEST_CASE(an_ordered_list_is_numbered_as_the_reader_saw_it) {
    check({{"<ol type=a><li>x<li>y</ol>", "a. x\nb. y"},
           {"<ol type=A start=26><li>x<li>y</ol>", "Z. x\nAA. y"},
           {"<ol type='i' start=3><li>x<li>y</ol>", "iii. x\niv. y"},
           {"<ol type=I><li value=1994>x<li value=4000>y</ol>", "MCMXCIV. x\n4000. y"},
           {"<ol type=a start=0><li>x<li>y</ol>", "0. x\na. y"},
           {"<ol type=disc><li>x</ol>", "1. x"},
           {"<ol type=a><li type=1>x<li>y</ol>", "1. x\nb. y"},
           {"<ol style='color:red; list-style-type: Lower-Roman'><li>x<li>y</ol>", "i. x\nii. y"},
           {"<ol type=a style='list-style:upper-alpha inside'><li>x</ol>", "A. x"},
           {"<ol style='list-style-type:none'><li>x<li>y</ol>", "x\ny"},
           {"<ul style='list-style:none'><li>x<li>y</ul>", "x\ny"},
           {"<ol reversed><li>x<li>y<li>z</ol>", "3. x\n2. y\n1. z"},
           {"<ol reversed start=10><li>x<li value=5>y<li>z</ol>", "10. x\n5. y\n4. z"},
           {"<ol><li>x<ol type=a><li>y<ol type=i><li>z</ol></ol><li>u</ol>", "1. x\n  a. y\n    i. z\n2. u"},
           {"<ol><li>x</li><ol type=a><li>y</li></ol><li>u</li></ol>", "1. x\n  a. y\n2. u"},
           {"<ol><li>x<ul><li>y</ul></ol>", "1. x\n  - y"}});
}

BOOST_AUTO_TEST_CASE(a_row_of_a_table_is_a_line) {
    check({{"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a | b\nc | d"},
           {"<table>\n<thead>\n<tr>\n<th>Day</th>\n<th>Open</th>\n</tr></thead>"
            "<tbody><tr><td>Mo</td><td>9&ndash;5</td></tr></tbody></table>x",
            "Day | Open\nMo | 9\u20135\nx"},
           {"<table><tr><td></td><td>b</td></tr></table>", " | b"},
           {"<table><tr><td>a</td><td></td><td>c</td></tr></table>", "a | | c"},
           {"<table><tr><td><p>a</p><p>b</p></td><td>c<br>d</td></tr></table>", "a b | c d"},
           {"<table><tr><td><p>a</p><p>b</p></td></tr></table>", "a\nb"},
           {"<table><caption>Hours</caption><tr><td>Mo</td><td>9</td></tr></table>", "Hours\nMo | 9"}});
}

BOOST_AUTO_TEST_CASE(what_is_preformatted_stays_as_it_is) {
    check({{"<pre>a  b\n   c\n\n\nd</pre>e", "a  b\n   c\n\n\nd\ne"},
           {"<pre>\nfirst</pre>", "first"},
           {"x<pre>  y</pre>z  z", "x\n  y\nz z"},
           {"<pre>a &lt;b&gt; <b>c</b></pre>", "a <b> c"}});
}

BOOST_AUTO_TEST_CASE(a_links_address_is_shown_where_it_matters) {
    check({{R"(see <a href="https://example.com/a?b=1&amp;c=2">our page</a>!)",
            "see our page (https://example.com/a?b=1&c=2)!"},
           {R"(<a href='https://example.com'>https://example.com</a>)", "https://example.com"},
           {R"(<a href='https://example.com/'>example.com</a>)", "example.com"},
           {R"(<a href="mailto:a@example.com">mail</a>)", "mail (a@example.com)"},
           {R"(<a href="mailto:a@example.com?subject=x">a@example.com</a>)", "a@example.com"},
           {R"(<a href=" HTTPS://example.com/A ">here</a>)", "here (https://example.com/A)"},
           {R"(<a href="//example.com/a">here</a>)", "here (https://example.com/a)"},
           {R"(<a href="MAILTO:j%C3%BCrgen@example.com">mail</a>)", "mail (j\u00FCrgen@example.com)"},
           {R"(<a href="tel:+49%20731%200">call</a>)", "call (+49 731 0)"},
           {R"(<a href="sms:+497310">write</a>)", "write (+497310)"},
           {R"(<a href="tel:+497310">call</a>)", "call (+497310)"},
           {R"(<a href="tel:+497310">+49 731-0</a>)", "+49 731-0"},
           {R"(<a href="https://example.com"></a>)", "https://example.com"},
           {R"(<a href="https://example.com"><img alt="Shop"></a>)", "Shop (https://example.com)"},
           {R"(<a data-href="x" title="1 > 0" href=https://example.com/x>here</a>)",
            "here (https://example.com/x)"},
           {R"(<a href="#top">up</a> <a href="javascript:x">run</a> <a>none</a>)", "up run none"}});
}

BOOST_AUTO_TEST_CASE(an_address_that_is_no_page_is_shown_as_well) {
    check({{R"(<a href="whatsapp://send?phone=4973112">write</a>)", "write (whatsapp://send?phone=4973112)"},
           {R"(<a href="callto:+49 731 12">call us</a>)", "call us (+49 731 12)"},
           {R"(<a href="callto:+4973112">+49 731 12</a>)", "+49 731 12"},
           {R"(<a href="callto:ann.shop">call</a>)", "call (ann.shop)"},
           {R"(<a href="callto:ann.shop">ann.shop</a>)", "ann.shop"},
           {R"(<a href="ftp://files.example/a.pdf">form</a>)", "form (ftp://files.example/a.pdf)"},
           {R"(<a href="ftp://files.example/a.pdf">files.example/a.pdf</a>)", "files.example/a.pdf"},
           {R"(<a href="sms:+4973112?body=Hi">write</a>)", "write (+4973112)"},
           {R"(<a href="sms:?body=Hi">write</a>)", "write"},
           {R"(<a href="geo:48.4,9.98?z=12">our shop</a>)", "our shop (geo:48.4,9.98?z=12)"},
           {R"(<a href="geo:48.4,9.98">48.4,9.98</a>)", "48.4,9.98"},
           {R"(<a href="skype:ann?call">call</a>)", "call (skype:ann?call)"},
           {R"(<a href="sip:ann@example.com">call</a>)", "call (sip:ann@example.com)"},
           {R"(<a href="tg://resolve?domain=shop">chat</a>)", "chat (tg://resolve?domain=shop)"},
           {R"(<a href="data:text/html,x">a</a> <a href="cid:1">b</a> <a href="VBScript:x">c</a>)", "a b c"},
           {R"(<a href="about:blank">a</a> <a href="file:///c:/x">b</a> <a href="/page:1">c</a>)", "a b c"}});
}

BOOST_AUTO_TEST_CASE(what_is_nested_deeply_or_far_too_long_does_no_harm) {
    std::string deep;
    for (int depth = 0; depth < html_elements_max; ++depth)
        deep += "<div>";
    BOOST_TEST(to_plain_text(deep + "x") == "x");
    deep += "<div>x";
    BOOST_TEST(to_plain_text(deep) == deep);
    std::string squared = "<p><a href=https://" + std::string(html_bytes_max / 2, 'x') + ">";
    for (int depth = 2; depth < html_elements_max; ++depth)
        squared += "<p>y";
    BOOST_TEST(to_plain_text(squared).size() > html_bytes_max);
    BOOST_TEST(to_plain_text(squared).size() < 2 * html_bytes_max);
    const std::string huge(html_bytes_max + 1, '<');
    BOOST_TEST(to_plain_text(huge) == huge);
}

BOOST_AUTO_TEST_CASE(what_no_text_can_stand_for_is_seen) {
    for (const auto* media : {"<img src=x>", "<p>a <b><img src=x alt='words'></b></p>", "<image src=x>",
                              "<svg></svg>", "<video src=x></video>", "<audio src=x></audio>",
                              "<iframe src=x></iframe>", "<object data=x></object>", "<embed src=x>"})
        BOOST_TEST(shows_media(media), media);
    for (const auto* text : {"", "a < b", "<p>a</p>", "&lt;img src=x&gt;", "<!-- <img> -->",
                             "<div hidden><img src=x></div>", "<img hidden src=x>"})
        BOOST_TEST(!shows_media(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
