// What a reader makes of a text, a line each: "2 conversation_id=... text=...", or "2 ! why".
#pragma once

#include "intake/row_reader.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace cannedd::test {

inline std::string told(const producer_value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return '"' + *text + '"';
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
    return "real";
}

inline std::string told(const numbered_row& it) {
    auto words = std::to_string(it.line);
    if (const auto* why = std::get_if<std::string>(&it.row)) return words + " ! " + *why;
    const auto& row = std::get<producer_row>(it.row);
    for (std::size_t at = 0; at < row.size(); ++at)
        if (!std::holds_alternative<std::monostate>(row.at(at)))
            words += ' ' + std::string(producer_columns.at(at)) + '=' + told(row.at(at));
    return words;
}

// Fed in pieces of so many bytes.
inline std::vector<std::string> read_in_pieces(row_reader& reader, std::string_view text, std::size_t piece) {
    std::vector<numbered_row> rows;
    for (std::size_t at = 0; at < text.size(); at += piece)
        reader.feed(text.substr(at, piece), rows);
    reader.finish(rows);
    std::vector<std::string> words;
    for (const auto& it : rows)
        words.push_back(told(it));
    return words;
}

} // namespace cannedd::test
