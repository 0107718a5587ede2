// Rows for the queue, from a stream of bytes: JSON Lines, or CSV with a header. A row that is not one is told
// with its line and a sentence, and reading goes on behind it. What the values must be, the schema judges.
// Pure.
#pragma once

#include "queue/producer_row.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cannedd {

inline constexpr std::size_t row_bytes_max = std::size_t{1} << 20;

struct numbered_row {
    std::int64_t line = 0;                       // where it begins, from 1
    std::variant<producer_row, std::string> row; // or why it is none
};

class row_reader {
public:
    virtual ~row_reader() = default;
    // Bytes of any length, as they come; the rows that they complete are added.
    virtual void feed(std::string_view bytes, std::vector<numbered_row>& rows) = 0;
    // The stream has ended.
    virtual void finish(std::vector<numbered_row>& rows) = 0;
    // No row can come any more: the header is not one.
    virtual bool hopeless() const { return false; }
};

// A JSON object a line, keys are columns; null is "not given"; variables may be an object, or its text.
std::unique_ptr<row_reader> read_json_lines();
// RFC 4180, the header names columns; a field that is empty and not quoted is "not given", as COPY writes
// NULL.
std::unique_ptr<row_reader> read_csv();

// "there is no column `x`": with those that there are.
std::string no_such_column(std::string_view name);

} // namespace cannedd
