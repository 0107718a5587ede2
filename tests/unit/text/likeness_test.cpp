#include "text/likeness.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;

struct alteration {
    std::string sent, shown;
};

} // namespace

namespace cannedd {

std::ostream& operator<<(std::ostream& out, likeness how) {
    return out << (how == likeness::same ? "same" : how == likeness::near ? "near" : "different");
}

} // namespace cannedd

namespace {

void check_near(const std::string& sent, const std::string& shown) {
    BOOST_TEST(likeness_of(sent, shown) == likeness::near, sent + " / " + shown);
}

void check_different(const std::string& sent, const std::string& shown) {
    BOOST_TEST(likeness_of(sent, shown) == likeness::different, sent + " / " + shown);
}

} // namespace

BOOST_AUTO_TEST_SUITE(likeness_)

BOOST_AUTO_TEST_CASE(what_a_reader_does_not_see_does_not_count) {
    const std::vector<alteration> all{
        {"Smith & Sons' \"best\"", "Smith &amp; Sons&#39; &quot;best&quot;"},
        {"Smith & Sons", "Smith &amp;amp; Sons"},
        {"a < b & c", "a &lt; b &amp; c"},
        {"caf\u00E9 </textarea> x", "caf&eacute; </textarea> x"},
        {"5\u00A0kg\u202Fnet", "5 kg net"},
        {"\u2764\uFE0F to you", "\u2764 to you"},
        {"co\u00ADop\u200B \uFEFFnow", "coop now"},
        {"\u2018so\u2019 \u201Cit\u201D \u00ABgoes\u00BB", "'so' \"it\" \"goes\""},
        {"it`s", "it\u2019s"},
        {"e\u0301t\u00E9 \uFB01n", "\u00E9te\u0301 fin"},
        {"Wait\u2026", "wait..."},
        {"  a\r\n b\t c\u2028d  ", "A B C D"},
        {"Stra\u00DFe", "STRASSE"},
        {"1\u20132", "1-2"},
        {"\u1FEFit\u1FFD", "`it\u00B4"},
        {"\uFF40it\uFF40", "'it'"},
        {"& \uFFFF", "&amp; \uFFFD"},
        {"Smith \uFF06amp; Sons", "Smith & Sons"},
    };
    for (const auto& one : all)
        BOOST_TEST(likeness_of(one.sent, one.shown) == likeness::same, one.sent + " / " + one.shown);
    BOOST_TEST(folded("\xFF broken  text") == "\xFF broken text");
    BOOST_TEST(folded("") == "");
}

BOOST_AUTO_TEST_CASE(ascii_is_folded_as_it_is_beside_other_letters) {
    const std::string other = "\u044F"; // for ASCII alone there is a shorter way
    for (char c = 1; c < 0x7F; ++c) {
        const std::string text{'x', c, 'Y'};
        BOOST_TEST(other + folded(text) == folded(other + text));
    }
}

