// The log's pieces of a commit reach the system together, in time, and their failures are the commit's.
#include "queue/database.hpp"
#include "queue/fault.hpp"
#include "queue/gathered_log.hpp"
#include "unit/queue/failing_vfs.hpp"
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_CASE(a_vfs_that_is_not_there_is_refused) {
    BOOST_CHECK_THROW(gathered_log("no such"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
