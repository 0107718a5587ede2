// "Did you mean": the names that look most like a mistyped one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

// How many letters must be inserted, deleted, replaced or swapped with their neighbour to make one of the
// other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate nearest to `name`, or nothing when none is near enough to be meant.
std::string_view near_name(std::string_view name, const std::vector<std::string_view>& candidates);

// `; did you mean "x"?` or nothing, to end a sentence with.
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& candidates);

} // namespace cannedd
