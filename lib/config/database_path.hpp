// Where a configuration says that the queue is, and nothing else of it: for tasks that need no secret and may
// be run by who may read none.
#pragma once

#include "config/settings.hpp"

#include <filesystem>
#include <variant>
#include <vector>

namespace cannedd {

// Faults of other keys are somebody else's business.
std::variant<std::filesystem::path, std::vector<config_fault>>
database_named_in(const std::filesystem::path& file);

} // namespace cannedd
