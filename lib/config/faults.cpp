#include "config/faults.hpp"

#include <algorithm>

namespace cannedd {

std::vector<config_fault> fault_list::sorted() const {
    auto result = faults_;
    std::stable_sort(result.begin(), result.end(),
                     [](const config_fault& a, const config_fault& b) { return a.line < b.line; });
    return result;
}

} // namespace cannedd
