#include "journal.hpp"

#include <array>
#include <cstdio>

namespace cannedd::simulation {

void journal::note(std::string_view text) {
    if (!wanted_) return;
    const auto since = std::chrono::duration_cast<milliseconds>(time_.steady() - began_).count();
    std::array<char, 32> stamp{};
    std::snprintf(stamp.data(), stamp.size(), "%9.3f  ", static_cast<double>(since) / 1000.0);
    lines_.push_back(stamp.data() + std::string(text));
}

void journal::violate(std::string_view rule, const std::string& what) {
    note("VIOLATION " + std::string(rule) + ": " + what);
    violations_.push_back({std::string(rule), what});
}

} // namespace cannedd::simulation
