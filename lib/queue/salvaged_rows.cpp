#include "queue/salvaged_rows.hpp"

#include "queue/fault.hpp"
#include "queue/id_ranges.hpp"

#include <sqlite3.h>

#include <algorithm>

namespace cannedd {
namespace {

constexpr int rows_per_commit = 500;
constexpr auto was_pending = "salvaged while it was pending: it may have been sent since. "
                             "Look into the conversation, then set status to pending or cancelled";
// Behind the last id that is known to have been given, one that cannot be read says nothing.
constexpr std::int64_t blind_steps_max = 10'000;

class table_copy {
public:
    table_copy(database& from, database& to, std::string table, salvage_report& report,
               const std::function<void(std::int64_t)>& progress, std::int64_t copied_before)
        : from_(from), to_(to), report_(report), progress_(progress), copied_before_(copied_before) {
        told_.name = std::move(table);
        const auto there = columns_in(from, told_.name);
        std::string names, places;
        for (const auto& column : columns_in(to, told_.name)) {
            if (std::ranges::find(there, column) == there.end()) continue; // of a later schema
            if (column == "status" && told_.name == "messages") status_at_ = width_;
            if (column == "error_detail" && told_.name == "messages") detail_at_ = width_;
            names += (width_ == 0 ? "" : ", ") + column;
            ++width_;
            places += (width_ == 1 ? "?" : ", ?") + std::to_string(width_);
        }
        const auto ask = "SELECT rowid, " + names + " FROM " + told_.name + " NOT INDEXED WHERE rowid ";
        if (width_ == 0) return;
        range_ = prepare(from, ask + "> ?1 ORDER BY rowid");
        point_ = prepare(from, ask + "= ?1");
        insert_ = prepare(to, "INSERT INTO " + told_.name + " (" + names + ") VALUES (" + places + ")");
    }

    salvaged_table run() {
        if (width_ == 0) throw sqlite_error(SQLITE_CORRUPT, "its definition cannot be read");
        while (!read_on() && step_over()) {
        }
        commit();
        told_.lost = lost_.count();
        told_.lost_ids = lost_.words();
        return told_;
    }

private:
    // True: to the end of the table. False: behind last_ lies what cannot be read.
    bool read_on() {
        sqlite3_bind_int64(range_.get(), 1, last_);
        int code = SQLITE_ROW;
        disorder_ = false;
        while ((code = sqlite3_step(range_.get())) == SQLITE_ROW) {
            const auto id = sqlite3_column_int64(range_.get(), 0);
            // A page that holds other things than it did, as the one through which a file is cut off.
            disorder_ = id <= last_;
            if (disorder_) break;
            last_ = id;
            copy(range_.get());
        }
        sqlite3_reset(range_.get());
        return code == SQLITE_DONE;
    }

    // Id by id, until one can be read again. False: there is none any more.
    bool step_over() {
        if (!end_) end_ = find_end();
        const auto end = end_->value_or(last_ + blind_steps_max);
        told_.end_unknown = told_.end_unknown || !*end_;
        told_.is_guess = told_.is_guess || !*end_;
        while (last_ < end) {
            ++last_;
            sqlite3_bind_int64(point_.get(), 1, last_);
            const int code = sqlite3_step(point_.get());
            if (code == SQLITE_ROW) copy(point_.get());
            sqlite3_reset(point_.get());
            if (code == SQLITE_ROW) return true;
            if (code != SQLITE_DONE || disorder_) lost_.add(last_);
        }
        return false;
    }

    // The highest id that the table can have, by whatever can still be read.
    std::optional<std::int64_t> find_end() {
        std::optional<std::int64_t> end;
        const auto consider = [&](const std::string& query) {
            const auto found = number_if_readable(from_, query);
            if (found && *found > 0) end = std::max(end.value_or(0), *found);
        };
        if (told_.name == "messages") {
            consider("SELECT seq FROM sqlite_sequence WHERE name = 'messages'");
            told_.end_unknown =
                told_.end_unknown || !end; // what else tells of an end is the least that it can be
            consider("SELECT max(message_id) FROM attempts INDEXED BY attempts_message");
        }
        consider("SELECT max(rowid) FROM " + told_.name + " NOT INDEXED");
        return end;
    }

