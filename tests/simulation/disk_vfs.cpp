#include "machine.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace cannedd::simulation {

// SQLite gives the memory for it; the base comes first, as SQLite wants it.
struct open_file : sqlite3_file {
    std::shared_ptr<disk_file> bytes;
    std::shared_ptr<process> owner;
    shared_file* shared = nullptr; // nothing: the file is nobody else's
    int lock_level = SQLITE_LOCK_NONE;
    int failures_told = 0; // of the file's syncs

    void let_go() {
        if (shared == nullptr) return;
        shared->locks.unlock(this, lock_level, SQLITE_LOCK_NONE);
        shared->index.unmap(this);
        shared = nullptr;
    }
};

namespace {

open_file& of(sqlite3_file* file) {
    return *static_cast<open_file*>(file);
}

std::size_t unsigned_of(sqlite3_int64 value) {
    return static_cast<std::size_t>(value);
}

int close(sqlite3_file* file) {
    auto& it = of(file);
    it.let_go();
    it.owner->files.erase(&it);
    it.~open_file();
    return SQLITE_OK;
}

int read(sqlite3_file* file, void* into, int bytes, sqlite3_int64 offset) {
    auto& it = of(file);
    if (!it.owner->alive) return SQLITE_IOERR_READ;
    const auto found = it.bytes->read(unsigned_of(offset), static_cast<std::size_t>(bytes));
    auto* const out = static_cast<char*>(into);
    std::copy(found.begin(), found.end(), out);
    std::fill(out + found.size(), out + bytes, '\0');
    return found.size() == static_cast<std::size_t>(bytes) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 offset) {
    auto& it = of(file);
    if (!it.owner->effect("write")) return SQLITE_IOERR_WRITE;
    if (it.owner->trouble == disk_trouble::full) return SQLITE_FULL;
    if (it.owner->trouble == disk_trouble::write_fails) return SQLITE_IOERR_WRITE;
    if (!it.owner->keeps_pages && it.shared != nullptr && offset > 0) return SQLITE_OK;
    it.bytes->write(unsigned_of(offset),
                    std::string_view(static_cast<const char*>(from), static_cast<std::size_t>(bytes)));
    return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    auto& it = of(file);
    if (!it.owner->effect("truncate")) return SQLITE_IOERR_TRUNCATE;
    it.bytes->truncate(unsigned_of(size));
    return SQLITE_OK;
}

int sync(sqlite3_file* file, int /*flags*/) {
    auto& it = of(file);
    if (!it.owner->syncs) return SQLITE_OK;
    if (!it.owner->effect("sync")) return SQLITE_IOERR_FSYNC;
    if (it.owner->trouble == disk_trouble::sync_fails)
        it.bytes->fail_sync();
    else
        it.bytes->sync();
    it.owner->effect("after sync");
    return std::exchange(it.failures_told, it.bytes->failures()) == it.bytes->failures() ? SQLITE_OK
                                                                                         : SQLITE_IOERR_FSYNC;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(of(file).bytes->size());
    return SQLITE_OK;
}

int lock(sqlite3_file* file, int level) {
    auto& it = of(file);
    if (!it.owner->alive) return SQLITE_IOERR_LOCK;
    if (it.shared == nullptr) return SQLITE_OK;
    return it.shared->locks.lock(&it, it.lock_level, level) ? SQLITE_OK : SQLITE_BUSY;
}

int unlock(sqlite3_file* file, int level) {
    auto& it = of(file);
    if (it.shared != nullptr) it.shared->locks.unlock(&it, it.lock_level, level);
    return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* file, int* answer) {
    const auto& it = of(file);
    *answer = it.shared != nullptr && it.shared->locks.reserved() ? 1 : 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file*) {
    return 512;
}

// What SQLite assumes on Linux: a write that is cut short leaves the bytes beside it alone.
int characteristics(sqlite3_file*) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int map_index(sqlite3_file* file, int region, int bytes, int extend, void volatile** memory) {
    auto& it = of(file);
    *memory = nullptr;
    if (!it.owner->alive || it.shared == nullptr) return SQLITE_IOERR_SHMMAP;
    *memory = it.shared->index.map(&it, static_cast<std::size_t>(region), static_cast<std::size_t>(bytes),
                                   extend != 0);
    return SQLITE_OK;
}

int lock_index(sqlite3_file* file, int first, int count, int flags) {
    auto& it = of(file);
    if (!it.owner->alive || it.shared == nullptr) return SQLITE_IOERR_SHMLOCK;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        it.shared->index.unlock(&it, first, count);
        return SQLITE_OK;
    }
    if (it.owner->on_lock) it.owner->on_lock();
    if (!it.owner->alive) return SQLITE_IOERR_SHMLOCK;
    const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    return it.shared->index.lock(&it, first, count, exclusive) ? SQLITE_OK : SQLITE_BUSY;
}

