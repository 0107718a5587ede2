// What every target shares: a property that ends the run when it does not hold, and an input that is read
// line by line, so that seeds are texts that people can write.
#pragma once

#include "text/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace cannedd::fuzz {

// The fuzzer keeps the input of whoever aborts.
inline void must(bool holds, const char* property, std::string_view seen = {}) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n  seen: %.*s\n", property,
                 static_cast<int>(std::min<std::size_t>(seen.size(), 2'000)), seen.data());
    std::abort();
}

class input {
public:
    input(const std::uint8_t* data, std::size_t size)
        : rest_(size == 0 ? std::string_view()
                          : std::string_view(reinterpret_cast<const char*>(data), size)) {}

    bool empty() const { return rest_.empty(); }
    // Up to the next line feed, which is in neither.
    std::string line() {
        const auto end = rest_.find('\n');
        std::string found(rest_.substr(0, end));
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        return found;
    }
    std::string rest() const { return std::string(rest_); }

private:
    std::string_view rest_;
};

// The number that the text begins with; 0: none.
inline int number_in(std::string_view text) {
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

inline bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto next = decode_utf8(text);
        if (!next) return false;
        text.remove_prefix(next->bytes);
    }
    return true;
}

// Fit for a log and a terminal: UTF-8 without control characters.
inline bool is_one_line(std::string_view text) {
    while (!text.empty()) {
        const auto next = decode_utf8(text);
        if (!next || is_control(next->code_point)) return false;
        text.remove_prefix(next->bytes);
    }
    return true;
}

} // namespace cannedd::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
