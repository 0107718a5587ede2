// Ages after which finished rows are deleted: texts are personal data. Plain values.
#pragma once

#include "time/instant.hpp"

namespace cannedd {

struct retention_limits {
    milliseconds sent = std::chrono::hours(24 * 7);
    milliseconds failed = std::chrono::hours(24 * 30); // failed, expired, cancelled
    milliseconds attempts = std::chrono::hours(24 * 30);
    bool operator==(const retention_limits&) const = default;
};

} // namespace cannedd
