// Identifiers of Genesys: UUIDs, compared without case. Pure.
#pragma once

#include <string>
#include <string_view>

namespace cannedd {

// A to Z only, which is all that identifiers, purposes and content types hold.
std::string lower_case(std::string text);
bool is_uuid(std::string_view text);

} // namespace cannedd
