#include "disk.hpp"

#include <algorithm>
#include <utility>

namespace cannedd {
namespace {

constexpr std::size_t sector_bytes = 512;

std::size_t below(std::size_t bound, std::mt19937& chance) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(chance);
}

} // namespace

void unsynced_disk::add_synced(const std::string& name, std::uint64_t file, std::string bytes) {
    const auto stored = std::make_shared<stored_file>();
    stored->synced = std::move(bytes);
    files_[file] = stored;
    synced_names_[name] = names_[name] = stored;
}

void unsynced_disk::take(const record_head& head, const std::string& bytes) {
    ++number_;
    const auto found = files_.find(head.file);
    const bool known = found != files_.end();
    switch (head.kind) {
    case record_kind::named: return name(head, bytes);
    case record_kind::unlinked:
        if (const auto gone = names_.find(bytes); gone != names_.end()) {
            gone->second->unlinked = true;
            names_.erase(gone);
            pending_names_.push_back({number_, bytes, nullptr});
        }
        return;
    case record_kind::wrote:
        if (known)
            found->second->pending.push_back({number_, false, static_cast<std::size_t>(head.at), bytes});
        return;
    case record_kind::truncated:
        if (known) found->second->pending.push_back({number_, true, static_cast<std::size_t>(head.at), {}});
        return;
    case record_kind::sync_began: syncs_[{head.process, head.file}] = number_; return;
    case record_kind::sync_ended: return end_sync(head);
    case record_kind::seen:
    case record_kind::told: return;
    }
}

void unsynced_disk::name(const record_head& head, const std::string& name) {
    auto& stored = files_[head.file];
    if (stored != nullptr && !stored->unlinked) return; // opened once more
    stored = std::make_shared<stored_file>();
    names_[name] = stored;
    pending_names_.push_back({number_, name, stored});
}

void unsynced_disk::end_sync(const record_head& head) {
    const auto began = syncs_[{head.process, head.file}];
    if (head.file == directory_) {
        const auto later =
            std::ranges::find_if(pending_names_, [&](const auto& p) { return p.number > began; });
        std::for_each(pending_names_.begin(), later, [&](const auto& p) { apply(p, synced_names_); });
        pending_names_.erase(pending_names_.begin(), later);
        return;
    }
    const auto found = files_.find(head.file);
    if (found == files_.end()) return;
    auto& file = *found->second;
    const auto later = std::ranges::find_if(file.pending, [&](const auto& p) { return p.number > began; });
    std::for_each(file.pending.begin(), later, [&](const auto& p) { apply(p, file.synced); });
    file.pending.erase(file.pending.begin(), later);
}

void unsynced_disk::apply(const operation& what, std::string& bytes) {
    if (what.truncates) return bytes.resize(what.at);
    bytes.resize(std::max(bytes.size(), what.at + what.bytes.size()));
    bytes.replace(what.at, what.bytes.size(), what.bytes);
}

void unsynced_disk::apply(const renaming& what, names& to) {
    if (what.to != nullptr)
        to[what.name] = what.to;
    else
        to.erase(what.name);
}

std::size_t unsynced_disk::unsynced_operations() const {
    auto sum = pending_names_.size();
    for (const auto& [inode, file] : files_)
        sum += file->pending.size();
    return sum;
}

std::size_t unsynced_disk::first_pending() const {
    auto first = number_;
    if (!pending_names_.empty()) first = std::min(first, pending_names_.front().number);
    for (const auto& [inode, file] : files_)
        if (!file->pending.empty()) first = std::min(first, file->pending.front().number);
    return first;
}

// Each sector is as it was after some of its writes, each file as long as after some of its truncations.
std::string unsynced_disk::with_some_sectors(const stored_file& file, std::mt19937& chance) {
    std::map<std::size_t, std::size_t> writes; // sector -> how often it was written
    const auto each_piece = [](const operation& what, auto&& act) {
        for (std::size_t from = what.at, end = what.at + what.bytes.size(); from < end;) {
            const auto to = std::min(end, (from / sector_bytes + 1) * sector_bytes);
            act(from / sector_bytes, from, to);
            from = to;
        }
    };
    for (const auto& what : file.pending)
        each_piece(what, [&](std::size_t sector, std::size_t, std::size_t) { ++writes[sector]; });
    for (auto& [sector, times] : writes) { // none, all or some of them
        const auto kind = below(3, chance);
        times = kind == 0 ? 0 : kind == 1 ? times : below(times + 1, chance);
    }
    auto bytes = file.synced;
    for (const auto& what : file.pending) {
        if (what.truncates && below(2, chance) == 0) apply(what, bytes);
        each_piece(what, [&](std::size_t sector, std::size_t from, std::size_t to) {
            if (writes[sector] == 0) return;
            --writes[sector];
            apply({0, false, from, what.bytes.substr(from - what.at, to - from)}, bytes);
        });
    }
    return bytes;
}

std::string unsynced_disk::surviving(const stored_file& file, survivors which, std::size_t moment,
                                     std::mt19937& chance) const {
    if (which == survivors::sectors) return with_some_sectors(file, chance);
    auto bytes = file.synced;
    for (const auto& what : file.pending)
        if (what.number <= moment) apply(what, bytes);
    return bytes;
}

disk_image unsynced_disk::cut_power(survivors which, std::mt19937& chance) const {
    const auto first = first_pending();
    std::size_t moment = 0;
    if (which == survivors::all) moment = number_;
    if (which == survivors::prefix || which == survivors::sectors)
        moment = first - 1 + below(number_ - first + 2, chance);
    auto found = synced_names_;
    for (const auto& what : pending_names_) // a directory keeps the order of its changes
        if (what.number <= moment) apply(what, found);
    disk_image image;
    for (const auto& [name, file] : found)
        image[name] = surviving(*file, which, moment, chance);
    return image;
}

} // namespace cannedd
