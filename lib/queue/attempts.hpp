// What the daemon writes into the table `attempts`: a row for each try. Within a write_transaction.
#pragma once

#include "queue/change.hpp"
#include "queue/database.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cannedd {

// What is not known is NULL, not empty.
std::optional<std::string_view> unless_empty(const std::string& value);

void open_attempt(database& db, const mark& it);
// The one that the mark opened; of a try that ended before its mark, a row of its own.
void close_attempt(database& db, const verdict& it);
// False: the row, or its try, is not as the doubt expects it.
bool leave_in_doubt(database& db, const doubt& it);
void end_attempt(database& db, const proven& it);

} // namespace cannedd
