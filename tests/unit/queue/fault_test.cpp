// Every fault of the disk is a value, and leaves the queue as it was.
#include "queue/fault.hpp"
#include "unit/queue/failing_vfs.hpp"
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <fstream>
#include <ostream>

#include <unistd.h>

namespace cannedd {
std::ostream& operator<<(std::ostream& out, store_trouble trouble) {
    return out << name_of(trouble);
}
} // namespace cannedd

namespace cannedd::test {
namespace {

struct mapping {
    int code;
    store_trouble trouble;
};
std::ostream& operator<<(std::ostream& out, const mapping& it) {
    return out << it.code;
}

const std::vector<mapping> mappings{
    {SQLITE_BUSY, store_trouble::busy},
    {SQLITE_BUSY_SNAPSHOT, store_trouble::busy},
    {SQLITE_BUSY_RECOVERY, store_trouble::busy},
    {SQLITE_FULL, store_trouble::full},
    {SQLITE_IOERR_FSYNC, store_trouble::io},
    {SQLITE_IOERR_SHMMAP, store_trouble::io},
    {SQLITE_CANTOPEN, store_trouble::io},
    {SQLITE_READONLY, store_trouble::readonly},
    {SQLITE_READONLY_DIRECTORY, store_trouble::readonly},
    {SQLITE_READONLY_DBMOVED, store_trouble::replaced},
    {SQLITE_CORRUPT, store_trouble::corrupt},
    {SQLITE_CORRUPT_INDEX, store_trouble::corrupt},
    {SQLITE_NOTADB, store_trouble::corrupt},
    {SQLITE_ERROR, store_trouble::foreign},
    {SQLITE_CONSTRAINT_TRIGGER, store_trouble::foreign},
};

template<typename T>
store_trouble trouble_of(const store_result<T>& result) {
    return result.error().kind;
}

} // namespace

BOOST_AUTO_TEST_SUITE(fault_)

BOOST_AUTO_TEST_CASE(of_damage_the_words_name_what_reads_the_rest) {
    for (const auto& error : {sqlite_error(SQLITE_CORRUPT, "database disk image is malformed"),
                              sqlite_error(SQLITE_NOTADB, "file is not a database"),
                              sqlite_error(SQLITE_ERROR, "unsupported file format")}) {
        const auto fault = to_fault(error);
        BOOST_TEST(fault.kind == store_trouble::corrupt);
        BOOST_TEST(fault.detail.find("cannedd --salvage") != std::string::npos, fault.detail);
    }
}

BOOST_DATA_TEST_CASE(each_result_code_is_one_kind_of_trouble, boost::unit_test::data::make(mappings), it) {
    const auto fault = to_fault(sqlite_error(it.code, "words"));
    BOOST_TEST(fault.kind == it.trouble);
    BOOST_TEST(fault.detail.starts_with("SQLite " + std::to_string(it.code) + ", words: "));
}

BOOST_FIXTURE_TEST_CASE(a_neighbours_lock_is_not_waited_for, queue_fixture) {
    const change what = mark_of(insert(conversation_a));
    other.run("BEGIN IMMEDIATE");
    const auto lasts = [](auto&& deed) {
        const auto began = std::chrono::steady_clock::now();
        deed();
        return std::chrono::steady_clock::now() - began;
    };
    outsider patient(settings.database);
    sqlite3_busy_timeout(patient.handle(), 300);
    const auto patience = lasts([&] { BOOST_TEST(patient.attempt("BEGIN IMMEDIATE") != ""); });
    auto quickest = steady_duration::max(); // the machine may hold up one try, or two
    for (int tries = 0; tries < 5; ++tries)
        quickest = std::min<steady_duration>(
            quickest, lasts([&] { BOOST_TEST(store->apply(std::span(&what, 1)).has_error()); }));
    BOOST_TEST((quickest < patience));
    other.run("COMMIT");
}

BOOST_FIXTURE_TEST_CASE(a_neighbours_lock_comes_back_as_busy_and_nothing_is_changed, queue_fixture) {
    const auto id = insert(conversation_a);
    other.run("BEGIN IMMEDIATE");
    const change what = mark_of(id);
    const auto result = store->apply(std::span(&what, 1));
    BOOST_REQUIRE(result.has_error());
    BOOST_TEST(result.error().kind == store_trouble::busy);
    BOOST_TEST(store->register_accounts({}).error().kind == store_trouble::busy);
    BOOST_TEST(due().size() == 1); // reading goes on
    BOOST_TEST(store->data_version().has_value());
    other.run("COMMIT");
    BOOST_TEST(apply(what));
}

BOOST_AUTO_TEST_CASE(a_fault_at_any_step_loses_nothing_and_does_nothing_by_half) {
    failing_vfs vfs;
    queue_fixture queue;
    queue.store.reset();
    queue.settings.vfs = failing_vfs::name;
    queue.store = open_sqlite_store(queue.settings, queue.log);
    for (const int code : {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC}) {
        int nth = 1;
        for (bool failed = true; failed; ++nth) {
            const auto first = queue.insert(conversation_a);
            const auto second = queue.insert(conversation_b);
            const std::vector<change> both{queue.mark_of(first), queue.mark_of(second)};
            failing_vfs::fail(nth, code);
            const auto result = queue.store->apply(both);
            failed = failing_vfs::has_failed();
            failing_vfs::heal();
            BOOST_TEST_CONTEXT("code " << code << " at step " << nth) {
                BOOST_TEST(result.has_error() == failed);
                if (result.has_error()) {
                    BOOST_TEST(result.error().kind ==
                               (code == SQLITE_FULL ? store_trouble::full : store_trouble::io));
                    BOOST_TEST(queue.field(first, "status") == "pending");
                    BOOST_TEST(queue.store->apply(both).value() == (std::vector<bool>{true, true}));
                }
                BOOST_TEST(queue.field(first, "status") == "sending");
                BOOST_TEST(bookkeeping_fault(queue.other) == "");
            }
            const std::vector<change> ends{queue.verdict_of(first, message_status::sent),
                                           queue.verdict_of(second, message_status::sent)};
            BOOST_TEST(queue.store->apply(ends).value() == (std::vector<bool>{true, true}));
        }
        BOOST_TEST(nth > 3);
    }
    failing_vfs::fail(1, SQLITE_FULL, true);
    BOOST_TEST(queue.store->apply({}).has_error()); // a probe of the disk
    failing_vfs::heal();
    BOOST_TEST(queue.store->apply({}).has_value());
    queue.store.reset(); // before its file system goes
}

BOOST_AUTO_TEST_CASE(after_a_sync_that_failed_the_whole_log_is_written_once_more) {
    failing_vfs vfs;
    queue_fixture queue;
    queue.store.reset();
    queue.settings.vfs = failing_vfs::name;
    queue.store = open_sqlite_store(queue.settings, queue.log);
    const auto first = queue.insert(conversation_a);
    for (int i = 0; i < 50; ++i)
        queue.insert(conversation_b);
    BOOST_TEST(queue.store->apply({}).has_value()); // the first one after the opening knows of no sync before
    const auto log_bytes = queue.store->wal_bytes();
    const auto written_by = [&](std::span<const change> changes) {
        const auto before = failing_vfs::bytes_written();
        BOOST_TEST(queue.store->apply(changes).has_value());
        return failing_vfs::bytes_written() - before;
    };
    BOOST_TEST(written_by({}) < log_bytes);
    const change what = queue.mark_of(first);
    failing_vfs::fail(1, SQLITE_IOERR_FSYNC);
    BOOST_TEST(queue.store->apply(std::span(&what, 1)).has_error());
    failing_vfs::heal();
    BOOST_TEST(written_by(std::span(&what, 1)) >= log_bytes);
    BOOST_TEST(written_by({}) < log_bytes);
    BOOST_TEST(queue.field(first, "status") == "sending");
    queue.store.reset(); // before its file system goes
}

BOOST_FIXTURE_TEST_CASE(a_change_that_is_stopped_undoes_the_whole_batch, queue_fixture) {
    const auto first = insert(conversation_a);
    const auto second = insert(conversation_b);
    other.run("CREATE UNIQUE INDEX stop ON messages (status) WHERE status = 'sending'");
    const std::vector<change> both{mark_of(first), mark_of(second)};
    const auto result = store->apply(both);
    BOOST_REQUIRE(result.has_error());
    BOOST_TEST(result.error().kind == store_trouble::foreign);
    BOOST_TEST(field(first, "status") == "pending");
    other.run("DROP INDEX stop");
    BOOST_TEST(store->apply(both).value() == (std::vector<bool>{true, true}));
}

BOOST_FIXTURE_TEST_CASE(housekeeping_that_finds_nothing_writes_nothing, queue_fixture) {
    bring_to(insert(conversation_a), message_status::sent);
    const auto before = other.value("PRAGMA data_version");
    retention_limits limits;
    limits.sent = limits.failed = limits.attempts = minutes(5);
    BOOST_TEST(store->purge(now, limits, 100).value() == 0);
    BOOST_TEST(store->expire(now, 100).value() == 0);
    BOOST_TEST(store->hold_unknown_accounts(now).value() == 0);
    BOOST_TEST(other.value("PRAGMA data_version") == before);
}

BOOST_FIXTURE_TEST_CASE(a_file_that_was_deleted_or_replaced_is_noticed, queue_fixture) {
    BOOST_TEST(store->check_file().has_value());
    const auto aside = folder.path / "aside.db";
    std::filesystem::rename(settings.database, aside);
    BOOST_TEST(trouble_of(store->check_file()) == store_trouble::replaced);
    std::filesystem::copy_file(aside, settings.database);
    BOOST_TEST(trouble_of(store->check_file()) == store_trouble::replaced);
    std::filesystem::remove(settings.database);
    std::filesystem::rename(aside, settings.database);
    BOOST_TEST(store->check_file().has_value());
    std::filesystem::rename(settings.database.string() + "-wal", folder.path / "wal");
    BOOST_TEST(trouble_of(store->check_file()) == store_trouble::replaced);
    std::filesystem::rename(folder.path / "wal", settings.database.string() + "-wal");
}

void copy_over(const std::filesystem::path& from, const std::filesystem::path& to) { // as cp does
    std::ifstream in(from, std::ios::binary);
    std::ofstream(to, std::ios::binary | std::ios::trunc) << in.rdbuf();
}

// The daemon may send what it finds pending: so nothing is marked on the word of such a file.
void check_nothing_is_marked(queue_fixture& queue, std::int64_t id) {
    const change what = queue.mark_of(id);
    const auto answer = queue.store->apply(std::span(&what, 1));
    BOOST_REQUIRE(answer.has_error());
    BOOST_TEST(answer.error().kind == store_trouble::replaced);
    const auto checked = queue.store->check_file();
    BOOST_REQUIRE(checked.has_error());
    BOOST_TEST(checked.error().detail.find("--requeue-unproven") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_backup_copied_over_the_open_file_is_noticed_before_anything_is_sent,
                        queue_fixture) {
    const auto first = insert(conversation_a);
    const auto backup = folder.path / "backup.db";
    other.run("VACUUM INTO '" + backup.string() + "'");
    bring_to(first, message_status::sent);
    store->checkpoint().value();
    const auto second = insert(conversation_b);
    BOOST_TEST(store->check_file().has_value());
    copy_over(backup, settings.database);
    check_nothing_is_marked(*this, second);
}

BOOST_FIXTURE_TEST_CASE(so_is_the_very_same_content_copied_over_it, queue_fixture) {
    const auto first = insert(conversation_a);
    store->checkpoint().value();
    BOOST_TEST(store->check_file().has_value());
    copy_over(settings.database, folder.path / "same.db");
    copy_over(folder.path / "same.db", settings.database);
    check_nothing_is_marked(*this, first);
}

// What was seen last is from before the checkpoint, which explains that the file was written.
BOOST_FIXTURE_TEST_CASE(a_header_written_over_right_after_a_checkpoint_is_noticed, queue_fixture) {
    insert(conversation_a);
    BOOST_TEST(store->check_file().has_value());
    insert(conversation_b);
    other.run("PRAGMA wal_checkpoint(TRUNCATE)");
    {
        std::fstream file(settings.database, std::ios::in | std::ios::out | std::ios::binary);
        file << std::string(96, 'g');
    }
    const auto checked = store->check_file();
    BOOST_REQUIRE(checked.has_error());
    BOOST_TEST(checked.error().kind == store_trouble::replaced);
    BOOST_TEST(checked.error().detail.find("was written over, and not by SQLite") != std::string::npos);
}

// sqlite3_backup_*() is what the shell's .restore is.
void restore_in_place(const std::filesystem::path& backup, outsider& to) {
    outsider from(backup);
    auto* const copying = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    BOOST_REQUIRE(copying != nullptr);
    BOOST_TEST(sqlite3_backup_step(copying, -1) == SQLITE_DONE);
    BOOST_TEST(sqlite3_backup_finish(copying) == SQLITE_OK);
}

BOOST_FIXTURE_TEST_CASE(a_backup_restored_by_sqlite_itself_is_noticed_before_anything_is_sent,
                        queue_fixture) {
    const auto first = insert(conversation_a);
    const auto backup = folder.path / "backup.db";
    other.run("VACUUM INTO '" + backup.string() + "'");
    bring_to(first, message_status::sent); // pending again in the copy
    restore_in_place(backup, other);
    BOOST_TEST(field(first, "status") == "pending");
    check_nothing_is_marked(*this, first);
}

BOOST_FIXTURE_TEST_CASE(so_is_one_that_lacks_rows_while_nothing_was_sent, queue_fixture) {
    const auto first = insert(conversation_a);
    const auto backup = folder.path / "backup.db";
    other.run("VACUUM INTO '" + backup.string() + "'");
    insert(conversation_b);
    BOOST_TEST(store->check_file().has_value());
    restore_in_place(backup, other);
    check_nothing_is_marked(*this, first);
}

BOOST_FIXTURE_TEST_CASE(what_neighbours_may_do_is_not_taken_for_it, queue_fixture) {
    const auto first = insert(conversation_a);
    bring_to(first, message_status::sent);
    other.run("PRAGMA wal_checkpoint(PASSIVE)");
    BOOST_TEST(store->check_file().has_value());
    insert(conversation_b);
    other.run("PRAGMA wal_checkpoint(TRUNCATE)");
    BOOST_TEST(store->check_file().has_value());
    const auto third = insert(conversation_c);
    other.run("PRAGMA wal_checkpoint(RESTART)");
    other.run("DELETE FROM messages WHERE id = " + std::to_string(first));
    other.run("CREATE TABLE notes (id); VACUUM");
    BOOST_TEST(store->check_file().has_value());
    BOOST_TEST(apply(mark_of(third)));
    retention_limits none;
    none.sent = none.failed = none.attempts = milliseconds(0);
    apply(verdict_of(third, message_status::sent));
    while (store->purge(now + minutes(5), none, 100).value() > 0) {
    }
    BOOST_TEST(store->check_file().has_value());
    BOOST_TEST(other.value("SELECT count(*) FROM attempts") == "0");
}

BOOST_FIXTURE_TEST_CASE(an_index_of_the_log_that_was_swapped_is_noticed, queue_fixture) {
    const auto index = settings.database.string() + "-shm";
    std::filesystem::rename(index, folder.path / "index");
    BOOST_TEST(trouble_of(store->check_file()) == store_trouble::replaced);
    std::filesystem::copy_file(folder.path / "index", index);
    BOOST_TEST(trouble_of(store->check_file()) == store_trouble::replaced);
    std::filesystem::remove(index);
    std::filesystem::rename(folder.path / "index", index);
    BOOST_TEST(store->check_file().has_value());
}

BOOST_FIXTURE_TEST_CASE(after_a_page_that_makes_no_sense_nothing_is_trusted_any_more, queue_fixture) {
    for (int i = 0; i < 300; ++i)
        insert(conversation_a);
    store->checkpoint().value();
    const auto root =
        other.number("SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_responses_1'");
    spoil_page(settings.database, root);
    insert(conversation_b); // a neighbour's commit: what was read before is read again
    BOOST_TEST(trouble_of(store->response("hello")) == store_trouble::corrupt);
    BOOST_TEST(trouble_of(store->check_file()) == store_trouble::corrupt);
    BOOST_TEST(trouble_of(store->apply({})) == store_trouble::corrupt);
}

BOOST_FIXTURE_TEST_CASE(a_trigger_that_is_not_ours_is_refused_while_we_run_and_at_open, queue_fixture) {
    other.run("CREATE TRIGGER again AFTER UPDATE ON messages WHEN NEW.status = 'sent' BEGIN "
              "UPDATE messages SET status = 'pending' WHERE id = NEW.id; END");
    BOOST_TEST(trouble_of(store->check_file()) == store_trouble::foreign);
    BOOST_TEST(trouble_of(store->check_file()) == store_trouble::foreign);
    store.reset();
    BOOST_CHECK_EXCEPTION(open_sqlite_store(settings, log), std::runtime_error, [](const auto& error) {
        return std::string(error.what()).find("the trigger again on messages is not cannedd's: drop it") !=
               std::string::npos;
    });
    other.run("DROP TRIGGER again");
    reopen();
    BOOST_TEST(store->check_file().has_value());
}

BOOST_FIXTURE_TEST_CASE(a_column_that_is_not_ours_is_named_with_the_way_to_drop_it, queue_fixture) {
    other.run("ALTER TABLE messages ADD COLUMN campaign TEXT");
    const auto checked = store->check_file();
    BOOST_REQUIRE(checked.has_error());
    const auto said = checked.error().detail;
    BOOST_TEST(said.find("ALTER TABLE messages DROP COLUMN campaign") != std::string::npos, said);
    other.run("ALTER TABLE messages DROP COLUMN campaign");
    reopen();
    BOOST_TEST(store->check_file().has_value());
}

// To drop it would drop what it holds.
BOOST_FIXTURE_TEST_CASE(a_column_that_was_renamed_gets_its_name_back, queue_fixture) {
    other.run("ALTER TABLE messages RENAME COLUMN verified TO checked");
    const auto checked = store->check_file();
    BOOST_REQUIRE(checked.has_error());
    const auto said = checked.error().detail;
    BOOST_TEST(said.find("DROP") == std::string::npos, said);
    const std::string remedy = "ALTER TABLE messages RENAME COLUMN checked TO verified";
    BOOST_TEST(said.find(remedy) != std::string::npos, said);
    other.run(remedy);
    reopen();
    BOOST_TEST(store->check_file().has_value());
}

BOOST_FIXTURE_TEST_CASE(what_is_missing_is_named_with_what_brings_it_back, queue_fixture) {
    other.run("DROP TRIGGER messages_moved");
    const auto checked = store->check_file();
    BOOST_REQUIRE(checked.has_error());
    const auto said = checked.error().detail;
    BOOST_TEST(said.find("the trigger messages_moved on messages of the queue is missing") !=
                   std::string::npos,
               said);
    BOOST_TEST(said.find("--salvage NEW") != std::string::npos, said);
}

const std::vector<std::string> foreign_changes{
    "DROP TRIGGER messages_moved",
    "DROP INDEX messages_lane",
    "DROP TABLE responses; CREATE VIEW responses AS SELECT 'a' AS name, 'b' AS text",
    "ALTER TABLE messages ADD COLUMN mine",
    "CREATE UNIQUE INDEX one ON messages (tag)",
    "CREATE INDEX loud ON messages (json_extract(variables, '$.a'))",
};

BOOST_DATA_TEST_CASE(ours_that_was_changed_is_refused, boost::unit_test::data::make(foreign_changes),
                     change) {
    queue_fixture queue;
    queue.other.run("BEGIN; " + change + "; COMMIT");
    BOOST_TEST(trouble_of(queue.store->check_file()) == store_trouble::foreign);
}

BOOST_FIXTURE_TEST_CASE(a_producers_own_objects_are_welcome, queue_fixture) {
    other.run(
        "CREATE TABLE mine (id INTEGER PRIMARY KEY, message_id REFERENCES messages); CREATE INDEX m ON mine "
        "(message_id);"
        "CREATE VIEW my_rows AS SELECT * FROM messages; CREATE INDEX by_tag ON messages (tag);"
        "CREATE TRIGGER mine_in AFTER INSERT ON mine BEGIN UPDATE mine SET message_id = NULL; END; ANALYZE");
    BOOST_TEST(store->check_file().has_value());
    reopen();
}

BOOST_FIXTURE_TEST_CASE(data_version_changes_by_others_commits_alone, queue_fixture) {
    const auto before = store->data_version().value();
    configure({"default", "another"});
    BOOST_TEST(store->data_version().value() == before);
    insert(conversation_a);
    const auto after = store->data_version().value();
    BOOST_TEST(after != before);
    BOOST_TEST(store->data_version().value() == after);
}

BOOST_FIXTURE_TEST_CASE(a_reader_in_the_way_of_a_checkpoint_is_told_with_the_wals_size, queue_fixture) {
    insert(conversation_a);
    outsider reader(settings.database);
    reader.run("BEGIN");
    reader.value("SELECT count(*) FROM messages");
    insert(conversation_b);
    const auto blocked = store->checkpoint().value();
    BOOST_TEST(!blocked.complete);
    BOOST_TEST(blocked.wal_bytes > 0);
    reader.run("COMMIT");
    const auto done = store->checkpoint().value();
    BOOST_TEST(done.complete);
    BOOST_TEST(done.wal_bytes == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
