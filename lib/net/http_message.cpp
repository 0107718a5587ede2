#include "net/http_message.hpp"

#include <algorithm>
#include <cctype>

namespace cannedd {
namespace {

bool same_name(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

} // namespace

std::optional<std::string_view> http_reply::header(std::string_view name) const {
    for (const auto& h : headers)
        if (same_name(h.name, name)) return h.value;
    return std::nullopt;
}

} // namespace cannedd
