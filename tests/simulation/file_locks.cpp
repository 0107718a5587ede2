#include "file_locks.hpp"

#include <sqlite3.h>

namespace cannedd::simulation {

bool file_locks::lock(lock_owner owner, int& held, int wanted) {
    if (held >= wanted) return true;
    const bool others_write = writer_ != nullptr && writer_ != owner;
    if (wanted == SQLITE_LOCK_SHARED) {
        if (pending_ && others_write) return false;
        readers_.insert(owner);
    } else {
        if (others_write) return false;
        writer_ = owner;
        if (wanted == SQLITE_LOCK_EXCLUSIVE) {
            pending_ = true;
            held = SQLITE_LOCK_PENDING;
            if (readers_.size() > 1) return false;
        }
    }
    held = wanted;
    return true;
}

void file_locks::unlock(lock_owner owner, int& held, int wanted) {
    if (writer_ == owner) {
        writer_ = nullptr;
        pending_ = false;
    }
    if (wanted == SQLITE_LOCK_NONE) readers_.erase(owner);
    held = wanted;
}

void* shared_memory::map(lock_owner owner, std::size_t region, std::size_t bytes, bool extend) {
    if (users_.empty()) regions_.clear();
    users_.insert(owner);
    while (extend && regions_.size() <= region)
        regions_.push_back(std::make_unique<std::vector<char>>(bytes));
    return region < regions_.size() ? regions_[region]->data() : nullptr;
}

void shared_memory::unmap(lock_owner owner) {
    unlock(owner, 0, slots);
    users_.erase(owner);
}

bool shared_memory::lock(lock_owner owner, int first, int count, bool exclusive) {
    for (int i = first; i < first + count; ++i) {
        const auto& at = slots_.at(static_cast<std::size_t>(i));
        if (at.exclusive != nullptr && at.exclusive != owner) return false;
        const bool others_share = at.shared.size() > at.shared.count(owner);
        if (exclusive && others_share) return false;
    }
    for (int i = first; i < first + count; ++i) {
        auto& at = slots_.at(static_cast<std::size_t>(i));
        if (exclusive)
            at.exclusive = owner;
        else
            at.shared.insert(owner);
    }
    return true;
}

void shared_memory::unlock(lock_owner owner, int first, int count) {
    for (int i = first; i < first + count; ++i) {
        auto& at = slots_.at(static_cast<std::size_t>(i));
        at.shared.erase(owner);
        if (at.exclusive == owner) at.exclusive = nullptr;
    }
}

} // namespace cannedd::simulation
