// How a try ends, in the queue: the verdict, or what a person wanted meanwhile. Within a write_transaction.
#pragma once

#include "queue/bookkeeping.hpp"
#include "queue/change.hpp"
#include "queue/database.hpp"

#define STOPPED_DETAIL "a person stopped it while it was being sent"

namespace cannedd {

// False: the row is not as the verdict expects it.
bool write_verdict(database& db, bookkeeping& books, const verdict& it);

} // namespace cannedd
