// A prepared statement in use: parameters bound in order, rows read by position. It belongs to the
// connection's cache and goes back there, reset, at the end of the scope; so one statement is never in use
// twice at a time.
#pragma once

#include "error/errc.hpp"
#include "time/instant.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

struct sqlite3_stmt;

namespace cannedd {

class statement {
public:
    explicit statement(sqlite3_stmt* prepared) noexcept : prepared_(prepared) {}
    ~statement();
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    // Binds ?1, ?2, ... in order.
    template<typename... Values>
    statement& with(const Values&... values) {
        int position = 0;
        (bind(++position, values), ...);
        return *this;
    }

    // The same from a range, whose values may be of several types.
    template<typename Range>
    statement& with_each(const Range& values) {
        int position = 0;
        for (const auto& value : values)
            bind(++position, value);
        return *this;
    }

    // To its end, as run(). Texts are borrowed, not copied: what is passed lives until then.
    template<typename... Values>
    int run_with(const Values&... values) {
        borrows_ = true;
        return with(values...).run();
    }

    bool next();   // a row is there to read, or it was the last
    int run();     // to its end; how many rows it changed, those of triggers not counted
    void rewind(); // for another with()

    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const; // NULL reads as empty
    bool is_null(int column) const;
    wall_time wall(int column) const { return wall_time(milliseconds(integer(column))); }
    std::optional<std::string> maybe_text(int column) const;
    std::optional<int> maybe_int(int column) const;
    std::optional<wall_time> maybe_wall(int column) const;

private:
    void bind(int position, std::int64_t value);
    void bind(int position, double value);
    void bind(int position, std::string_view value);
    void bind(int position, std::nullopt_t);
    void bind(int position, std::same_as<bool> auto value) { bind(position, std::int64_t{value}); }
    void bind(int position, int value) { bind(position, std::int64_t{value}); }
    void bind(int position, const std::string& value) { bind(position, std::string_view(value)); }
    void bind(int position, const char* value) { bind(position, std::string_view(value)); }
    void bind(int position, wall_time value) {
        bind(position, std::int64_t{value.time_since_epoch().count()});
    }
    void bind(int position, milliseconds value) { bind(position, std::int64_t{value.count()}); }
    void bind(int position, errc value) { bind(position, name_of(value)); }
    void bind(int position, std::monostate) { bind(position, std::nullopt); }
    template<typename... T>
    void bind(int position, const std::variant<T...>& value) {
        std::visit([&](const auto& it) { bind(position, it); }, value);
    }
    template<typename T>
    void bind(int position, const std::optional<T>& value) {
        if (value) {
            bind(position, *value);
        } else {
            bind(position, std::nullopt);
        }
    }

    void check(int code) const;

    sqlite3_stmt* prepared_;
    bool borrows_ = false;
};

} // namespace cannedd
