#include "net/chunk_head.hpp"

#include <algorithm>
#include <string_view>

namespace cannedd {

bool with_plain_chunk_head(std::string& bytes) {
    constexpr std::string_view end_of_line = "\r\n", digits = "0123456789abcdefABCDEF", blanks = " \t";
    // The end of the chunk before.
    const auto from = bytes.starts_with(end_of_line) ? end_of_line.size() : std::size_t{0};
    const auto line = std::string_view(bytes).substr(from, bytes.find(end_of_line, from) - from);
    const auto size_at = std::min(line.find_first_not_of(blanks), line.size());
    const auto after = std::min(line.find_first_not_of(digits, size_at), line.size());
    const bool has_more = after < line.size();
    if (after == size_at || (size_at == 0 && !has_more)) return false;
    if (has_more && line[after] != ';' && blanks.find(line[after]) == blanks.npos) return false;
    const std::string size(line.substr(size_at, after - size_at));
    const std::string plain = std::string(line.size() - size.size(), '0') + size;
    bytes.replace(from, line.size(), plain);
    return true;
}

} // namespace cannedd
