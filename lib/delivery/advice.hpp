// What to do about a message that has an error: one sentence a code, for whoever reads messages.error_detail.
#pragma once

#include "error/errc.hpp"

#include <string>
#include <string_view>

namespace cannedd {

std::string_view advice(errc code) noexcept;

// The same where one agent's own token was refused: the account's other agents go on, and the row is held.
std::string_view advice_for_one_agent(errc code) noexcept;

// What ends the account's pause.
std::string unpausing(const std::string& account);

} // namespace cannedd
