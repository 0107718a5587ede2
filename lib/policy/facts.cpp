#include "policy/facts.hpp"

#include <array>

namespace cannedd {

std::string_view name_of(phase p) noexcept {
    constexpr std::array<std::string_view, 4> names{"not_connected", "not_written", "written", "replied"};
    return names.at(static_cast<std::size_t>(p));
}

std::string_view name_of(transport_fault fault) noexcept {
    constexpr std::array<std::string_view, 8> names{
        "none", "dns", "connect", "tls", "timeout", "connection_lost", "bad_reply", "too_large"};
    return names.at(static_cast<std::size_t>(fault));
}

} // namespace cannedd
