#include "queue/id_ranges.hpp"

#include <utility>

namespace cannedd {
namespace {

constexpr int told_ranges_max = 20;

} // namespace

void id_ranges::add(std::int64_t id) {
    ++count_;
    if (begun_ && id == last_ + 1) {
        last_ = id;
        return;
    }
    close();
    begun_ = true;
    first_ = last_ = id;
}

std::string id_ranges::words() {
    close();
    return told_ > told_ranges_max ? words_ + ", ..." : words_;
}

void id_ranges::close() {
    if (!std::exchange(begun_, false) || ++told_ > told_ranges_max) return;
    words_ += (words_.empty() ? "" : ", ") + std::to_string(first_);
    if (last_ > first_) words_ += " to " + std::to_string(last_);
}

} // namespace cannedd
