// A row that ended, or waits for a person, without a try of its own: nobody else tells its story.
#pragma once

#include "error/errc.hpp"
#include "queue/message.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cannedd {

struct set_aside_row {
    std::int64_t id = 0;
    std::string account;
    std::string lane;
    message_status to = message_status::expired; // or held, failed; cancelled: a person stopped it
    std::optional<errc> error;                   // of what is held or failed
};

} // namespace cannedd
