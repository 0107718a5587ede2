#include "queue/salvage_addition.hpp"

#include "queue/bookkeeping.hpp"
#include "queue/mended_copy.hpp"
#include "queue/opening.hpp"
#include "queue/salvaged_rows.hpp"

#include <set>
#include <stdexcept>
#include <string>
#include <utility>

namespace cannedd {
namespace sql {

const text attach_salvaged{"attach_salvaged", "ATTACH ?1 AS salvaged"};

} // namespace sql

namespace {

void copy_table(database& db, const std::string& table) {
    std::string names;
    for (const auto& column : columns_in(db, table))
        names += (names.empty() ? "" : ", ") + column;
    db.execute("INSERT OR REPLACE INTO main." + table + " (" + names + ") SELECT " + names +
               " FROM salvaged." + table);
}

// Who comes next, and how many there are, is worked out anew.
void keep_books(database& db) {
    db.execute(R"(
DELETE FROM main.counters;
INSERT INTO main.counters (account, status, messages) SELECT account, status, count(*) FROM main.messages GROUP BY account, status;
DELETE FROM main.lanes;
UPDATE main.sqlite_sequence SET seq = max(seq, coalesce((SELECT s.seq FROM salvaged.sqlite_sequence AS s WHERE s.name = 'messages'), 0))
 WHERE name = 'messages';
INSERT INTO main.sqlite_sequence (name, seq) SELECT name, seq FROM salvaged.sqlite_sequence AS s
 WHERE s.name = 'messages' AND NOT EXISTS (SELECT 1 FROM main.sqlite_sequence WHERE name = 'messages');
)");
    std::set<std::string> lanes;
    const auto rows =
        prepare(db, "SELECT DISTINCT lane FROM main.messages WHERE status IN ('pending', 'sending')");
    statement lane(rows.get());
    while (lane.next())
        lanes.insert(lane.text(0));
    bookkeeping books(db);
    books.refresh(lanes);
}

class file_between {
public:
    explicit file_between(std::filesystem::path path_) : path(std::move(path_)) {}
    ~file_between() { remove_all_of(path); }
    file_between(const file_between&) = delete;
    file_between& operator=(const file_between&) = delete;
    const std::filesystem::path path;
};

void add_rows(database& db, const std::filesystem::path& salvaged) {
    db.use(sql::attach_salvaged).with(salvaged.string()).run();
    {
        write_transaction transaction(db);
        for (const auto* const table : {"messages", "attempts", "responses", "accounts", "changes"})
            copy_table(db, table);
        keep_books(db);
        transaction.commit();
    }
    db.execute("DETACH salvaged");
}

} // namespace

addition_report add_salvaged(const std::filesystem::path& queue, const std::filesystem::path& damaged,
                             logger& log, const std::function<void(std::int64_t)>& progress) {
    if (!std::filesystem::exists(queue))
        throw std::runtime_error("there is no " + queue.string() +
                                 " to add to: put the backup there first, or leave out --add");
    const std::filesystem::path between = queue.string() + ".salvaged";
    addition_report told;
    told.salvaged = salvage_queue(damaged, between, log, progress); // leaves none that is not its own
    const file_between goes(between);
    store_settings where;
    where.database = queue;
    const auto db = open_queue(where, log);
    told.before = db->number("SELECT count(*) FROM main.messages");
    add_rows(*db, between);
    told.after = db->number("SELECT count(*) FROM main.messages");
    return told;
}

} // namespace cannedd
