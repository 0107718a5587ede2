// The SQL of the schema, as it was when the binary was built. Migrations only go forward: number n of them
// leads from user_version n - 1 to n, and a released one is never edited.
#pragma once

#include <span>
#include <string_view>

namespace cannedd::schema {

inline constexpr int application_id = 0x63616e64; // "cand"

std::span<const std::string_view> migrations() noexcept;
std::string_view views() noexcept;

} // namespace cannedd::schema
