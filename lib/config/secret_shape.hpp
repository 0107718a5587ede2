// What people put into a secret's file beside the secret. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cannedd {

// What the file holds instead of the secret alone, and what to leave of it; nothing: it looks like a secret.
// No word of it is the file's own.
std::optional<std::string> slip_of_secret(std::string_view content);

} // namespace cannedd
