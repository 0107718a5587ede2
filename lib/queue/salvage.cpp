#include "queue/salvage.hpp"

#include "queue/fault.hpp"
#include "queue/migration.hpp"
#include "queue/opening.hpp"
#include "schema/embedded.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <set>

namespace cannedd {
namespace {

constexpr int rows_per_commit = 500;
constexpr int told_ranges_max = 20;
constexpr auto was_pending =
    "copied from a damaged database, in which it was pending: it may have been sent since. "
    "Look into the conversation, then set status to pending or cancelled";
// Behind the last id that is known to have been given, one that cannot be read says nothing.
constexpr std::int64_t blind_steps_max = 10'000;

struct finalizer {
    void operator()(sqlite3_stmt* prepared) const { sqlite3_finalize(prepared); }
};
using prepared = std::unique_ptr<sqlite3_stmt, finalizer>;

prepared prepare(database& db, const std::string& words) {
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v2(db.handle(), words.c_str(), -1, &made, nullptr) != SQLITE_OK)
        throw_last_error(db.handle());
    return prepared(made);
}

// "17 to 44, 90"
class id_ranges {
public:
    void add(std::int64_t id) {
        ++count_;
        if (begun_ && id == last_ + 1) {
            last_ = id;
            return;
        }
        close();
        begun_ = true;
        first_ = last_ = id;
    }
    std::int64_t count() const { return count_; }
    std::string words() {
        close();
        return told_ > told_ranges_max ? words_ + ", ..." : words_;
    }

private:
    void close() {
        if (!std::exchange(begun_, false) || ++told_ > told_ranges_max) return;
        words_ += (words_.empty() ? "" : ", ") + std::to_string(first_);
        if (last_ > first_) words_ += " to " + std::to_string(last_);
    }

    std::string words_;
    std::int64_t count_ = 0, first_ = 0, last_ = 0;
    int told_ = 0;
    bool begun_ = false;
};

std::vector<std::string> columns_of(database& db, const std::string& table) {
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

class table_copy {
public:
    table_copy(database& from, database& to, std::string table, salvage_report& report,
               const std::function<void(std::int64_t)>& progress, std::int64_t copied_before)
        : from_(from), to_(to), report_(report), progress_(progress), copied_before_(copied_before) {
        told_.name = std::move(table);
        const auto there = columns_of(from, told_.name);
        std::string names, places;
        for (const auto& column : columns_of(to, told_.name)) {
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
        consider("SELECT max(rowid) FROM " + told_.name + " NOT INDEXED");
        if (told_.name == "messages") {
            consider("SELECT seq FROM sqlite_sequence WHERE name = 'messages'");
            consider("SELECT max(message_id) FROM attempts INDEXED BY attempts_message");
        }
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
    prepared range_, point_, insert_;
    int width_ = 0;
    int status_at_ = -1, detail_at_ = -1;
    std::int64_t last_ = 0;
    bool disorder_ = false; // what is not found behind last_ may have been there
    std::optional<std::optional<std::int64_t>> end_;
    int uncommitted_ = 0;
};

// Its own checkpoint would write the log into the damaged file.
std::unique_ptr<database> open_damaged(const std::filesystem::path& file) {
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
    auto db = std::make_unique<database>(file.string(), flags, nullptr);
    sqlite3_db_config(db->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_db_config(db->handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // writable_schema: definitions that cannot be read are passed over, and whatever has one can be read.
    db->execute("PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA cell_size_check = ON; "
                "PRAGMA writable_schema = ON");
    int keep = 1;
    sqlite3_file_control(db->handle(), "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    db->number("PRAGMA schema_version"); // whether it is a database at all
    return db;
}

// A table of which not even the definition can be read is lost as a whole.
void copy_tables(database& from, database& to, salvage_report& report,
                 const std::function<void(std::int64_t)>& progress) {
    std::int64_t copied = 0;
    for (const auto* const table : {"messages", "attempts", "responses", "accounts", "changes"}) {
        salvaged_table told;
        told.name = table;
        try {
            told = table_copy(from, to, table, report, progress, copied).run();
        } catch (const sqlite_error& error) {
            if ((error.extended_code() & 0xff) != SQLITE_CORRUPT &&
                (error.extended_code() & 0xff) != SQLITE_ERROR)
                throw;
            told.end_unknown = true;
        }
        copied += told.copied;
        report.tables.push_back(std::move(told));
    }
}

void keep_books(database& from, database& to) {
    write_transaction transaction(to);
    to.execute(R"(
UPDATE messages SET error = 'unconfirmed', error_detail = 'copied from a damaged database, in which it was being sent: look into the conversation, then set status to sent, failed or (to send it again) pending'
 WHERE status = 'unconfirmed' AND error_detail IS NULL;
DELETE FROM counters;
INSERT INTO counters (account, status, messages) SELECT account, status, count(*) FROM messages GROUP BY account, status;
INSERT INTO sqlite_sequence (name, seq) SELECT 'messages', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'messages');
)");
    const auto given = number_if_readable(from, "SELECT seq FROM sqlite_sequence WHERE name = 'messages'");
    to.execute("UPDATE sqlite_sequence SET seq = max(seq, " + std::to_string(given.value_or(0)) +
               ") WHERE name = 'messages'");
    transaction.commit();
}

std::vector<std::string> others_in(database& from) {
    std::vector<std::string> names;
    try {
        const auto rows = prepare(
            from, "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'");
        while (sqlite3_step(rows.get()) == SQLITE_ROW) {
            const std::string name = reinterpret_cast<const char*>(sqlite3_column_text(rows.get(), 0));
            if (!is_ours(name)) names.push_back(name);
        }
    } catch (const sqlite_error&) { // then they are not told
    }
    return names;
}

void remove_all_of(const std::filesystem::path& file) {
    std::error_code ignored;
    for (const auto* const ending : {"", "-wal", "-shm"})
        std::filesystem::remove(file.string() + ending, ignored);
}

salvage_report copy_into(const std::filesystem::path& damaged, const std::filesystem::path& fresh,
                         logger& log, const std::function<void(std::int64_t)>& progress) {
    const auto from = open_damaged(damaged);
    store_settings where;
    where.database = fresh;
    const auto to = open_queue(where, log);
    salvage_report report;
    copy_tables(*from, *to, report, progress);
    keep_books(*from, *to);
    report.counted = number_if_readable(*from, "SELECT sum(messages) FROM counters").value_or(-1);
    report.left_behind = others_in(*from);
    return report;
}

} // namespace

salvage_report salvage_queue(const std::filesystem::path& damaged, const std::filesystem::path& fresh,
                             logger& log, const std::function<void(std::int64_t)>& progress) {
    if (!std::filesystem::exists(damaged))
        throw std::runtime_error("there is no database " + damaged.string());
    if (std::filesystem::exists(std::filesystem::symlink_status(fresh)))
        throw std::runtime_error(fresh.string() + " is there already: name a file that is not");
    try {
        return copy_into(damaged, fresh, log, progress);
    } catch (const sqlite_error& error) {
        remove_all_of(fresh);
        throw std::runtime_error("nothing was copied from " + damaged.string() + " (SQLite " +
                                 std::to_string(error.extended_code()) + ", " + error.what() +
                                 "): if its -wal is of another file, move that aside and try again; else "
                                 "restore a backup");
    } catch (const std::runtime_error&) {
        remove_all_of(fresh);
        throw;
    }
}

} // namespace cannedd
