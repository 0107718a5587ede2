// A row as a producer gives it: values for the columns that are a producer's to write. Plain values.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cannedd {

inline constexpr std::array<std::string_view, 14> producer_columns{
    "account",   "route",    "conversation_id", "agent_id",   "customer_id", "text", "response",
    "variables", "priority", "not_before",      "expires_at", "dedup_key",   "tag",  "status"};

// monostate: not given, so the column has its default.
using producer_value = std::variant<std::monostate, std::int64_t, double, std::string>;
using producer_row = std::array<producer_value, producer_columns.size()>; // in the order of producer_columns

inline std::optional<std::size_t> producer_column(std::string_view name) {
    const auto* const found = std::find(producer_columns.begin(), producer_columns.end(), name);
    if (found == producer_columns.end()) return std::nullopt;
    return static_cast<std::size_t>(found - producer_columns.begin());
}

} // namespace cannedd
