// After a sync that failed, the operating system may keep what it could not write for written (Linux marks
// the pages clean: it is seen by everybody and never reaches the disk, see https://lwn.net/Articles/752063/).
// In the write-ahead log that is a hole: later commits are synced behind it, and a power cut takes them all
// away, for recovery ends at the hole. SQLite writes again what it has rolled back, not what a neighbour had
// committed. So the whole log is written once more, with the bytes that it has, and synced.
#pragma once

#include "queue/database.hpp"

namespace cannedd {

// Takes the write lock meanwhile. Throws sqlite_error; then it is still to be done.
void rewrite_wal(database& db);

} // namespace cannedd
