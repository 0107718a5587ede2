// What a chat, which has no links behind words, shows of a link's address. Pure.
#pragma once

#include <string>
#include <string_view>

namespace cannedd {

// What is worth showing of it beside its words: an address that they do not tell; a number or a mail address
// without its scheme. Empty: nothing is, as of places in the page and of programs.
std::string address_beside(std::string_view words, const std::string& href);

} // namespace cannedd