    void copy(sqlite3_stmt* row) {
        if (!to_.in_transaction()) to_.execute("BEGIN IMMEDIATE");
        for (int column = 0; column < width_; ++column)
            sqlite3_bind_value(insert_.get(), column + 1, sqlite3_column_value(row, column + 1));
        std::int64_t* changed = nullptr;
        if (status_at_ >= 0) changed = put_to_rest(row);
        const int code = sqlite3_step(insert_.get());
        sqlite3_reset(insert_.get());
        if (code == SQLITE_DONE) {
            ++told_.copied;
            if (changed != nullptr) ++*changed;
        } else if ((code & 0xff) == SQLITE_CONSTRAINT || (code & 0xff) == SQLITE_MISMATCH) {
            ++told_.refused;
        } else {
            throw_last_error(to_.handle());
        }
        if (++uncommitted_ >= rows_per_commit) commit();
    }

    // The counter of what becomes of it; null: it stays as it is.
    std::int64_t* put_to_rest(sqlite3_stmt* row) {
        const auto* const words = reinterpret_cast<const char*>(sqlite3_column_text(row, status_at_ + 1));
        const std::string status = words == nullptr ? "" : words;
        if (status == "pending") {
            sqlite3_bind_text(insert_.get(), status_at_ + 1, "held", -1, SQLITE_STATIC);
            // Over what a try has left there: what a person has held looks otherwise, and stays held.
            if (detail_at_ >= 0)
                sqlite3_bind_text(insert_.get(), detail_at_ + 1, was_pending, -1, SQLITE_STATIC);
            return &report_.held;
        }
        if (status != "sending") return nullptr;
        sqlite3_bind_text(insert_.get(), status_at_ + 1, "unconfirmed", -1, SQLITE_STATIC);
        return &report_.unconfirmed;
    }

    void commit() {
        if (to_.in_transaction()) to_.execute("COMMIT");
        uncommitted_ = 0;
        progress_(copied_before_ + told_.copied);
    }

    database& from_;
    database& to_;
    salvage_report& report_;
    const std::function<void(std::int64_t)>& progress_;
    std::int64_t copied_before_;
    salvaged_table told_;
    id_ranges lost_;
    prepared_statement range_, point_, insert_;
    int width_ = 0;
    int status_at_ = -1, detail_at_ = -1;
    std::int64_t last_ = 0;
    bool disorder_ = false; // what is not found behind last_ may have been there
    std::optional<std::optional<std::int64_t>> end_;
    int uncommitted_ = 0;
};

} // namespace

void statement_end::operator()(sqlite3_stmt* prepared) const {
    sqlite3_finalize(prepared);
}

prepared_statement prepare(database& db, const std::string& words) {
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v2(db.handle(), words.c_str(), -1, &made, nullptr) != SQLITE_OK)
        throw_last_error(db.handle());
    return prepared_statement(made);
}

std::vector<std::string> columns_in(database& db, const std::string& table) {
    std::vector<std::string> names;
    const auto rows = prepare(db, "SELECT name FROM pragma_table_info('" + table + "')");
    while (sqlite3_step(rows.get()) == SQLITE_ROW)
        names.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(rows.get(), 0)));
    return names;
}

// What the page does not tell any more is nothing.
std::optional<std::int64_t> number_if_readable(database& db, const std::string& query) {
    try {
        return db.number(query);
    } catch (const sqlite_error&) {
        return std::nullopt;
    }
}

salvaged_table copy_rows(database& from, database& to, const std::string& table, salvage_report& report,
                         const std::function<void(std::int64_t)>& progress, std::int64_t copied_before) {
    return table_copy(from, to, table, report, progress, copied_before).run();
}

} // namespace cannedd
