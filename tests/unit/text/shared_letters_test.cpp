#include "text/likeness.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace cannedd;

struct two_texts {
    std::string sent, shown;
};

const std::string t =
    "Good afternoon Mrs. Okafor, your parcel 4711-92 has arrived at our depot in Leeds and will be brought "
    "to "
    "you tomorrow between 9:00 and 11:30. If nobody is at home, the driver leaves a card with a number to "
    "call: (415) 555-0134. Kim Doe, customer care of Northwind";
const std::string accents =
    "Bonjour, votre r\u00E9servation du caf\u00E9 est confirm\u00E9e. Merci de pr\u00E9senter la pi\u00E8ce "
    "d'identit\u00E9 \u00E0 l'entr\u00E9e, les num\u00E9ros sont affich\u00E9s \u00E0 c\u00F4t\u00E9";

void must_be_near(const two_texts& one) {
    const bool is_near = likeness_of(one.sent, one.shown) == likeness::near;
    BOOST_TEST(is_near, one.sent + " / " + one.shown);
}

void must_be_different(const two_texts& one) {
    const bool is_different = likeness_of(one.sent, one.shown) == likeness::different;
    BOOST_TEST(is_different, one.sent + " / " + one.shown);
}

std::string with(std::string text, std::string_view old, std::string_view fresh) {
    const auto at = text.find(old);
    BOOST_REQUIRE(at != std::string::npos);
    return text.replace(at, old.size(), fresh);
}

