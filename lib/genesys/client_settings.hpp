// What an account's client of Genesys is told. Plain values; clients of equal settings do the same.
#pragma once

#include "time/instant.hpp"

#include <cstddef>

namespace cannedd {

struct genesys_client_settings {
    milliseconds request_timeout = std::chrono::seconds(10);
    milliseconds resolve_cache = std::chrono::seconds(30);
    milliseconds response_cache = std::chrono::minutes(5);
    std::size_t cache_entries_max = 10'000; // of each cache
    bool operator==(const genesys_client_settings&) const = default;
};

} // namespace cannedd
