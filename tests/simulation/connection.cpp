#include "connection.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace cannedd::simulation {

connection::connection(const std::string& file, const char* vfs) {
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(file.c_str(), &handle_, flags, vfs) == SQLITE_OK) {
        sqlite3_exec(handle_, "PRAGMA temp_store = MEMORY", nullptr, nullptr, nullptr);
        return;
    }
    sqlite3_close(handle_);
    throw std::runtime_error("a neighbour cannot open the database");
}

connection::~connection() {
    for (const auto& [words, statement] : statements_)
        sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

bool connection::execute(const std::string& script) {
    if (sqlite3_exec(handle_, script.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return true;
    error_ = sqlite3_errmsg(handle_);
    if (sqlite3_get_autocommit(handle_) == 0 && script.starts_with("COMMIT"))
        sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
    return false;
}

sqlite3_stmt* connection::prepared(const std::string& words) {
    auto& slot = statements_[words];
    if (slot == nullptr)
        sqlite3_prepare_v3(handle_, words.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &slot, nullptr);
    return slot;
}

bool connection::query(const std::string& words, std::initializer_list<value> values,
                       const std::function<void(const row&)>& each) {
    auto* const statement = prepared(words);
    int code = SQLITE_ERROR;
    if (statement != nullptr) {
        int position = 0;
        for (const auto& v : values) {
            ++position;
            if (const auto* number = std::get_if<std::int64_t>(&v))
                sqlite3_bind_int64(statement, position, *number);
            else if (const auto* text = std::get_if<std::string>(&v))
                sqlite3_bind_text(statement, position, text->c_str(), -1, SQLITE_TRANSIENT);
            else
                sqlite3_bind_null(statement, position);
        }
        while ((code = sqlite3_step(statement)) == SQLITE_ROW)
            each(row(statement));
    }
    if (code != SQLITE_DONE) error_ = sqlite3_errmsg(handle_);
    sqlite3_reset(statement);
    return code == SQLITE_DONE;
}

std::int64_t connection::number(const std::string& words, std::initializer_list<value> values) {
    std::int64_t answer = -1;
    query(words, values, [&answer](const row& r) { answer = r.number(0); });
    return answer;
}

std::int64_t connection::row::number(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string connection::row::text(int column) const {
    const auto* const begin = sqlite3_column_text(statement_, column);
    return begin == nullptr ? std::string() : reinterpret_cast<const char*>(begin);
}

bool connection::row::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

} // namespace cannedd::simulation