void index_barrier(sqlite3_file*) {}

int unmap_index(sqlite3_file* file, int /*remove*/) {
    auto& it = of(file);
    if (it.shared != nullptr) it.shared->index.unmap(&it);
    return SQLITE_OK;
}

constexpr sqlite3_io_methods methods{2,
                                     close,
                                     read,
                                     write,
                                     truncate,
                                     sync,
                                     file_size,
                                     lock,
                                     unlock,
                                     check_reserved_lock,
                                     file_control,
                                     sector_size,
                                     characteristics,
                                     map_index,
                                     lock_index,
                                     index_barrier,
                                     unmap_index,
                                     nullptr,
                                     nullptr};

// --- the VFS itself

disk_vfs& served_by(sqlite3_vfs* vfs) {
    return *static_cast<disk_vfs*>(vfs->pAppData);
}

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    file->pMethods = nullptr;
    auto& via = served_by(vfs);
    if (via.serving() == nullptr || !via.serving()->alive) return SQLITE_CANTOPEN;
    auto& files = via.on().files();
    auto bytes = name == nullptr ? std::make_shared<disk_file>() : files.find(name);
    if (bytes == nullptr) {
        if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
        if (!via.serving()->effect("create")) return SQLITE_CANTOPEN;
        bytes = files.create(name);
    }
    auto* const it = new (file) open_file();
    it->bytes = std::move(bytes);
    it->owner = via.serving();
    it->failures_told = it->bytes->failures();
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0) it->shared = &via.on().shared(name);
    it->owner->files.insert(it);
    it->pMethods = &methods;
    if (flags_out != nullptr) *flags_out = flags;
    return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* name, int /*sync_directory*/) {
    auto& via = served_by(vfs);
    if (!via.serving()->effect("remove")) return SQLITE_IOERR_DELETE;
    if (via.on().files().find(name) == nullptr) return SQLITE_IOERR_DELETE_NOENT;
    via.on().files().remove(name);
    return SQLITE_OK;
}

int access(sqlite3_vfs* vfs, const char* name, int /*flags*/, int* answer) {
    *answer = served_by(vfs).on().files().find(name) != nullptr ? 1 : 0;
    return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int bytes, char* out) {
    sqlite3_snprintf(bytes, out, "%s", name);
    return SQLITE_OK;
}

int randomness(sqlite3_vfs*, int bytes, char* out) {
    std::memset(out, 7, static_cast<std::size_t>(bytes));
    return bytes;
}

int pass_time(sqlite3_vfs*, int microseconds) {
    return microseconds; // whoever sleeps here blocks the simulated machine: time does not go on
}

int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* julian_ms) {
    constexpr sqlite3_int64 epoch_julian_ms = 210'866'760'000'000;
    *julian_ms = epoch_julian_ms + served_by(vfs).on().wall().time_since_epoch().count();
    return SQLITE_OK;
}

int current_time(sqlite3_vfs* vfs, double* julian_days) {
    sqlite3_int64 now_ms = 0;
    current_time_ms(vfs, &now_ms);
    *julian_days = static_cast<double>(now_ms) / 86'400'000.0;
    return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) {
    return 0;
}

} // namespace

struct disk_vfs::registration {
    sqlite3_vfs vfs{};
};

disk_vfs::disk_vfs(std::string name, machine& on)
    : name_(std::move(name)), on_(on), registration_(std::make_unique<registration>()) {
    auto& vfs = registration_->vfs;
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(open_file);
    vfs.mxPathname = 256;
    vfs.zName = name_.c_str();
    vfs.pAppData = this;
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = access;
    vfs.xFullPathname = full_path;
    vfs.xRandomness = randomness;
    vfs.xSleep = pass_time;
    vfs.xCurrentTime = current_time;
    vfs.xGetLastError = last_error;
    vfs.xCurrentTimeInt64 = current_time_ms;
    sqlite3_vfs_register(&vfs, 0);
}

disk_vfs::~disk_vfs() {
    sqlite3_vfs_unregister(&registration_->vfs);
}

void machine::kill(process& victim) {
    victim.alive = false;
    for (auto* file : victim.files)
        file->let_go();
}

void machine::cut_power() {
    disk_.power_cut(fate_);
}

} // namespace cannedd::simulation
