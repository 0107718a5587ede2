#include "config/region.hpp"

#include "config/near_names.hpp"
#include "text/trimmed.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace cannedd {
namespace {

constexpr auto regions = std::to_array<genesys_region>({
#include "config/regions.inc"
});

// Blanks around it, and what a browser's address or a zone file ends a domain in.
std::string_view bare(std::string_view text) {
    text = trimmed(text);
    while (text.ends_with('/') || text.ends_with('.'))
        text.remove_suffix(1);
    return text;
}

std::string folded(std::string_view text, bool is_name) {
    std::string result(bare(text));
    for (char& c : result) {
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (is_name && c == '-') c = '_';
    }
    return result;
}

} // namespace

std::span<const genesys_region> genesys_regions() noexcept {
    return regions;
}

std::optional<genesys_region> region_named(std::string_view name_or_domain) {
    const auto name = folded(name_or_domain, true);
    const auto domain = folded(name_or_domain, false);
    const auto found = std::find_if(regions.begin(), regions.end(), [&](const genesys_region& region) {
        return region.name == name || region.domain == domain;
    });
    if (found == regions.end()) return std::nullopt;
    return *found;
}

std::string unknown_region(std::string_view name_or_domain) {
    if (bare(name_or_domain).find('/') != name_or_domain.npos)
        return "this is a URL: write the domain alone, like mypurecloud.de, or a region's name, like "
               "eu_central_1";
    std::string near;
    std::string all;
    const auto name = folded(name_or_domain, true);
    const auto domain = folded(name_or_domain, false);
    const std::size_t slips = name.size() / 5 + 1;
    for (const auto& region : regions) {
        const auto distance =
            std::min(edit_distance(name, region.name), edit_distance(domain, region.domain));
        const auto entry = std::string(region.name) + " (" + std::string(region.domain) + ")";
        if (distance <= slips) near += (near.empty() ? "" : ", ") + entry;
        all += (all.empty() ? "" : ", ") + entry;
    }
    return "no such region. " + (near.empty() ? "There are " + all : "Near it: " + near) +
           ". For another domain set api_url and login_url instead";
}

} // namespace cannedd
