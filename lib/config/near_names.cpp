#include "config/near_names.hpp"

#include <algorithm>
#include <utility>

namespace cannedd {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before_last = std::exchange(last, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
    }
    return row.back();
}

std::string_view near_name(std::string_view name, const std::vector<std::string_view>& candidates) {
    constexpr std::size_t name_bytes_max = 100; // nothing that long is a slip of the finger
    if (name.size() > name_bytes_max) return {};
    std::string_view nearest;
    std::size_t nearest_distance = std::max<std::size_t>(2, name.size() / 3 + 1);
    for (const auto candidate : candidates) {
        const auto distance = edit_distance(name, candidate);
        if (distance >= nearest_distance) continue;
        nearest = candidate;
        nearest_distance = distance;
    }
    return nearest;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& candidates) {
    const auto nearest = near_name(name, candidates);
    if (nearest.empty()) return {};
    return "; did you mean \"" + std::string(nearest) + "\"?";
}

} // namespace cannedd
