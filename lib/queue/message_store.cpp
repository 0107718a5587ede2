#include "queue/message_store.hpp"

#include <array>

namespace cannedd {

std::string_view name_of(message_status status) noexcept {
    constexpr std::array<std::string_view, 8> names{"pending", "sending",   "sent", "failed",
                                                    "expired", "cancelled", "held", "unconfirmed"};
    return names.at(static_cast<std::size_t>(status));
}

message_status status_named(std::string_view name) noexcept {
    for (int i = 0; i < static_cast<int>(message_status::unconfirmed); ++i)
        if (name_of(static_cast<message_status>(i)) == name) return static_cast<message_status>(i);
    return message_status::unconfirmed;
}

std::string_view name_of(store_trouble trouble) noexcept {
    constexpr std::array<std::string_view, 7> names{"busy",     "full",    "io",     "readonly",
                                                    "replaced", "corrupt", "foreign"};
    return names.at(static_cast<std::size_t>(trouble));
}

} // namespace cannedd
