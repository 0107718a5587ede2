// How bytes are written down in HTTP, JSON and OAuth: base64, percent encoding, forms, UTF-16 lengths, times,
// UUIDs.
#pragma once

#include "simulator/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cannedd::sim {

// Nothing when the text is not base64; both alphabets, padding optional where `url` is set.
std::optional<std::string> base64_decoded(std::string_view text, bool url = false);
std::string percent_decoded(std::string_view text, bool plus_is_space = false);
std::multimap<std::string, std::string> form_fields(std::string_view text);

// Length as Genesys counts it; nothing when the bytes are not UTF-8.
std::optional<std::size_t> utf16_units(std::string_view utf8);

std::string iso_time(wall_time when);                           // 2026-01-02T03:04:05.678Z
std::optional<wall_time> parse_iso_time(std::string_view text); // with Z or an offset
std::string http_date(wall_time when);

bool is_uuid(std::string_view text) noexcept;

} // namespace cannedd::sim
