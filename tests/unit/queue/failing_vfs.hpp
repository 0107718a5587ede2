// SQLite's own file system with a fault in it: the N-th write, sync or truncate from now on fails with a
// result code, once or from then on. For tests that fail every step of a transaction in turn.
#pragma once

#include <sqlite3.h>

namespace cannedd::test {

class failing_vfs {
public:
    failing_vfs();
    ~failing_vfs();
    failing_vfs(const failing_vfs&) = delete;
    failing_vfs& operator=(const failing_vfs&) = delete;

    static constexpr const char* name = "failing";
    static void fail(int nth, int code, bool lasting = false);
    static void heal() { fail(0, SQLITE_OK); }
    // Whether the planned fault has struck.
    static bool has_failed();
    static sqlite3_int64 bytes_written(); // so far, to whatever file
    static int writes();                  // likewise, how many
};

} // namespace cannedd::test
