// Writes one change inside the caller's transaction. Returns whether the row was as the change expected it.
#pragma once

#include "queue/bookkeeping.hpp"
#include "queue/change.hpp"
#include "queue/database.hpp"

namespace cannedd {

bool write_change(database& db, bookkeeping& books, const change& what);

} // namespace cannedd
