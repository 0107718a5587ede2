// One record as one line of text, safe for a terminal and for the journal.
#pragma once

#include "log/logger.hpp"

#include <string>
#include <string_view>

namespace cannedd {

enum class log_format : std::uint8_t { logfmt, json };

std::string_view name_of(log_level level) noexcept;

// `level=info msg="daemon ready" key=value`, or the same as one JSON object. Control characters, and bytes
// that are not UTF-8, are escaped in both: no value can begin a new line (with a forged `<0>` journal
// priority), drive a terminal or spoil the JSON.
// time: when, for where nobody else stamps the line (the journal does); empty: none. A number is a number in
// JSON.
std::string to_line(const log_record& record, log_format format, std::string_view time = {});

// The journal's priority prefix for lines on stderr, `<6>` for info (sd-daemon(3)).
std::string_view journal_prefix(log_level level) noexcept;

} // namespace cannedd
