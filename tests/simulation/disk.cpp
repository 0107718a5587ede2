#include "disk.hpp"

#include <algorithm>

namespace cannedd::simulation {
namespace {

constexpr std::size_t sector_bytes = 512;

void put_into(std::string& content, std::size_t offset, std::string_view bytes) {
    if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size(), '\0');
    std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(offset));
}

// How the platter fares: which share of the sectors in the order of their writing, and whether the rest may
// have overtaken them.
enum class loss : std::uint8_t { everything, nothing, all_after_some, some_here_and_there };

} // namespace

std::string_view disk_file::read(std::size_t offset, std::size_t bytes) const {
    if (offset >= seen_.size()) return {};
    return std::string_view(seen_).substr(offset, bytes);
}

void disk_file::carry_out(const change& what, std::string& on) {
    if (what.truncates)
        on.resize(what.offset, '\0');
    else
        put_into(on, what.offset, what.bytes);
}

void disk_file::write(std::size_t offset, std::string_view bytes) {
    put_into(seen_, offset, bytes);
    unsynced_.push_back({false, offset, std::string(bytes)});
}

void disk_file::truncate(std::size_t size) {
    seen_.resize(size, '\0');
    unsynced_.push_back({true, size, {}});
}

void disk_file::sync() {
    for (const auto& what : unsynced_)
        carry_out(what, durable_);
    unsynced_.clear();
    named_durably_ = true;
}

bool disk_file::power_cut(dice& fate) {
    const auto how = static_cast<loss>(fate.between(0, 3));
    if (!named_durably_ && (how == loss::everything || fate.chance(0.5))) return false;
    auto left = static_cast<int>(fate.between(0, static_cast<std::int64_t>(unsynced_.size()) * 2));
    const auto reached_the_platter = [&] {
        switch (how) {
        case loss::everything: return false;
        case loss::nothing: return true;
        case loss::all_after_some: return --left >= 0;
        case loss::some_here_and_there: break;
        }
        return fate.chance(0.5);
    };
    for (const auto& what : unsynced_) {
        if (what.truncates) {
            if (reached_the_platter()) carry_out(what, durable_);
            continue;
        }
        for (std::size_t at = 0; at < what.bytes.size();) {
            const auto part =
                std::min(what.bytes.size() - at, sector_bytes - (what.offset + at) % sector_bytes);
            if (reached_the_platter())
                put_into(durable_, what.offset + at, std::string_view(what.bytes).substr(at, part));
            at += part;
        }
    }
    unsynced_.clear();
    seen_ = durable_;
    return true;
}

std::shared_ptr<disk_file> disk::find(const std::string& name) const {
    const auto found = files_.find(name);
    return found == files_.end() ? nullptr : found->second;
}

std::shared_ptr<disk_file> disk::create(const std::string& name) {
    auto made = std::make_shared<disk_file>();
    made->named_durably_ = false;
    files_[name] = made;
    return made;
}

void disk::put(const std::string& name, std::string content) {
    files_[name] = std::make_shared<disk_file>(std::move(content));
}

void disk::power_cut(dice& fate) {
    std::erase_if(files_, [&](auto& entry) { return !entry.second->power_cut(fate); });
}

} // namespace cannedd::simulation
