// What servers keep or show in a text's place, or with it when it is kept in pieces. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cannedd {

// "This message was deleted", "[attachment]", "<removed>", "*****": where a text was, whatever it said.
bool stands_for_any_text(const std::string& shown);

// "(1/2) first", "1 of 2: first", "first [1/2]", "2) rest" without the number; nothing: it has none.
std::optional<std::string> without_part_number(std::string_view shown);

// Without anything between < and >.
std::string without_tags(std::string_view text);

} // namespace cannedd
