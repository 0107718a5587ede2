// The last hour as a plot: an SVG that stretches with the page, its labels beside it in HTML so that they
// keep their size, and its numbers as a table. Pure.
#pragma once

#include "page/facts.hpp"
#include "page/html.hpp"

#include <vector>

namespace cannedd {

void write_hour(html& page, const page_facts& facts);

// The top of an axis of counts and its steps: 1, 2 or 5 times a power of ten, at most four.
struct count_axis {
    std::int64_t top = 4;
    std::int64_t step = 1;
};
count_axis axis_for(std::int64_t most);
// The decades from which to which delays are drawn, in powers of ten of milliseconds.
struct delay_axis {
    int first = 1;
    int last = 3;
};
delay_axis axis_for(const std::vector<past_minute>& hour);

} // namespace cannedd
