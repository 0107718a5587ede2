// The log's pieces of a commit reach the system together, in time, and their failures are the commit's.
#include "queue/database.hpp"
#include "queue/fault.hpp"
#include "queue/gathered_log.hpp"
#include "queue/log_index.hpp"
#include "unit/queue/failing_vfs.hpp"
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

namespace cannedd::test {
namespace {

struct log_fixture {
    std::unique_ptr<database> open(const std::string& synchronous) {
        auto db = std::make_unique<database>(file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                             std::make_unique<gathered_log>(failing_vfs::name));
        db->execute("PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = " +
                    synchronous + "; CREATE TABLE IF NOT EXISTS pages (id INTEGER PRIMARY KEY, words TEXT)");
        return db;
    }
    static void add(database& db, int pages) {
        db.execute("BEGIN");
        for (int n = 0; n < pages; ++n)
            db.execute("INSERT INTO pages (words) VALUES (printf('%.4000c', 'x'))");
        db.execute("COMMIT");
    }
    std::int64_t seen_by_another() {
        outsider reader(file);
        return reader.number("SELECT count(*) FROM pages");
    }

    // What a machine finds that starts again: the file and its log, without the index.
    std::string after_a_crash(const std::string& query) {
        const auto copy = folder.path / "copy.db";
        for (const std::string ending : {"", "-wal"})
            std::filesystem::copy_file(file.string() + ending, copy.string() + ending,
                                       std::filesystem::copy_options::overwrite_existing);
        outsider found(copy);
        return found.value("PRAGMA integrity_check") + ' ' + found.value(query);
    }
    std::int64_t room() const {
        return static_cast<std::int64_t>(std::filesystem::file_size(file.string() + "-wal"));
    }

