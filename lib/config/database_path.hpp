// Where a configuration says that the queue is, and nothing else of it: for tasks that need no secret and may
// be run by who may read none.
#pragma once

#include "config/settings.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace cannedd {

// Faults of other keys are somebody else's business.
std::variant<std::filesystem::path, std::vector<config_fault>>
database_named_in(const std::filesystem::path& file);

// Why no queue can be at this place (absolute, normal); nothing: it can, or that cannot be seen from here.
std::optional<std::string> fault_of_place(const std::filesystem::path& database);
// The place is taken by the file that the key names; empty: by the configuration itself.
std::string fault_of_other_use(const std::string& key);
// Likewise, where its directory is not there.
std::optional<std::string> fault_of_absent_directory(const std::filesystem::path& database);

} // namespace cannedd