BOOST_AUTO_TEST_CASE(what_a_server_changed_so_that_a_reader_would_notice_is_near) {
    const std::string long_text = "Dear Mrs Miller, your parcel 4711 is waiting at the counter of "
                                  "platform three until Friday";
    const std::vector<alteration> all{
        {long_text, long_text.substr(0, 40)},
        {long_text, long_text.substr(0, 70) + "... (message truncated)"},
        {"Yes", "Yes\n\nSent by Acme. Reply STOP to end."},
        {"Yes, gladly", "[Anna] Yes, gladly"},
        {"see https://shop.example/a?b=1 now", "see https://short.example/Xy12 now"},
        {"https://shop.example/a", "https://safe.example/?u=https%3A%2F%2Fshop.example%2Fa"},
        {"see https://shop.example/a now", "see now"},
        {"card 4111 1111", "card **** ****"},
        {"\u0436\u0434\u0438\u0442\u0435", "?????"},
        {"well done \U0001F44D", "well done "},
        {"*well* done", "well done"},
        {"r\u00E9sum\u00E9 sent", "resume sent"},
        {"one two three four five six", "one two *** four five six"},
        {"first\nsecond", "<p>first</p><p>second</p>"},
        {"Order here: shop.example/t/123456 today", "Order here: https://sho.rt/ab12 today"},
        {"Order here https://shop.example/t/123456 today", "Order here sho.rt/ab12 today"},
        {"Order here https://shop.example/t/123456 today", "Order here [link] today"},
        {"https://shop.example/t", "[link]"},
        {"https://shop.example/t", "sho.rt/xyz"},
        {"\U0001F44D", "\U0001F44D -- Acme"},
        {"\U0001F44D\U0001F44D\U0001F44D", "\U0001F44D\U0001F44D"},
        {"!!!", "!!! (via Acme)"},
        {"Thanks!", "Thanks!*Acme*"},
        {"OK", "Ann:OK"},
        {"Hello Kim, it is there. Please fetch it before six.", "Please fetch it before six."},
        {"Your parcel is waiting", "Your"},
        {"Yes we can do that", "Yes w"},
        {"\U0001F44D", ":thumbsup:"},
        {"Hello Kim,\nit is there", "Hello Kim,\\nit is there"},
        {"Gr\u00FC\u00DFe aus K\u00F6ln", "Gr\\u00fc\\u00DFe aus K\\u00f6ln"},
        {"a \"b\" is there", "\"a \\\"b\\\" is there\""},
        {"it is there", "it%20is%20there"},
        {"\u00E9t\u00E9: 5 \u20AC", "=C3=A9t=C3=A9: 5 =E2=82=AC"},
        {"F\u00FCr Gr\u00FC\u00DFe", "F\u00C3\u00BCr Gr\u00C3\u00BC\u00C3\u009Fe"}, // UTF-8 read as Latin-1
        {"F\u00FCr Gr\u00FC\u00DFe", "F\u00C3\u00BCr Gr\u00C3\u00BC\u00C3\u0178e"}, // ... as windows-1252
        {"It\u2019s there", "It\u00E2\u20AC\u2122s there"},
        {"F\u00FCr Gr\u00FC\u00DFe", "Fr Gre"},
        {"F\u00FCr Gr\u00FC\u00DFe", "F??r Gr????e"},
        {"F\u00FCr Gr\u00FC\u00DFe", "Fuer Gruesse"},
        {"Din \u00F8l er p\u00E5 vej", "Din ol er pa vej"},
        {"prze\u0142\u0105cz \u017C\u00F3\u0142ty", "przelacz zolty"},
        {"\u0412\u0430\u0448 \u0437\u0430\u043A\u0430\u0437 17 \u0433\u043E\u0442\u043E\u0432",
         "Vash zakaz 17 gotov"},
        {"\u0412\u0430\u0448 \u0437\u0430\u043A\u0430\u0437 17 \u0433\u043E\u0442\u043E\u0432", "17"},
        {"\u0412\u0430\u0448 \u0437\u0430\u043A\u0430\u0437",
         "\u00D0\u0092\u00D0\u00B0\u00D1\u0088 \u00D0\u00B7\u00D0\u00B0\u00D0\u00BA\u00D0\u00B0\u00D0\u00B7"},
        {"Your code is 123456, valid for a day", "Your code is [REDACTED], valid for a day"},
        {"Call 555-0100 now", "Call XXXXXXXX now"},
        {"Call +44 20 7946 0018 please", "Call ************* please"},
        {"Call +44 20 7946 0018 please", "Call [PHONE_NUMBER] please"},
        {"Gr\u00FC\u00DFe, Tom", "Gr\u00FC\u00DFe, <name>"},
    };
    for (const auto& one : all)
        BOOST_TEST(likeness_of(one.sent, one.shown) == likeness::near, one.sent + " / " + one.shown);
}

