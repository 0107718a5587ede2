#include "intake/row_reader.hpp"

#include "text/utf8.hpp"

namespace cannedd {

std::string no_such_column(std::string_view name) {
    constexpr std::size_t shown_max = 60;
    std::string words = "there is no column '" + one_line(name, shown_max) + "' for producers: there are";
    for (const auto column : producer_columns)
        words += (column == producer_columns.front() ? " " : ", ") + std::string(column);
    return words;
}

} // namespace cannedd
