// A SQLite VFS on top of another. SQLite writes each page of a commit to the write-ahead log in two pieces;
// on top of this one the pieces of a commit reach the system in one write. Nobody reads a commit before
// SQLite has told of it, and by then it is written: its last page is not kept back, whatever `synchronous`
// says. A write that fails is told by the call that hands the pieces on, a later write or the sync; then the
// commit fails, as it would have. All other files are the lower VFS's own.
#pragma once

#include <memory>
#include <string>

struct sqlite3_vfs;

namespace cannedd {

struct lower_vfs;

class gathered_log {
public:
    // On top of the VFS of this name; null: the default one. Throws std::runtime_error when there is none.
    explicit gathered_log(const char* below);
    ~gathered_log(); // every connection through it is closed
    gathered_log(const gathered_log&) = delete;
    gathered_log& operator=(const gathered_log&) = delete;

    const char* name() const { return name_.c_str(); }
    // While it is set, a log that SQLite cuts keeps its room on the disk, up to four megabytes: its header is
    // wiped out, so that it is empty to whoever reads it. To give room back and to take it again is work for
    // the file system's journal, in the cut and in each commit until the log is as long again; and whoever
    // waits for the journal waits for what others write.
    void keep_room(bool keep);

private:
    std::string name_;
    std::unique_ptr<sqlite3_vfs> vfs_;
    std::unique_ptr<lower_vfs> lower_;
};

} // namespace cannedd
