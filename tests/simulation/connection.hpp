// A plain SQLite connection, as a producer or an operator has one: no code of the daemon's. Faults of the
// database are values: a neighbour that meets a lock or a failing disk goes away and comes back.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <variant>

struct sqlite3;
struct sqlite3_stmt;

namespace cannedd::simulation {

class connection {
public:
    using value = std::variant<std::monostate, std::int64_t, std::string>; // the first: NULL

    connection(const std::string& file, const char* vfs);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    // Any number of statements. False: refused, locked or failed; error() says which.
    bool execute(const std::string& script);
    const std::string& error() const { return error_; }

    class row {
    public:
        explicit row(sqlite3_stmt* statement) : statement_(statement) {}
        std::int64_t number(int column) const;
        std::string text(int column) const; // NULL reads as empty
        bool is_null(int column) const;

    private:
        sqlite3_stmt* statement_;
    };
    // False: it could not be carried out, or not be read to its end.
    bool query(const std::string& words, std::initializer_list<value> values,
               const std::function<void(const row&)>& each);
    // The first column of the first row; -1: there is none, or it cannot be read now.
    std::int64_t number(const std::string& words, std::initializer_list<value> values = {});

private:
    sqlite3_stmt* prepared(const std::string& words);
    sqlite3* handle_ = nullptr;
    std::map<std::string, sqlite3_stmt*> statements_;
    std::string error_;
};

} // namespace cannedd::simulation
