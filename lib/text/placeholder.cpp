#include "text/placeholder.hpp"

#include "text/trimmed.hpp"
#include "text/utf8.hpp"
#include "text/wording.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cannedd {
namespace {

using pair_of_signs = std::pair<std::string_view, std::string_view>;

constexpr std::string_view blanks = " \t\r\n\v\f";

// In brackets as a whole: [attachment], (image), <Media omitted>, *deleted*.
bool is_bracketed(std::string_view text) {
    static constexpr std::array<pair_of_signs, 10> all{{{"[", "]"},
                                                        {"(", ")"},
                                                        {"<", ">"},
                                                        {"{", "}"},
                                                        {"*", "*"},
                                                        {"_", "_"},
                                                        {"\u3010", "\u3011"},
                                                        {"\uFF3B", "\uFF3D"},
                                                        {"\uFF08", "\uFF09"},
                                                        {"\u300C", "\u300D"}}};
    return std::ranges::any_of(all, [text](const pair_of_signs& one) {
        const auto& [opens, closes] = one;
        if (text.size() <= opens.size() + closes.size()) return false;
        return text.starts_with(opens) && text.ends_with(closes);
    });
}

// Beginnings of words in small letters without marks. Those for the thing ...
constexpr std::array<std::u32string_view, 33> things{
    U"messag",  U"nachricht",  U"mensaj",  U"mensag", U"bericht", U"wiadomo", U"meddel",
    U"besked",  U"melding",    U"viesti",  U"zprav",  U"sprav",   U"uzenet",  U"mesaj",
    U"poruk",   U"sporocil",   U"content", U"inhalt", U"conten",  U"contenu", U"text",
    U"сообщен", U"повідомлен", U"съобщен", U"μηνυμα", U"הודע",    U"رسال",    U"メッセージ",
    U"消息",    U"訊息",       U"信息",    U"메시지", U"tin nhan"};
// ... and those for what became of it.
constexpr std::array<std::u32string_view, 67> fates{U"delet",
                                                    U"remov",
                                                    U"unsen",
                                                    U"withdr",
                                                    U"recall",
                                                    U"retract",
                                                    U"redact",
                                                    U"expir",
                                                    U"unavail",
                                                    U"no longer",
                                                    U"hidden",
                                                    U"omitted",
                                                    U"blocked",
                                                    U"moderat",
                                                    U"unsupported",
                                                    U"not supported",
                                                    U"cannot be displayed",
                                                    U"gelosch",
                                                    U"geloesch",
                                                    U"entfern",
                                                    U"zuruckge",
                                                    U"zurueckge",
                                                    U"widerruf",
                                                    U"abgelaufen",
                                                    U"nicht mehr",
                                                    U"supprim",
                                                    U"efface",
                                                    U"retire",
                                                    U"expire",
                                                    U"elimin",

                                                    U"borr",
                                                    U"retirad",
                                                    U"apag",
                                                    U"exclui",
                                                    U"removid",
                                                    U"cancellat",
                                                    U"rimoss",
                                                    U"ritirat",
                                                    U"verwijder",
                                                    U"ingetrokken",
                                                    U"usuni",
                                                    U"skasowan",
                                                    U"wycofan",
                                                    U"raderat",
                                                    U"tagits bort",
                                                    U"slettet",
                                                    U"fjernet",
                                                    U"poistet",
                                                    U"smazan",
                                                    U"odstran",
                                                    U"torol",
                                                    U"silin",
                                                    U"obrisan",
                                                    U"izbrisan",
                                                    U"sters",
                                                    U"удален",
                                                    U"видален",
                                                    U"изтрит",
                                                    U"διαγραφ",
                                                    U"נמחק",
                                                    U"حذف",
                                                    U"削除",
                                                    U"删除",
                                                    U"刪除",
                                                    U"撤回",
                                                    U"xoa",
                                                    U"thu hoi"};
// What is no text is named alone, and so is nothing by programs.
constexpr std::array<std::u32string_view, 18> named_alone{
    U"attach",  U"anhang",  U"piece jointe",  U"adjunt", U"anex",      U"allegat",
    U"bijlage", U"photo",   U"foto",          U"image",  U"picture",   U"video",
    U"audio",   U"sticker", U"voice message", U"null",   U"undefined", U"nil"};

bool begins_a_word(const std::u32string& text, std::u32string_view stem) {
    constexpr char32_t first_without_blanks = U'\u0E00'; // Thai, Chinese, Japanese, Korean
    for (auto at = text.find(stem); at != text.npos; at = text.find(stem, at + 1))
        if (at == 0 || text[at - 1] == U' ' || stem.front() >= first_without_blanks) return true;
    return false;
}

template<std::size_t Count>
bool names_one_of(const std::u32string& text, const std::array<std::u32string_view, Count>& stems) {
    return std::ranges::any_of(stems, [&](std::u32string_view stem) { return begins_a_word(text, stem); });
}

std::u32string with_blanks(const std::vector<std::u32string>& words) {
    std::u32string all;
    for (const auto& word : words)
        all += (all.empty() ? U"" : U" ") + word;
    return all;
}

// Nothing but signs that stand for characters which are not shown.
bool is_blanked_out(std::string_view text) {
    constexpr std::u32string_view masks = U"*#_\u2022\u25CF\u2588\u25A0\u25A1\u00D7xX\uFFFC\uFFFD\u2026";
    constexpr std::u32string_view enough_alone = U"\uFFFC\uFFFD\u2026\u25A1";
    constexpr std::size_t run_min = 3;
    std::size_t count = 0;
    bool is_enough = false;
    for (; !text.empty(); ++count) {
        const auto next = next_character(text);
        const auto c = next.code_point;
        if (c != U' ' && masks.find(c) == masks.npos) return false;
        is_enough = is_enough || enough_alone.find(c) != enough_alone.npos;
        text.remove_prefix(next.bytes);
    }
    return is_enough || count >= run_min;
}

// --- numbers of parts

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_latin(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class number_reader {
public:
    explicit number_reader(std::string_view text) : text_(text) {}

    // Bytes of "(Part 1 of 2): " at the beginning; 0: there is none.
    std::size_t total() {
        skip(" \t-[({<*#");
        constexpr std::size_t name_max = 8, between_max = 4;
        if (skip_letters(name_max)) skip(" .:#");
        const auto part = number();
        skip(blanks);
        const auto sign = at_;
        skip("/|\\");
        if (at_ == sign && !skip_letters(between_max)) return 0;
        skip(blanks);
        const auto all = number();
        const bool is_one = part >= 1 && all >= 2 && part <= all;
        return is_one && ends() ? at_ : 0;
    }

    // Bytes of "2) " or "(2) " at the beginning.
    std::size_t ordinal() {
        skip(" [(");
        if (number() < 1) return 0;
        const auto sign = at_;
        skip("]):");
        return at_ > sign ? at_ : 0;
    }

private:
    void skip(std::string_view any_of) {
        while (at_ < text_.size() && any_of.find(text_[at_]) != any_of.npos)
            ++at_;
    }

    bool skip_letters(std::size_t most) {
        const auto begin = at_;
        while (at_ < text_.size() && is_latin(text_[at_]))
            ++at_;
        if (at_ - begin <= most) return at_ > begin;
        at_ = begin;
        return false;
    }

    int number() {
        constexpr std::size_t digits_max = 2;
        const auto begin = at_;
        int value = 0;
        for (; at_ < text_.size() && is_digit(text_[at_]); ++at_)
            value = std::min(value, 99) * 10 + (text_[at_] - '0');
        return at_ > begin && at_ - begin <= digits_max ? value : 0;
    }

    // What follows is no unit and no more of a date: "1/2kg", "1/2/2025".
    bool ends() {
        const auto end = at_;
        skip("])}>*:;.-#");
        return at_ > end || at_ == text_.size() || blanks.find(text_[at_]) != blanks.npos;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// It must reach the end.
std::size_t number_at_end(std::string_view text) {
    constexpr std::size_t longest = 24;
    const auto first = text.size() - std::min(text.size(), longest);
    for (auto at = first; at < text.size(); ++at) {
        const bool begins = at == 0 || (!is_digit(text[at - 1]) && !is_latin(text[at - 1]));
        const auto left = text.substr(at);
        if (begins && number_reader(left).total() == left.size()) return at;
    }
    return text.size();
}

} // namespace

bool stands_for_any_text(const std::string& shown) {
    constexpr std::size_t name_words_max = 6, sentence_words_max = 10, bare_words_max = 2;
    const auto text = trimmed(shown, blanks);
    if (text.empty()) return false;
    constexpr std::size_t bytes_max = 1024; // of ten words
    if (text.size() > bytes_max) return is_blanked_out(text);
    const auto of = wording_of(std::string(text));
    if (is_bracketed(text) && of.words.size() <= name_words_max) return true;
    if (is_blanked_out(text)) return true;
    if (of.words.empty() || of.words.size() > sentence_words_max) return false;
    const auto said = with_blanks(of.words);
    if (of.words.size() <= bare_words_max)
        return names_one_of(said, fates) || names_one_of(said, named_alone);
    return names_one_of(said, fates) && names_one_of(said, things);
}

std::optional<std::string> without_part_number(std::string_view shown) {
    const auto text = trimmed(shown, blanks);
    if (const auto bytes = number_reader(text).total(); bytes > 0 && bytes < text.size())
        return std::string(text.substr(bytes));
    if (const auto end = number_at_end(text); end > 0 && end < text.size())
        return std::string(text.substr(0, end));
    const auto bytes = number_reader(text).ordinal();
    if (bytes == 0) return std::nullopt;
    return std::string(text.substr(bytes));
}

std::string without_tags(std::string_view text) {
    std::string kept;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text[at] == '<' ? text.find('>', at) : text.npos;
        if (end == text.npos)
            kept += text[at++];
        else
            at = end + 1;
    }
    return kept;
}

} // namespace cannedd