BOOST_AUTO_TEST_CASE(what_another_has_said_is_different) {
    const std::vector<alteration> all{
        {"Good morning, how can I help you?", "One moment please, I am looking"},
        {"Your parcel is waiting", ""},
        {"OK", "I have booked it"},
        {"Your table 12 is ready", "Your table 14 is ready"},
        {"\U0001F44D", "\U0001F44E"},
        {"note 1", "note 2"},
        {"F\u00FCr Sie: Tisch 12", "F\u00FCr Sie: Tisch 14"},
        {"F\u00FCr Sie", "Bitte warten"},
        {"\u0412\u0430\u0448 \u0437\u0430\u043A\u0430\u0437",
         "\u0434\u043E\u0431\u0440\u044B\u0439 \u0434\u0435\u043D\u044C"},
        {"\u0412\u0430\u0448 \u0437\u0430\u043A\u0430\u0437 \u0433\u043E\u0442\u043E\u0432", "OK"},
        {"\u306F\u3044", "\u304A\u5F85\u3061"},
        {"Call 555-0100 now", "[internal] please wait a moment"},
        {"50% off", "please wait"},
    };
    for (const auto& one : all)
        BOOST_TEST(likeness_of(one.sent, one.shown) == likeness::different, one.sent + " / " + one.shown);
}

BOOST_AUTO_TEST_CASE(a_part_that_is_numbered_is_near) {
    const std::string text = "Your parcel 4711 is waiting at the counter; please fetch it by Friday";
    const std::string first = "Your parcel 4711 is waiting at the co",
                      rest = "unter; please fetch it by Friday";
    const std::vector<alteration> numbered{
        {"(1/2) ", ""},   {"1/2 ", ""},         {"[1/2]", ""},      {"1/2: ", ""},
        {"1 of 2: ", ""}, {"(1of2) ", ""},      {"Part 1/2: ", ""}, {"Teil 1 von 2: ", ""},
        {"{1|2} ", ""},   {"", " (1/2)"},       {"", " (1 of 2)"},  {"", " [1/2]"},
        {"", " 1/2"},     {"", "... (1 de 2)"}, {"<1/2> ", ""},     {"(1/2) Acme: ", ""},
        {"(01/02) ", ""}, {"1\\2 ", ""},        {"- 1/2 - ", ""},
    };
    for (const auto& [before, after] : numbered) {
        check_near(text, before + first + after);
        check_near(text, before + rest + after);
        check_near("Ja, gern", before + "Ja, ge" + after);
        check_different(text, before + "One moment please, I am looking for it" + after);
    }
    check_near("F\u00FCr Sie haben wir einen Tisch, und Gr\u00FC\u00DFe", "(1/2) F?r Sie haben wir");
    check_near("Bring a pen; the rest is there", "2) the rest is there");
    check_different("Your table is ready", "1/2 portion of rice");
}

BOOST_AUTO_TEST_CASE(a_text_without_its_tags_is_near) {
    check_near("Press <Enter> to go on & <b>wait</b>", "Press  to go on & wait");
    check_near("Press &lt;Enter&gt; now", "Press now");
    check_near("if a < b and c > d then stop", "if a d then stop");
    check_near("if a < b then stop", "if a");
    check_near("Write to Ann <ann@example.com> or <bob@example.com> today", "Write to Ann or today");
    check_near("<b>Done</b>", "Done");
    check_near("Hello <first name>, <script>x</script>it is there", "Hello , it is there");
    check_different("Press <Enter> to go on", "Please wait");
}

