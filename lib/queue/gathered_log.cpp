#include "queue/gathered_log.hpp"

#include "queue/log_format.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <string_view>

namespace cannedd {

// What stands below, and what is wanted of it.
struct lower_vfs {
    sqlite3_vfs* vfs = nullptr;
    bool keeps_room = false;
};

namespace {

constexpr std::size_t gathered_bytes_max =
    0x1ffff; // os_unix.c takes no more in a write, and of 0x20000 nothing
// A frame's header is written apart from its page, and tells in bytes 4 to 7 the size of the database when it
// is a commit's last.
constexpr std::string_view not_the_last("\0\0\0\0", 4);
// Without its magic number a log has no frame.
constexpr std::string_view no_header("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                                     log_header_bytes);
constexpr sqlite3_int64 room_bytes_max = 4 * 1024 * 1024; // a log that grew behind a reader gives it back

// SQLite gives the memory for it, and for the lower one behind it.
struct log_file : sqlite3_file {
    std::string gathered;
    sqlite3_int64 at = 0; // where it belongs
    bool is_last = false; // the page that comes is its commit's
    const lower_vfs* by = nullptr;

    sqlite3_file* below();

    int hand_on() {
        if (gathered.empty()) return SQLITE_OK;
        const int code =
            below()->pMethods->xWrite(below(), gathered.data(), static_cast<int>(gathered.size()), at);
        gathered.clear();
        return code;
    }
};

constexpr std::size_t own_bytes = (sizeof(log_file) + alignof(std::max_align_t) - 1) /
                                  alignof(std::max_align_t) * alignof(std::max_align_t);

sqlite3_file* log_file::below() {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(this) + own_bytes);
}

log_file& of(sqlite3_file* file) {
    return *static_cast<log_file*>(file);
}

int close(sqlite3_file* file) {
    auto& it = of(file);
    const int left = it.hand_on();
    const int code = it.below()->pMethods->xClose(it.below());
    it.~log_file();
    return left != SQLITE_OK ? left : code;
}

int read(sqlite3_file* file, void* into, int bytes, sqlite3_int64 offset) {
    auto& it = of(file);
    if (const int code = it.hand_on(); code != SQLITE_OK) return code;
    return it.below()->pMethods->xRead(it.below(), into, bytes, offset);
}

int write(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 offset) {
    auto& it = of(file);
    const std::string_view piece(static_cast<const char*>(from), static_cast<std::size_t>(bytes));
    const auto end = it.at + static_cast<sqlite3_int64>(it.gathered.size());
    if (offset != end || it.gathered.size() + piece.size() > gathered_bytes_max)
        if (const int code = it.hand_on(); code != SQLITE_OK) return code;
    if (piece.size() > gathered_bytes_max)
        return it.below()->pMethods->xWrite(it.below(), from, bytes, offset);
    if (it.gathered.empty()) it.at = offset;
    it.gathered += piece;
    const bool was_last = it.is_last;
    it.is_last = piece.size() == frame_header_bytes && piece.substr(4, not_the_last.size()) != not_the_last;
    return was_last && !it.is_last ? it.hand_on() : SQLITE_OK;
}

// Synced, for the next log may be a writer's whose `synchronous` is off: its frames would lie behind the old
// header, and a power cut would bring back what is left of the old log. Nobody else writes during a cut.
int wipe_header(sqlite3_file* below) {
    const int code = below->pMethods->xWrite(below, no_header.data(), static_cast<int>(no_header.size()), 0);
    return code != SQLITE_OK ? code : below->pMethods->xSync(below, SQLITE_SYNC_NORMAL);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    auto& it = of(file);
    if (const int code = it.hand_on(); code != SQLITE_OK) return code;
    sqlite3_int64 room = 0;
    if (size == 0 && it.by->keeps_room && it.below()->pMethods->xFileSize(it.below(), &room) == SQLITE_OK &&
        room >= static_cast<sqlite3_int64>(no_header.size()) && room <= room_bytes_max)
        return wipe_header(it.below());
    return it.below()->pMethods->xTruncate(it.below(), size);
}

int sync(sqlite3_file* file, int flags) {
    auto& it = of(file);
    if (const int code = it.hand_on(); code != SQLITE_OK) return code;
    return it.below()->pMethods->xSync(it.below(), flags);
}

int size_of(sqlite3_file* file, sqlite3_int64* size) {
    auto& it = of(file);
    if (const int code = it.hand_on(); code != SQLITE_OK) return code;
    return it.below()->pMethods->xFileSize(it.below(), size);
}

int lock(sqlite3_file* file, int level) {
    return of(file).below()->pMethods->xLock(of(file).below(), level);
}

int unlock(sqlite3_file* file, int level) {
    return of(file).below()->pMethods->xUnlock(of(file).below(), level);
}

int reserved(sqlite3_file* file, int* answer) {
    return of(file).below()->pMethods->xCheckReservedLock(of(file).below(), answer);
}

int control(sqlite3_file* file, int what, void* argument) {
    return of(file).below()->pMethods->xFileControl(of(file).below(), what, argument);
}

int sector(sqlite3_file* file) {
    return of(file).below()->pMethods->xSectorSize(of(file).below());
}

int traits(sqlite3_file* file) {
    return of(file).below()->pMethods->xDeviceCharacteristics(of(file).below());
}

// Version 1: shared memory and mapped pages are the database's, and this is its log.
const sqlite3_io_methods methods = [] {
    sqlite3_io_methods it{};
    it.iVersion = 1;
    it.xClose = close;
    it.xRead = read;
    it.xWrite = write;
    it.xTruncate = truncate;
    it.xSync = sync;
    it.xFileSize = size_of;
    it.xLock = lock;
    it.xUnlock = unlock;
    it.xCheckReservedLock = reserved;
    it.xFileControl = control;
    it.xSectorSize = sector;
    it.xDeviceCharacteristics = traits;
    return it;
}();

sqlite3_vfs* below(sqlite3_vfs* vfs) {
    return static_cast<lower_vfs*>(vfs->pAppData)->vfs;
}

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    if ((flags & SQLITE_OPEN_WAL) == 0) return below(vfs)->xOpen(below(vfs), name, file, flags, flags_out);
    auto* const it = new (file) log_file();
    it->pMethods = nullptr;
    it->by = static_cast<lower_vfs*>(vfs->pAppData);
    const int code = below(vfs)->xOpen(below(vfs), name, it->below(), flags, flags_out);
    if (it->below()->pMethods != nullptr) // then it is closed, opened or not
        it->pMethods = &methods;
    else
        it->~log_file();
    return code;
}

} // namespace

