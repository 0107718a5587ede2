#include "config/duration.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace cannedd {
namespace {

struct unit {
    std::string_view name;
    std::chrono::milliseconds length;
};

constexpr std::array<unit, 5> units{{{"d", std::chrono::days(1)},
                                     {"h", std::chrono::hours(1)},
                                     {"m", std::chrono::minutes(1)},
                                     {"s", std::chrono::seconds(1)},
                                     {"ms", std::chrono::milliseconds(1)}}};

constexpr std::chrono::milliseconds longest = std::chrono::days(365'250);

} // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    long long count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || count < 0) return std::nullopt;
    const auto suffix = text.substr(static_cast<std::size_t>(end - text.data()));
    const auto found =
        std::find_if(units.begin(), units.end(), [&](const unit& u) { return u.name == suffix; });
    if (found == units.end() || count > longest / found->length) return std::nullopt;
    return count * found->length;
}

std::string to_text(std::chrono::milliseconds duration) {
    if (duration.count() == 0) return "0s";
    const auto found = std::find_if(units.begin(), units.end(),
                                    [&](const unit& u) { return duration % u.length == duration.zero(); });
    return std::to_string(duration / found->length) + std::string(found->name);
}

} // namespace cannedd