BOOST_AUTO_TEST_CASE(what_stands_where_a_text_was_is_near) {
    for (const auto* shown :
         {"[message deleted]",
          "This message was deleted",
          "Message unsent",
          "Nachricht wurde geloescht",
          "Diese Nachricht wurde gel\u00F6scht.",
          "<removed>",
          "[attachment]",
          "(image)",
          "<Media omitted>",
          "Ce message a \u00E9t\u00E9 supprim\u00E9",
          "Este mensaje fue eliminado",
          "Mensagem apagada",
          "Questo messaggio \u00E8 stato eliminato",
          "Dit bericht is verwijderd",
          "Wiadomo\u015B\u0107 zosta\u0142a usuni\u0119ta",
          "Meddelandet har raderats",
          "\u0421\u043E\u043E\u0431\u0449\u0435\u043D\u0438\u0435 \u0443\u0434\u0430\u043B\u0435\u043D\u043E",
          "\u3053\u306E\u30E1\u30C3\u30BB\u30FC\u30B8\u306F\u524A\u9664\u3055\u308C\u307E\u3057\u305F",
          "\u6D88\u606F\u5DF2\u64A4\u56DE",
          "\U0001F6AB This message was deleted",
          "Message removed by a moderator",
          "This content is no longer available",
          "Deleted",
          "[unsupported message type]",
          "&lt;removed&gt;",
          "*****",
          "\uFFFC",
          "********************",
          "_message withdrawn_",
          "{{redacted}}",
          "The message has expired",
          "Se elimin\u00F3 este mensaje",
          "Attachment",
          "\U0001F4CE Photo",
          "null"})
        check_near("Your parcel is waiting at the counter", shown);
    for (const auto* shown :
         {"I have removed the old address from your account, is there anything else?",
          "(one moment, I am looking for your parcel in the other list)", "\U0001F44D", "?",
          "Your message has come, we are looking into it", "[Ann] one moment please"})
        check_different("Your parcel is waiting at the counter", shown);
}

BOOST_AUTO_TEST_CASE(what_shares_a_word_a_link_or_a_polite_phrase_is_different) {
    const std::vector<alteration> all{
        {"Done", "I have not done it yet"},
        {"Done", "Done, I have booked it"},
        {"OK", "OK, one moment please"},
        {"OK", "OK I have booked it"},
        {"Yes", "Was that a yes or a no?"},
        {"no", "There is no reason to worry"},
        {"see https://shop.example/a", "I see, thank you"},
        {"Track it: https://shop.example/t", "You can track it at https://shop.example/t tomorrow"},
        {"https://shop.example/a", "Please read our terms at https://shop.example/b before you order"},
        {"https://shop.example/a", "have a look at https://shop.example/a when you have the time"},
        {"Order here: https://shop.example/a", "Our terms: https://shop.example/a"},
        {"Thank you for your patience", "Thank you for your patience, I have found your order"},
        {"Thank you for your patience, one moment", "Thank you for your patience, all done"},
        {"Thank you for your patience. Your order is there.",
         "Thank you for your patience. Another colleague is there."},
        {"Dear Mrs Miller, thank you for writing to us. It costs 12 euros",
         "Dear Mrs Miller, thank you for writing to us. It comes tomorrow"},
        {"One moment, please wait until I have found the order that you asked for", "please wait"},
        {"Your parcel has come to our shop at the main station this morning. Thank you", "Thank you"},
        {"I have done it now", "I have not done it now"},
        {":)", "I have booked it :)"},
        {"!", "Hello!"},
        {"\U0001F44D", "\U0001F44D great work"},
        {"\u306F\u3044", "\u306F\u3044\u3001\u304A\u5F85\u3061\u304F\u3060\u3055\u3044"},
    };
    for (const auto& one : all)
        check_different(one.sent, one.shown);
}

BOOST_AUTO_TEST_CASE(what_a_server_puts_beside_a_short_text_leaves_it_near) {
    for (const auto* shown :
         {"Done\nSent by Acme", "Done -- Acme", "Done | Acme", "Done (Acme)", "Done. Reply STOP to end",
          "Done Reply STOP to end", "Acme\nDone", "[Acme] Done", "Acme: Done", "ACME Done", "*Acme* Done",
          "(via Acme) Done", "> Done", "\"Done\"", "Done [edited]", "Acme: Done\nReply STOP to end"})
        check_near("Done", shown);
    check_near("https://shop.example/a", "Acme: https://sho.rt/x Reply STOP to end");
    check_near("https://shop.example/a", "https://sho.rt/x\nsent by Acme");
    check_near("Thank you for your patience", "Thank you for your patience\nsent by Acme");
    check_near("Your order 17 is ready, please fetch it at the gate today",
               "we say: your order 17 is ready, please fetch it at the gate today, as ever");
}

BOOST_AUTO_TEST_SUITE_END()
