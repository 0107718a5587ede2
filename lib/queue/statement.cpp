#include "queue/statement.hpp"

#include "queue/fault.hpp"

#include <sqlite3.h>

namespace cannedd {

statement::~statement() {
    rewind();
}

void statement::rewind() {
    sqlite3_reset(prepared_);
    sqlite3_clear_bindings(prepared_);
}

bool statement::next() {
    const int code = sqlite3_step(prepared_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) throw_last_error(sqlite3_db_handle(prepared_));
    return false;
}

int statement::run() {
    while (next()) {
    }
    return sqlite3_changes(sqlite3_db_handle(prepared_));
}

std::int64_t statement::integer(int column) const {
    return sqlite3_column_int64(prepared_, column);
}

double statement::real(int column) const {
    return sqlite3_column_double(prepared_, column);
}

std::string statement::text(int column) const {
    const auto* const begin = sqlite3_column_text(prepared_, column);
    if (begin == nullptr) return {};
    const auto bytes = static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column));
    return std::string(reinterpret_cast<const char*>(begin), bytes);
}

bool statement::is_null(int column) const {
    return sqlite3_column_type(prepared_, column) == SQLITE_NULL;
}

std::optional<std::string> statement::maybe_text(int column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::optional<int> statement::maybe_int(int column) const {
    if (is_null(column)) return std::nullopt;
    return static_cast<int>(integer(column));
}

std::optional<wall_time> statement::maybe_wall(int column) const {
    if (is_null(column)) return std::nullopt;
    return wall(column);
}

void statement::bind(int position, std::int64_t value) {
    check(sqlite3_bind_int64(prepared_, position, value));
}

void statement::bind(int position, double value) {
    check(sqlite3_bind_double(prepared_, position, value));
}

void statement::bind(int position, std::string_view value) {
    // A null pointer would bind NULL; an empty text is not NULL.
    const char* const begin = value.data() == nullptr ? "" : value.data();
    const auto size = static_cast<int>(value.size());
    check(sqlite3_bind_text(prepared_, position, begin, size, borrows_ ? SQLITE_STATIC : SQLITE_TRANSIENT));
}

void statement::bind(int position, std::nullopt_t) {
    check(sqlite3_bind_null(prepared_, position));
}

void statement::check(int code) const {
    if (code != SQLITE_OK) throw_last_error(sqlite3_db_handle(prepared_));
}

} // namespace cannedd
