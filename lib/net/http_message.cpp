#include "net/http_message.hpp"

#include <algorithm>

namespace cannedd {
namespace {

// No call of the C library's for each letter: twenty names are compared for each answer.
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return x == y || lower(x) == lower(y); });
}

} // namespace

std::optional<std::string_view> http_reply::header(std::string_view name) const {
    for (const auto& h : headers)
        if (same_name(h.name, name)) return h.value;
    return std::nullopt;
}

} // namespace cannedd
