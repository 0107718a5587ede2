#include "unit/queue/failing_vfs.hpp"

namespace cannedd::test {
namespace {

struct plan {
    int countdown = 0;
    int code = SQLITE_OK;
    bool lasting = false;
    bool struck = false;
};
plan now;
sqlite3_int64 written = 0; // bytes
int writes_done = 0;

// SQLITE_OK: no fault is due.
int strike() {
    if (now.struck && now.lasting) return now.code;
    if (now.countdown == 0 || --now.countdown != 0) return SQLITE_OK;
    now.struck = true;
    return now.code;
}

struct failing_file {
    sqlite3_file base;
    sqlite3_file* real; // behind this struct, in the same allocation
};

sqlite3_file* real_of(sqlite3_file* file) {
    return reinterpret_cast<failing_file*>(file)->real;
}

int do_close(sqlite3_file* file) {
    return real_of(file)->pMethods->xClose(real_of(file));
}
int do_read(sqlite3_file* file, void* to, int bytes, sqlite3_int64 at) {
    return real_of(file)->pMethods->xRead(real_of(file), to, bytes, at);
}
int do_write(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 at) {
    const int code = strike();
    if (code == SQLITE_OK) written += bytes;
    if (code == SQLITE_OK) ++writes_done;
    return code != SQLITE_OK ? code : real_of(file)->pMethods->xWrite(real_of(file), from, bytes, at);
}
int do_truncate(sqlite3_file* file, sqlite3_int64 bytes) {
    const int code = strike();
    return code != SQLITE_OK ? code : real_of(file)->pMethods->xTruncate(real_of(file), bytes);
}
int do_sync(sqlite3_file* file, int flags) {
    const int code = strike();
    return code != SQLITE_OK ? code : real_of(file)->pMethods->xSync(real_of(file), flags);
}
int do_size(sqlite3_file* file, sqlite3_int64* bytes) {
    return real_of(file)->pMethods->xFileSize(real_of(file), bytes);
}
int do_lock(sqlite3_file* file, int level) {
    return real_of(file)->pMethods->xLock(real_of(file), level);
}
int do_unlock(sqlite3_file* file, int level) {
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}
int do_reserved(sqlite3_file* file, int* result) {
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), result);
}
int do_control(sqlite3_file* file, int what, void* argument) {
    return real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
}
int do_sector(sqlite3_file* file) {
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}
int do_traits(sqlite3_file* file) {
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}
int do_shm_map(sqlite3_file* file, int page, int bytes, int extend, void volatile** to) {
    return real_of(file)->pMethods->xShmMap(real_of(file), page, bytes, extend, to);
}
int do_shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}
void do_shm_barrier(sqlite3_file* file) {
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}
int do_shm_unmap(sqlite3_file* file, int remove) {
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

const sqlite3_io_methods methods{2,         do_close,   do_read,     do_write,       do_truncate,  do_sync,
                                 do_size,   do_lock,    do_unlock,   do_reserved,    do_control,   do_sector,
                                 do_traits, do_shm_map, do_shm_lock, do_shm_barrier, do_shm_unmap, nullptr,
                                 nullptr};

int do_open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto* const original = static_cast<sqlite3_vfs*>(vfs->pAppData);
    auto* const mine = reinterpret_cast<failing_file*>(file);
    mine->real = reinterpret_cast<sqlite3_file*>(mine + 1);
    const int code = original->xOpen(original, name, mine->real, flags, out_flags);
    mine->base.pMethods = mine->real->pMethods == nullptr ? nullptr : &methods;
    return code;
}

sqlite3_vfs vfs;

} // namespace

failing_vfs::failing_vfs() {
    auto* const original = sqlite3_vfs_find(nullptr);
    vfs = *original;
    vfs.pNext = nullptr;
    vfs.zName = name;
    vfs.szOsFile = static_cast<int>(sizeof(failing_file)) + original->szOsFile;
    vfs.pAppData = original;
    vfs.xOpen = do_open;
    heal();
    sqlite3_vfs_register(&vfs, 0);
}

failing_vfs::~failing_vfs() {
    sqlite3_vfs_unregister(&vfs);
}

void failing_vfs::fail(int nth, int code, bool lasting) {
    now = plan{nth, code, lasting, false};
}

sqlite3_int64 failing_vfs::bytes_written() {
    return written;
}

int failing_vfs::writes() {
    return writes_done;
}

bool failing_vfs::has_failed() {
    return now.struck;
}

} // namespace cannedd::test
