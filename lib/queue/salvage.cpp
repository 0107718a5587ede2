#include "queue/salvage.hpp"

#include "queue/fault.hpp"
#include "queue/mended_copy.hpp"
#include "queue/migration.hpp"
#include "queue/opening.hpp"
#include "queue/salvaged_rows.hpp"
#include "queue/sound_header.hpp"
#include "schema/embedded.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace cannedd {
namespace {

// A table of which not even the definition can be read is lost as a whole.
void copy_tables(database& from, database& to, salvage_report& report,
                 const std::function<void(std::int64_t)>& progress) {
    std::int64_t copied = 0;
    for (const auto* const table : {"messages", "attempts", "responses", "accounts", "changes"}) {
        salvaged_table told;
        told.name = table;
        try {
            told = copy_rows(from, to, table, report, progress, copied);
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
UPDATE messages SET error = 'unconfirmed', error_detail = 'salvaged while it was being sent: look into the conversation, then set status to sent, failed or (to send it again) pending'
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

// Nothing: they cannot be read to their end.
std::optional<std::vector<std::string>> tables_in(database& from) {
    std::vector<std::string> names;
    const auto rows = prepare(
        from, "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'");
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(rows.get())) == SQLITE_ROW)
        if (const auto* name = sqlite3_column_text(rows.get(), 0); name != nullptr)
            names.emplace_back(reinterpret_cast<const char*>(name));
    if (code != SQLITE_DONE) return std::nullopt;
    return names;
}

std::vector<std::string> others_in(database& from) {
    auto names = tables_in(from).value_or(std::vector<std::string>());
    std::erase_if(names, is_ours);
    return names;
}

bool has_messages(database& from) {
    const auto columns = columns_in(from, "messages");
    return std::ranges::find(columns, "conversation_id") != columns.end();
}

// What is damaged says little of itself, so only a schema that can be read is taken for another program's.
void demand_a_queue(database& from, const std::filesystem::path& file) {
    constexpr std::size_t names_max = 5;
    if (from.number("PRAGMA application_id") == schema::application_id) return;
    const auto tables = tables_in(from);
    if (!tables || has_messages(from)) return;
    std::string names;
    for (std::size_t i = 0; i < std::min(tables->size(), names_max); ++i)
        names += (i == 0 ? "" : ", ") + tables->at(i);
    if (tables->size() > names_max) names += ", ...";
    throw std::runtime_error(
        file.string() + " is no queue of cannedd's: there is " +
        (names.empty() ? "no table in it" : "no table with messages of cannedd's in it, but " + names) +
        "; name the queue's file with --database");
}

// What can be had otherwise, perhaps.
class nothing_read : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::int64_t messages_in(const salvage_report& report) {
    return report.tables.empty() ? 0 : report.tables.front().copied;
}

salvage_report copy_into(const std::filesystem::path& damaged, const std::filesystem::path& fresh,
                         logger& log, const std::function<void(std::int64_t)>& progress) {
    const auto from = open_damaged(damaged);
    try {
        demand_a_queue(*from, damaged);
    } catch (const sqlite_error&) { // then the rows tell
    }
    store_settings where;
    where.database = fresh;
    const auto to = open_queue(where, log);
    salvage_report report;
    copy_tables(*from, *to, report, progress);
    keep_books(*from, *to);
    report.counted = number_if_readable(*from, "SELECT sum(messages) FROM counters").value_or(-1);
    report.left_behind = others_in(*from);
    if (messages_in(report) == 0 && report.counted != 0)
        throw nothing_read("not one message could be copied out of " + damaged.string() +
                           ": restore a backup");
    return report;
}

// The new file is there when all of it is.
salvage_report copy_or_leave_nothing(const std::filesystem::path& damaged, const std::filesystem::path& fresh,
                                     logger& log, const std::function<void(std::int64_t)>& progress) {
    try {
        return copy_into(damaged, fresh, log, progress);
    } catch (const sqlite_error& error) {
        remove_all_of(fresh);
        throw nothing_read("nothing was copied from " + damaged.string() + " (SQLite " +
                           std::to_string(error.extended_code()) + ", " + error.what() +
                           "): if its -wal is of another file, move that aside and try again; else "
                           "restore a backup");
    } catch (const std::runtime_error&) {
        remove_all_of(fresh);
        throw;
    }
}

// What is said of a copy that was mended: a leaf that is gone leaves no trace.
void tell_of(mended how, salvage_report& report) {
    report.tree_was_damaged = how == mended::tree || how == mended::schema;
    report.schema_was_damaged = how == mended::schema;
    report.tables.front().end_unknown = report.tables.front().end_unknown || report.tree_was_damaged;
    if (!report.schema_was_damaged) return;
    report.counted = -1;
    for (auto& table : report.tables)
        table.end_unknown = true;
}

using mending = mended (*)(const std::filesystem::path& damaged, const std::filesystem::path& copy,
                           logger& log);

// Nothing: that was not what is damaged.
std::optional<salvage_report> copy_mended(mending mend, const std::filesystem::path& damaged,
                                          const std::filesystem::path& fresh, logger& log,
                                          const std::function<void(std::int64_t)>& progress) {
    const std::filesystem::path stand_in = fresh.string() + ".source";
    std::optional<salvage_report> report;
    if (std::filesystem::exists(std::filesystem::symlink_status(stand_in))) return report;
    try {
        const auto how = mend(damaged, stand_in, log);
        if (how != mended::nothing) {
            report = copy_or_leave_nothing(stand_in, fresh, log, progress);
            tell_of(how, *report);
        }
    } catch (const std::runtime_error&) { // what came first is told
    }
    remove_all_of(stand_in);
    return report;
}

bool is_whole(const salvage_report& report) {
    const auto& messages = report.tables.front();
    return messages.lost == 0 && !messages.end_unknown;
}

// In place of what there is, if it brings more.
std::optional<salvage_report> copy_by_new_tree(const std::filesystem::path& damaged,
                                               const std::filesystem::path& fresh, std::int64_t copied,
                                               logger& log,
                                               const std::function<void(std::int64_t)>& progress) {
    const std::filesystem::path again = fresh.string() + ".again";
    if (std::filesystem::exists(std::filesystem::symlink_status(again))) return std::nullopt;
    auto report = copy_mended(copy_with_new_tree, damaged, again, log, progress);
    if (!report || messages_in(*report) <= copied) {
        remove_all_of(again);
        return std::nullopt;
    }
    remove_all_of(fresh);
    std::filesystem::rename(again, fresh);
    return report;
}

// As the file is, and where nothing can be read of it, with a sound header.
salvage_report copy_as_it_is(const std::filesystem::path& damaged, const std::filesystem::path& fresh,
                             bool has_sound_one, logger& log,
                             const std::function<void(std::int64_t)>& progress) {
    try {
        return copy_or_leave_nothing(damaged, fresh, log, progress);
    } catch (const nothing_read&) {
        if (has_sound_one) throw;
        auto report = copy_mended(copy_with_sound_header, damaged, fresh, log, progress);
        if (!report) throw;
        return std::move(*report);
    }
}

} // namespace

salvage_report salvage_queue(const std::filesystem::path& damaged, const std::filesystem::path& fresh,
                             logger& log, const std::function<void(std::int64_t)>& progress) {
    if (!std::filesystem::exists(damaged))
        throw std::runtime_error("there is no database " + damaged.string());
    if (std::filesystem::exists(std::filesystem::symlink_status(fresh)))
        throw std::runtime_error(fresh.string() + " is there already: name a file that is not");
    const bool sound = has_sound_header(damaged);
    std::optional<salvage_report> report;
    try {
        report = copy_as_it_is(damaged, fresh, sound, log, progress);
        if (!is_whole(*report))
            if (auto more = copy_by_new_tree(damaged, fresh, messages_in(*report), log, progress))
                report = std::move(more);
    } catch (const nothing_read&) {
        report = copy_by_new_tree(damaged, fresh, 0, log, progress);
        if (!report) throw;
    }
    report->header_was_damaged = !sound;
    return std::move(*report);
}

} // namespace cannedd
