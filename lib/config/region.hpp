// The regions of Genesys Cloud and their hosts: regions.json, embedded at build time.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cannedd {

struct genesys_region {
    std::string_view name;   // us_east_1
    std::string_view domain; // mypurecloud.com
    std::string_view api_host;
    std::string_view login_host;
};

std::span<const genesys_region> genesys_regions() noexcept;

// By name (us_east_1, us-east-1) or domain (mypurecloud.com), whatever the case.
std::optional<genesys_region> region_named(std::string_view name_or_domain);

// The sentence for one that is not known: the near ones, or all.
std::string unknown_region(std::string_view name_or_domain);

} // namespace cannedd
