#include "delivery/row_lines.hpp"

#include <utility>

namespace cannedd {
namespace {

constexpr std::size_t rows_told_max = 20;

} // namespace

void row_lines::add(row_words what, std::vector<log_field> fields) {
    auto& kind = kinds_[what];
    if (++kind.rows <= rows_told_max) kind.first.push_back(std::move(fields));
}

void row_lines::tell(logger& log, const std::vector<log_field>& common) {
    for (auto& [what, kind] : std::exchange(kinds_, {})) {
        if (kind.rows <= rows_told_max) {
            for (auto& fields : kind.first)
                log.write_fields(log_level::notice, what.one, std::move(fields));
            continue;
        }
        std::vector<log_field> fields{{"messages", kind.rows}};
        fields.insert(fields.end(), common.begin(), common.end());
        log.write_fields(log_level::notice, what.many, std::move(fields));
    }
}

} // namespace cannedd
