#include "text/wording.hpp"

#include "text/identifier.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include <utf8proc.h>

namespace cannedd {
namespace {

utf8proc_category_t kind_of(char32_t c) {
    return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

bool is_letter_or_digit(char32_t c) {
    const auto kind = kind_of(c);
    return (kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO) ||
           (kind >= UTF8PROC_CATEGORY_ND && kind <= UTF8PROC_CATEGORY_NO);
}

// Marks and what is not seen part no words.
bool is_within_words(char32_t c) {
    const auto kind = kind_of(c);
    return (kind >= UTF8PROC_CATEGORY_MN && kind <= UTF8PROC_CATEGORY_ME) || kind == UTF8PROC_CATEGORY_CF;
}

bool ends_line(char32_t c) {
    return c == U'\n' || c == U'\r' || c == U'\u0085' || c == U'\u2028' || c == U'\u2029';
}

bool is_blank(char32_t c) {
    return c == U' ' || (c >= U'\t' && c <= U'\r') || ends_line(c) || kind_of(c) == UTF8PROC_CATEGORY_ZS;
}

// With a scheme or without one, and what stands in a link's place.
bool is_link(std::string_view written) {
    auto token = lower_case(std::string(written));
    token.erase(0, std::min(token.find_first_not_of("([<"), token.size()));
    if (token.starts_with("http") || token.find("://") != token.npos || token.find("www.") != token.npos)
        return true;
    if (token == "link]" || token == "url]") return true;
    const auto dot = token.find('.'), slash = token.find('/');
    return dot != token.npos && slash != token.npos && dot > 0 && dot + 1 < slash; // shop.example/a
}

// A digit of any script as one of ASCII: the ten stand together and begin at ...0 or ...6.
char32_t ascii_digit(char32_t c) {
    constexpr char32_t in_sixteen = 0xF, later_start = 6;
    const bool from_start = kind_of(c & ~in_sixteen) == UTF8PROC_CATEGORY_ND;
    return U'0' + (c & in_sixteen) - (from_start ? 0 : later_start);
}

// Of several ways to write the same letter or digit the one that is compared; nothing: it only widens a word.
std::optional<char32_t> usual(char32_t c) {
    constexpr char32_t tatweel = U'\u0640', farsi_yeh = U'\u06CC', yeh = U'\u064A', keheh = U'\u06A9',
                       kaf = U'\u0643';
    if (c == tatweel) return std::nullopt;
    if (c == farsi_yeh) return yeh;
    if (c == keheh) return kaf;
    return c > U'9' && kind_of(c) == UTF8PROC_CATEGORY_ND ? ascii_digit(c) : c;
}

// One letter of the text may be several: a ligature, a fraction.
std::u32string bare(char32_t c) {
    if (c < 0x80) return std::u32string(1, c >= U'A' && c <= U'Z' ? c - U'A' + U'a' : c);
    constexpr auto options = static_cast<utf8proc_option_t>(
        UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD);
    constexpr std::size_t longest = 32; // U+FDFA becomes 18
    std::array<utf8proc_int32_t, longest> into{};
    int last_boundary = 0;
    const auto count =
        utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), into.data(),
                                static_cast<utf8proc_ssize_t>(longest), options, &last_boundary);
    std::u32string letters;
    for (const auto one : std::span(into).first(static_cast<std::size_t>(
             std::clamp<utf8proc_ssize_t>(count, 0, static_cast<utf8proc_ssize_t>(longest)))))
        if (const auto kept = usual(static_cast<char32_t>(one)); kept && is_letter_or_digit(*kept))
            letters += *kept;
    return letters;
}

class word_reader {
public:
    explicit word_reader(std::string text) { of_.text = std::move(text); }

    wording read() {
        const std::string_view text = of_.text;
        for (std::size_t at = 0; at < text.size();) {
            const auto next = next_character(text.substr(at));
            if (is_blank(next.code_point)) {
                at += next.bytes;
                continue;
            }
            const auto end = end_of_token(at);
            if (is_link(text.substr(at, end - at)))
                of_.links.push_back({at, end});
            else
                take_words({at, end});
            at = end;
        }
        return std::move(of_);
    }

private:
    std::size_t end_of_token(std::size_t at) const {
        while (at < of_.text.size()) {
            const auto next = next_character(std::string_view(of_.text).substr(at));
            if (is_blank(next.code_point)) break;
            at += next.bytes;
        }
        return at;
    }

    void take_words(text_place token) {
        std::u32string word;
        text_place place;
        const auto end_word = [&] {
            if (!word.empty()) {
                of_.starts.push_back(of_.run_together.size() - word.size());
                of_.places.push_back(place);
                of_.words.push_back(word);
            }
            word.clear();
        };
        for (auto at = token.begin; at < token.end;) {
            const auto next = next_character(std::string_view(of_.text).substr(at));
            const auto after = at + next.bytes;
            if (is_letter_or_digit(next.code_point)) {
                const auto letters = bare(next.code_point);
                if (word.empty()) place.begin = at;
                place.end = after;
                word += letters;
                of_.run_together += letters;
                of_.letter_from.insert(of_.letter_from.end(), letters.size(), at);
            } else if (!is_within_words(next.code_point)) {
                end_word();
            }
            at = after;
        }
        end_word();
    }

    wording of_;
};

// Where it stands in the text, it does not end what is said.
bool is_within_sentences(char32_t c) {
    constexpr std::u32string_view signs = U",'`\u00B4\u2018\u2019/&+%@\u00A7\u3001\u060C\uFF0C\u00B0";
    return is_blank(c) || is_within_words(c) || signs.find(c) != signs.npos ||
           kind_of(c) == UTF8PROC_CATEGORY_SC;
}

// "well-done" and "17.30" as one word, "done - Acme" and "Done. Thanks" as two things.
bool parts_only_with_blanks(char32_t c) {
    return c == U'.' || c == U':' || kind_of(c) == UTF8PROC_CATEGORY_PD;
}

bool is_digit_at(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

} // namespace

wording wording_of(std::string text) {
    return word_reader(std::move(text)).read();
}

bool is_capital_at(std::string_view text, std::size_t at) {
    const auto kind =
        at < text.size() ? kind_of(next_character(text.substr(at)).code_point) : UTF8PROC_CATEGORY_CN;
    return kind == UTF8PROC_CATEGORY_LU || kind == UTF8PROC_CATEGORY_LT;
}

bool parts(std::string_view text, text_place between) {
    const auto signs = characters_of(text.substr(between.begin, between.end - between.begin));
    if (std::ranges::any_of(signs, ends_line)) return true;
    const auto strong = std::ranges::find_if_not(signs, is_within_sentences);
    if (strong == signs.end()) return false;
    const bool alone = signs.size() == 1;
    if (!alone || !parts_only_with_blanks(*strong)) return true;
    if (*strong == U'.') return is_capital_at(text, between.end);
    return *strong == U':' && !is_digit_at(text, between.end);
}

bool marks_a_cut(std::string_view between) {
    const auto signs = characters_of(between);
    const auto marks = [](char32_t c) {
        constexpr std::u32string_view others = U"\u2026<>*~|_\u00BB\u2192";
        const auto kind = kind_of(c);
        return ends_line(c) || kind == UTF8PROC_CATEGORY_PS || kind == UTF8PROC_CATEGORY_PD ||
               others.find(c) != others.npos;
    };
    return signs.find(U"..") != signs.npos || std::ranges::any_of(signs, marks);
}

} // namespace cannedd