gathered_log::gathered_log(const char* lower) {
    auto* const found = sqlite3_vfs_find(lower);
    if (found == nullptr) throw std::runtime_error("SQLite has no VFS");
    vfs_ = std::make_unique<sqlite3_vfs>();
    lower_ = std::make_unique<lower_vfs>();
    lower_->vfs = found;
    // A name for each: connections of one process must not share it.
    name_ = "cannedd-" + std::to_string(reinterpret_cast<std::uintptr_t>(this));
    auto& it = *vfs_;
    it.iVersion = 2;
    it.szOsFile = static_cast<int>(own_bytes) + found->szOsFile;
    it.mxPathname = found->mxPathname;
    it.zName = name_.c_str();
    it.pAppData = lower_.get();
    it.xOpen = open;
    it.xDelete = [](sqlite3_vfs* vfs, const char* name, int sync_directory) {
        return below(vfs)->xDelete(below(vfs), name, sync_directory);
    };
    it.xAccess = [](sqlite3_vfs* vfs, const char* name, int flags, int* answer) {
        return below(vfs)->xAccess(below(vfs), name, flags, answer);
    };
    it.xFullPathname = [](sqlite3_vfs* vfs, const char* name, int bytes, char* out) {
        return below(vfs)->xFullPathname(below(vfs), name, bytes, out);
    };
    it.xRandomness = [](sqlite3_vfs* vfs, int bytes, char* out) {
        return below(vfs)->xRandomness(below(vfs), bytes, out);
    };
    it.xSleep = [](sqlite3_vfs* vfs, int microseconds) {
        return below(vfs)->xSleep(below(vfs), microseconds);
    };
    it.xCurrentTime = [](sqlite3_vfs* vfs, double* now) { return below(vfs)->xCurrentTime(below(vfs), now); };
    it.xGetLastError = [](sqlite3_vfs* vfs, int bytes, char* out) {
        return below(vfs)->xGetLastError(below(vfs), bytes, out);
    };
    it.xCurrentTimeInt64 = [](sqlite3_vfs* vfs, sqlite3_int64* now) {
        return below(vfs)->xCurrentTimeInt64(below(vfs), now);
    };
    sqlite3_vfs_register(vfs_.get(), 0);
}

gathered_log::~gathered_log() {
    sqlite3_vfs_unregister(vfs_.get());
}

void gathered_log::keep_room(bool keep) {
    lower_->keeps_room = keep;
}

} // namespace cannedd
