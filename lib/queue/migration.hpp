// Brings the file's schema up to this binary's, and tells when it is no longer ours. A trigger of somebody
// else's on our tables could turn `sent` back to `pending` for ever, so none is tolerated.
#pragma once

#include "queue/database.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cannedd {

// Creates or migrates in one transaction, or leaves the file as it was: step number n of `steps` leads from
// version n - 1 to n. Throws as migrate() does. Returns the version it came from.
int bring_forward(database& db, std::span<const std::string_view> steps);

// Creates or migrates, each time in one transaction; recreates the views when their text has changed.
// Throws std::runtime_error when the file is not a queue, or of a newer cannedd. Returns the version it came
// from.
int migrate(database& db);

// A table or view of the queue's own.
bool is_ours(const std::string& table);

// A sentence about the first thing in the schema that is not ours, or that is ours and was changed.
// Producers' own tables and views are welcome, and plain indexes on our tables.
std::optional<std::string> foreign_object(database& db);

} // namespace cannedd
