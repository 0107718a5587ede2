#include "text/list_numbers.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace cannedd {
namespace {

using namespace std::string_view_literals;

constexpr int letters = 26;
constexpr int roman_most = 3999;

std::string in_letters(int number) {
    std::string text;
    for (; number > 0; number = (number - 1) / letters)
        text.insert(text.begin(), static_cast<char>('a' + (number - 1) % letters));
    return text;
}

std::string in_roman(int number) {
    constexpr std::array<std::pair<int, std::string_view>, 13> signs{{{1000, "m"sv},
                                                                      {900, "cm"sv},
                                                                      {500, "d"sv},
                                                                      {400, "cd"sv},
                                                                      {100, "c"sv},
                                                                      {90, "xc"sv},
                                                                      {50, "l"sv},
                                                                      {40, "xl"sv},
                                                                      {10, "x"sv},
                                                                      {9, "ix"sv},
                                                                      {5, "v"sv},
                                                                      {4, "iv"sv},
                                                                      {1, "i"sv}}};
    std::string text;
    for (const auto& [value, sign] : signs)
        for (; number >= value; number -= value)
            text += sign;
    return text;
}

std::string in_capitals(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    return text;
}

// The word after `list-style-type:` or among those of `list-style:`.
std::string declared(std::string_view style) {
    std::string plain;
    for (const char c : style)
        plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const auto at = plain.rfind("list-style");
    if (at == std::string::npos) return {};
    const auto colon = plain.find(':', at);
    if (colon == std::string::npos) return {};
    return ' ' + plain.substr(colon + 1, plain.find(';', colon) - colon - 1) + ' ';
}

} // namespace

list_style list_style_of(std::string_view type, std::string_view style, list_style otherwise) {
    constexpr std::array<std::pair<std::string_view, list_style>, 8> names{
        {{" decimal ", list_style::decimal},
         {" lower-alpha ", list_style::lower_letters},
         {" lower-latin ", list_style::lower_letters},
         {" upper-alpha ", list_style::upper_letters},
         {" upper-latin ", list_style::upper_letters},
         {" lower-roman ", list_style::lower_roman},
         {" upper-roman ", list_style::upper_roman},
         {" none ", list_style::none}}};
    const auto words = declared(style);
    for (const auto& [name, known] : names)
        if (words.find(name) != std::string::npos) return known;
    if (type == "1") return list_style::decimal;
    if (type == "a") return list_style::lower_letters;
    if (type == "A") return list_style::upper_letters;
    if (type == "i") return list_style::lower_roman;
    if (type == "I") return list_style::upper_roman;
    return otherwise;
}

std::string list_number(int number, list_style style) {
    const bool roman = style == list_style::lower_roman || style == list_style::upper_roman;
    if (style == list_style::none) return {};
    if (style == list_style::decimal || number < 1 || (roman && number > roman_most))
        return std::to_string(number);
    const auto text = roman ? in_roman(number) : in_letters(number);
    const bool small = style == list_style::lower_letters || style == list_style::lower_roman;
    return small ? text : in_capitals(text);
}

} // namespace cannedd