    failing_vfs vfs; // outlives what is opened
    temporary_folder folder;
    const std::filesystem::path file = folder.path / "log.db";
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(gathered_log_, log_fixture)

BOOST_AUTO_TEST_CASE(a_commit_is_written_in_few_writes) {
    const auto db = open("FULL");
    add(*db, 1);
    const auto before = failing_vfs::writes();
    add(*db, 20);
    BOOST_TEST(failing_vfs::writes() - before == 1);
    add(*db, 200); // more than the lower one takes at once
    BOOST_TEST(failing_vfs::writes() - before < 10);
    BOOST_TEST(seen_by_another() == 221);
    BOOST_TEST(db->answer("PRAGMA integrity_check") == "ok");
}

BOOST_AUTO_TEST_CASE(what_is_committed_can_be_read_by_others_at_once_also_without_a_sync) {
    for (const auto* const synchronous : {"FULL", "NORMAL", "OFF"}) {
        const auto db = open(synchronous);
        const auto before = seen_by_another();
        for (int n = 1; n <= 5; ++n) {
            add(*db, n);
            BOOST_TEST(seen_by_another() == before + n * (n + 1) / 2, synchronous);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_page_that_is_read_before_its_commit_is_what_was_written) {
    const auto db = open("FULL");
    db->execute(
        "PRAGMA cache_size = 10"); // so that pages go to the log, and come back, within the transaction
    db->execute("BEGIN");
    for (int n = 0; n < 100; ++n)
        db->execute("INSERT INTO pages (words) VALUES (printf('%.4000c', 'x'))");
    BOOST_TEST(db->number("SELECT count(*) FROM pages WHERE length(words) = 4000") == 100);
    BOOST_TEST(seen_by_another() == 0);
    db->execute("COMMIT");
    BOOST_TEST(seen_by_another() == 100);
}

BOOST_AUTO_TEST_CASE(whatever_fails_the_commit_is_there_or_not_and_the_next_one_goes) {
    const auto db = open("FULL");
    std::int64_t expected = 0;
    for (int nth = 1; nth < 12; ++nth) {
        failing_vfs::fail(nth, SQLITE_FULL);
        try {
            add(*db, 80);
            expected += 80;
        } catch (const sqlite_error&) {
            if (db->in_transaction()) db->execute("ROLLBACK");
        }
        const bool failed = failing_vfs::has_failed();
        failing_vfs::heal();
        BOOST_TEST(seen_by_another() == expected, nth << ' ' << failed);
        add(*db, 1);
        BOOST_TEST(seen_by_another() == ++expected);
    }
    BOOST_TEST(db->answer("PRAGMA integrity_check") == "ok");
}

BOOST_AUTO_TEST_CASE(a_log_that_is_cut_and_keeps_its_room_is_empty_to_everybody) {
    const std::string count = "SELECT count(*) FROM pages";
    const auto db = open("FULL");
    add(*db, 100);
    const auto before = room();
    db->keep_log_room(true);
    db->execute("PRAGMA wal_checkpoint(TRUNCATE)");
    BOOST_TEST(room() == before);
    BOOST_TEST(wal_bytes_of(*db) == 0);
    BOOST_TEST(seen_by_another() == 100);
    BOOST_TEST(after_a_crash(count) == "ok 100");

    for (int n = 1; n <= 3; ++n) {
        add(*db, n); // over what the longer log has left
        BOOST_TEST(wal_bytes_of(*db) > 0);
        BOOST_TEST(wal_bytes_of(*db) < before);
        BOOST_TEST(seen_by_another() == 100 + n * (n + 1) / 2);
        BOOST_TEST(after_a_crash(count) == "ok " + std::to_string(100 + n * (n + 1) / 2));
    }
    outsider producer(file);
    producer.run("INSERT INTO pages (words) VALUES ('theirs')");
    BOOST_TEST(after_a_crash(count) == "ok 107");

    db->keep_log_room(false);
    db->execute("PRAGMA wal_checkpoint(TRUNCATE)");
    BOOST_TEST(room() == 0);
    BOOST_TEST(after_a_crash(count) == "ok 107");
}

BOOST_AUTO_TEST_CASE(a_log_that_grew_long_gives_its_room_back) {
    const auto db = open("FULL");
    add(*db, 1100);
    db->keep_log_room(true);
    db->execute("PRAGMA wal_checkpoint(TRUNCATE)");
    BOOST_TEST(room() == 0);
}

// Behind the old header a new commit without a sync would bring back, after a power cut, what is left of the
// old log. So it is wiped out and synced where a cut would shorten the file, and each failure is told.
BOOST_AUTO_TEST_CASE(a_header_is_wiped_out_and_synced) {
    const auto db = open("FULL");
    add(*db, 1);
    const auto steps_of_a_cut = [&](bool keeps_room) {
        db->keep_log_room(keeps_room);
        for (int nth = 1;; ++nth) {
            db->execute("UPDATE pages SET words = words || 'x'");
            failing_vfs::fail(nth, SQLITE_IOERR_FSYNC);
            const int code =
                sqlite3_wal_checkpoint_v2(db->handle(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
            const bool failed = failing_vfs::has_failed();
            failing_vfs::heal();
            BOOST_TEST((code != SQLITE_OK) == failed, nth);
            if (!failed) return nth - 1;
        }
    };
    steps_of_a_cut(false); // the pages of the beginning
    const int shortened = steps_of_a_cut(false);
    BOOST_TEST(steps_of_a_cut(true) == shortened + 1); // a write and a sync
    BOOST_TEST(db->answer("PRAGMA integrity_check") == "ok");
}

BOOST_AUTO_TEST_CASE(the_logs_length_tells_what_is_not_committed_yet) {
    const auto db = open("FULL");
    add(*db, 1);
    const auto before = wal_bytes_of(*db);
    outsider producer(file);
    producer.run("PRAGMA cache_size = 10; BEGIN");
    for (int n = 0; n < 100; ++n)
        producer.run("INSERT INTO pages (words) VALUES (printf('%.4000c', 'x'))");
    BOOST_TEST(wal_bytes_of(*db) > before);
    const auto begun = wal_bytes_of(*db);
    producer.run("COMMIT");
    BOOST_TEST(wal_bytes_of(*db) > begun);
}

BOOST_AUTO_TEST_CASE(a_vfs_that_is_not_there_is_refused) {
    BOOST_CHECK_THROW(gathered_log("no such"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
