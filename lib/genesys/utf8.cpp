#include "genesys/utf8.hpp"

namespace cannedd {
namespace {

bool is_character(std::uint32_t code_point) {
    return code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
}

struct lead {
    std::size_t bytes;
    std::uint32_t bits;
    std::uint32_t least; // smaller ones would be an overlong form
};

std::optional<lead> lead_of(unsigned char byte) {
    if (byte < 0x80) return lead{1, byte, 0};
    if (byte >= 0xC0 && byte < 0xE0) return lead{2, byte & 0x1FU, 0x80};
    if (byte >= 0xE0 && byte < 0xF0) return lead{3, byte & 0x0FU, 0x800};
    if (byte >= 0xF0 && byte < 0xF8) return lead{4, byte & 0x07U, 0x10000};
    return std::nullopt;
}

} // namespace

std::optional<utf8_character> decode_utf8(std::string_view text) {
    if (text.empty()) return std::nullopt;
    const auto first = lead_of(static_cast<unsigned char>(text.front()));
    if (!first || text.size() < first->bytes) return std::nullopt;
    auto code_point = first->bits;
    for (const char c : text.substr(1, first->bytes - 1)) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) return std::nullopt;
        code_point = code_point << 6 | (byte & 0x3FU);
    }
    if (code_point < first->least || !is_character(code_point)) return std::nullopt;
    return utf8_character{code_point, first->bytes};
}

std::optional<std::string> encode_utf8(std::uint32_t code_point) {
    if (!is_character(code_point)) return std::nullopt;
    const auto tail = [&](int shift) { return static_cast<char>(0x80U | (code_point >> shift & 0x3FU)); };
    std::string text;
    if (code_point < 0x80) {
        text += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        text += static_cast<char>(0xC0U | code_point >> 6);
        text += tail(0);
    } else if (code_point < 0x10000) {
        text += static_cast<char>(0xE0U | code_point >> 12);
        text += tail(6);
        text += tail(0);
    } else {
        text += static_cast<char>(0xF0U | code_point >> 18);
        text += tail(12);
        text += tail(6);
        text += tail(0);
    }
    return text;
}

bool is_control(char32_t code_point) {
    return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F);
}

} // namespace cannedd
