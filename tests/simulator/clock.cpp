#include "simulator/clock.hpp"

#include <array>
#include <cstdio>

namespace cannedd::sim {

std::string dice::uuid() {
    const auto high = engine_();
    const auto low = engine_();
    std::array<char, 40> text{};
    const int size = std::snprintf(
        text.data(), text.size(), "%08x-%04x-4%03x-%04x-%012llx", static_cast<unsigned>(high >> 32),
        static_cast<unsigned>(high >> 16 & 0xFFFF), static_cast<unsigned>(high & 0xFFF),
        static_cast<unsigned>(0x8000 | (low >> 48 & 0x3FFF)),
        static_cast<unsigned long long>(low & 0xFFFFFFFFFFFF));
    return std::string(text.data(), static_cast<std::size_t>(size));
}

} // namespace cannedd::sim