// Each byte that is not ASCII as Latin-1 reads it.
std::string as_latin_1(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            out += c;
        else {
            out += static_cast<char>(0xC0 | (byte >> 6));
            out += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return out;
}

// Each letter that is not ASCII as one sign.
std::string masked(const std::string& text, char sign) {
    std::string out;
    for (const char c : text)
        if ((static_cast<unsigned char>(c) & 0xC0) != 0x80)
            out += static_cast<unsigned char>(c) < 0x80 ? c : sign;
    return out;
}

std::string without_digits(std::string text) {
    for (auto& c : text)
        if (c >= '0' && c <= '9') c = '*';
    return text;
}

std::string in_arabic_digits(const std::string& text) {
    std::string out;
    for (const char c : text)
        if (c >= '0' && c <= '9')
            out += {'\xD9', static_cast<char>(0xA0 + (c - '0'))};
        else
            out += c;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(likeness_)

BOOST_AUTO_TEST_CASE(what_was_cut_inside_a_word_is_near) {
    for (std::size_t from = 1; from + 22 < t.size(); ++from)
        must_be_near({t, t.substr(from)});
    for (std::size_t cut = 1; cut * 2 + 24 < t.size(); ++cut)
        must_be_near({t, t.substr(cut, t.size() - 2 * cut)});
    must_be_near({t, t.substr(60, 140)});
    must_be_near({t, t.substr(3, 40)});
}

BOOST_AUTO_TEST_CASE(what_lost_its_middle_is_near) {
    for (const std::size_t kept : {100U, 80U, 60U, 41U, 23U})
        for (const std::string_view sign : {"...", "\u2026", " [\u2026] ", "", " (...) ", "<snip>"})
            must_be_near({t, t.substr(0, kept) + std::string(sign) + t.substr(t.size() - kept)});
}

BOOST_AUTO_TEST_CASE(what_was_altered_twice_is_near) {
    const std::vector<two_texts> all{
        {t, "Ann Green: " + t.substr(0, 140)},
        {t, "[Ann] " + t.substr(0, 120) + "..."},
        {t, "Ann Green (Northwind): " + t.substr(0, 60)},
        {t, "Ann Green: " + t.substr(67)},
        {t, "Acme: " + without_digits(t)},
        {t, without_digits(t) + " Reply STOP"},
        {t, "Acme: " + t.substr(0, 80) + "..." + t.substr(180)},
        {accents, "Ann: " + masked(accents, '?')},
        {accents, masked(accents, '?').substr(0, 60)},
        {accents, masked(accents, '?').substr(0, 40) + "..."},
        {accents, masked(accents, '*').substr(17)},
        {accents, as_latin_1(accents) + " Reply STOP"},
        {accents, "Ann: " + as_latin_1(accents)},
        {accents, "[Ann] " + as_latin_1(accents).substr(0, 80) + "..."},
    };
    for (const auto& one : all)
        must_be_near(one);
}

BOOST_AUTO_TEST_CASE(of_what_a_small_part_was_rewritten_is_near) {
    const std::vector<two_texts> all{
        {t, with(t, "Good afternoon Mrs. Okafor,", "Hello,")},
        {t, with(t, "Kim Doe", "Customer")},
        {"Hello Kim Doe, your parcel has come to our shop.",
         "Hello Customer, your parcel has come to our shop."},
        {"Good afternoon Mrs. Okafor, your parcel is waiting for you in the shop.",
         "Hello, your parcel is waiting for you in the shop."},
        {t, with(t, "(415) 555-0134", "+14155550134")},
        {"Please call us at (415) 555-0134 before six this evening.",
         "Please call us at +14155550134 before six this evening."},
        {"Please read the [terms](https://shop.example/t) before you order",
         "Please read the terms (https://shop.example/t) before you order"},
        {"Your pacrel is here now", "Your parcel is here now"},
        {"Your order was shiped", "Your order was shipped"},
        {"Teh order that you made was shiped", "The order that you made was shipped"},
        {"The adress of the comittee is diferent, please corect the atached leter",
         "The address of the committee is different, please correct the attached letter"},
        {"The colour was cancelled", "The color was canceled"},
        {"The order in your favourite colour was cancelled today",
         "The order in your favorite color was canceled today"},
        {"Order 4711 is ready at gate 12", in_arabic_digits("Order 4711 is ready at gate 12")},
        {in_arabic_digits("Gate 12"), "Gate 12"},
        {"Gate 12", "Gate \u06F1\u06F2"},
        {"Gate 12", "Gate \u0967\u0968"},
        {"\u0645\u0631\u062D\u0628\u0627", "\u0645\u0631\u062D\u0640\u0640\u0628\u0627"},
        {"\u0634\u0643\u0631\u0627 \u0639\u0644\u064A \u0627\u0644\u0627\u0646\u062A\u0638\u0627\u0631",
         "\u0634\u06A9\u0631\u0627 \u0639\u0644\u06CC \u0627\u0644\u0627\u0646\u062A\u0638\u0627\u0631"},
    };
    for (const auto& one : all)
        must_be_near(one);
}

BOOST_AUTO_TEST_CASE(another_sentence_is_different_however_much_it_has_in_common) {
    const std::vector<two_texts> all{
        {"Thank you for your patience, one moment please",
         "Thank you for your patience, your order was found"},
        {"Thank you for your patience. The refund is on its way",
         "Thank you for your patience. What is your name?"},
        {"I am sorry for the delay. The driver comes at noon.",
         "I am sorry for the delay. We looked for your file."},
        {"Is there anything else that I can do for you?",
         "Is there anything that you want to tell the driver?"},
        {"What is the number of your order?", "What is the address for your order?"},
        {"Could you tell me your date of birth, please?", "Could you tell me your customer number, please?"},
        {"Can you tell me when you have ordered it?", "Can you send me a picture of what you have got?"},
        {"Your table 12 is ready", "Your table 14 is ready"},
        {"Your code is 482913", "Your code is 771204"},
        {"Your code is 482913 and it is valid for a day", "Your code is 771204 and it is valid for a day"},
        {"It costs 12 euros a month", "It comes 12 days later"},
        {"Please see https://shop.example/a-long-way/to/the/page for the terms",
         "The driver is here: https://shop.example/a-long-way/to/the/page"},
        {"Dear Mrs Miller, thank you for writing to us. The parcel is at our depot in Leeds.",
         "Dear Mrs Miller, thank you for writing to us. We have refunded the whole amount."},
        {"Hello Kim, this is Ann of Northwind. How may I help you today?",
         "Hello Kim, this is Ann of Northwind. Your parcel has been found in Leeds."},
        {"The parcel has left our depot in Leeds. Kind regards, Ann of Northwind",
         "We have refunded the whole amount. Kind regards, Ann of Northwind"},
        {"Bonjour, votre r\u00E9servation est confirm\u00E9e",
         "Bonjour, votre colis est arriv\u00E9 au d\u00E9p\u00F4t"},
        {"The parcel has left our depot in Leeds this morning. Kind regards, your team of Northwind Traders",
         "Kind regards, your team of Northwind Traders. We have refunded the whole amount to your card"},
        {"One moment please, I am looking for your order", "I have found your order, it left on Monday"},
        {"I will call you back at ten", "Shall I call you back?"},
        {"I have sent it to you by mail", "I will send it to you by courier"},
        {t, "Good afternoon Mrs. Okafor, how can I help you?"},
        {t,
         "Good afternoon Mrs. Okafor, the driver could not find your door and took the parcel back to Leeds"},
        {t, "Is anybody at home tomorrow between 9:00 and 11:30?"},
        {accents, "Bonjour, votre colis est arriv\u00E9. Merci de pr\u00E9venir l'h\u00F4tel \u00E0 temps"},
        {accents, "Merci, \u00E0 bient\u00F4t"},
    };
    for (const auto& one : all) {
        must_be_different(one);
        must_be_different({one.shown, one.sent});
    }
}

BOOST_AUTO_TEST_CASE(the_longest_texts_are_compared_in_no_time) {
    constexpr std::size_t sent_max = 4000, shown_max = 32 * 1024;
    std::string various, shown;
    for (unsigned word = 1; various.size() < sent_max; ++word)
        various += std::to_string(word * 2654435761U % 10007) + "word ";
    for (unsigned word = 1; shown.size() < shown_max; ++word)
        shown += std::to_string(word * 2246822519U % 9973) + "word ";
    const std::vector<two_texts> all{{various, shown},
                                     {various, "<p>" + shown},
                                     {std::string(sent_max, 'a') + "b", std::string(shown_max, 'a')},
                                     {std::string(sent_max, 'a') + "b", "c" + std::string(shown_max, 'a')},
                                     {"<" + various + ">", "<p>" + shown + "</p>"}};
    for (const auto& one : all) {
        const auto began = std::chrono::steady_clock::now();
        (void)likeness_of(one.sent, one.shown);
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
        BOOST_TEST_MESSAGE("took " << took.count() << " ms");
        BOOST_TEST(took.count() < 2000); // a machine may be slow; what grows with the square takes longer
    }
}

BOOST_AUTO_TEST_SUITE_END()
