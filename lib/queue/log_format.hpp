// How a write-ahead log lies in its file: a header, then frames, each a header of its own and a page
// (https://www.sqlite.org/fileformat2.html#walformat).
#pragma once

#include <cstddef>

namespace cannedd {

inline constexpr std::size_t log_header_bytes = 32;
inline constexpr std::size_t frame_header_bytes = 24;

} // namespace cannedd
