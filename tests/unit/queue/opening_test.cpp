// What the store insists on before it opens a file.
#include "queue/database.hpp"
#include "queue/fault.hpp"
#include "queue/migration.hpp"
#include "schema/embedded.hpp"
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

namespace cannedd::test {
namespace {

// Why the file is refused; empty: it opens.
std::string refusal(queue_fixture& queue) {
    queue.store.reset();
    try {
        queue.store = open_sqlite_store(queue.settings, queue.log);
        return {};
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

bool says(const std::string& words, const std::string& part) {
    return words.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(opening_)

BOOST_FIXTURE_TEST_CASE(the_file_is_made_for_the_group_whatever_the_umask, queue_fixture) {
    const auto mask = ::umask(077);
    settings.database = folder.path / "second.db";
    const auto opened = open_sqlite_store(settings, log);
    ::umask(mask);
    for (const auto* const suffix : {"", "-wal", "-shm"}) {
        struct stat found {};
        BOOST_REQUIRE(::stat((settings.database.string() + suffix).c_str(), &found) == 0);
        BOOST_TEST((found.st_mode & 0777) == 0660U);
    }
}

BOOST_FIXTURE_TEST_CASE(the_file_is_marked_as_ours_and_in_wal_mode, queue_fixture) {
    BOOST_TEST(other.number("PRAGMA application_id") == 0x63616e64);
    BOOST_TEST(other.number("PRAGMA user_version") == static_cast<std::int64_t>(schema::migrations().size()));
    BOOST_TEST(other.value("PRAGMA journal_mode") == "wal");
}

BOOST_FIXTURE_TEST_CASE(a_newer_schema_is_refused, queue_fixture) {
    other.run("PRAGMA user_version = 99");
    BOOST_TEST(says(refusal(*this), "the queue has schema version 99"));
    BOOST_TEST(says(refusal(*this), "cannedd --salvage")); // the header may be damaged
}

BOOST_FIXTURE_TEST_CASE(a_database_of_something_else_is_refused_and_left_alone, queue_fixture) {
    settings.database = folder.path / "shop.db";
    outsider shop(settings.database);
    shop.run("CREATE TABLE orders (id)");
    BOOST_TEST(says(refusal(*this), "not a queue of cannedd"));
    BOOST_TEST(shop.value("SELECT count(*) FROM sqlite_master") == "1");
    settings.database = folder.path / "notes.txt";
    std::ofstream(settings.database) << std::string(5000, 'x');
    BOOST_TEST(says(refusal(*this), "SQLite 26, file is not a database"));
}

// What `sqlite3 queue.db .dump` makes of a file has all but the two marks of its header.
BOOST_FIXTURE_TEST_CASE(a_dump_that_was_read_back_is_refused_with_the_two_marks_that_it_lacks,
                        queue_fixture) {
    insert(conversation_a);
    store.reset();
    other.run("PRAGMA application_id = 0; PRAGMA user_version = 0");
    const auto said = refusal(*this);
    BOOST_TEST(says(said, "PRAGMA application_id = 1667329636; PRAGMA user_version = 1;"), said);
    BOOST_TEST(says(said, "--requeue-unproven"), said);
    other.run("PRAGMA application_id = 1667329636");
    BOOST_TEST(says(refusal(*this), "PRAGMA user_version = 1"));
    other.run("PRAGMA application_id = 0; PRAGMA user_version = 1");
    BOOST_TEST(says(refusal(*this), "PRAGMA application_id = 1667329636"));
    other.run("PRAGMA application_id = 1667329636");
    BOOST_TEST(refusal(*this) == "");
    BOOST_TEST(other.value("SELECT text FROM messages") == "hello");
}

BOOST_FIXTURE_TEST_CASE(an_empty_file_where_a_queue_was_is_no_new_queue, queue_fixture) {
    settings.earlier_life = "its lock file shows that there was one";
    BOOST_TEST(refusal(*this) == ""); // it is there
    settings.database = folder.path / "lost.db";
    auto said = refusal(*this);
    BOOST_TEST(says(said, "there is no queue in it, but its lock file shows that there was one"), said);
    BOOST_TEST(says(said, "cannedd --init"), said);
    BOOST_TEST(!std::filesystem::exists(settings.database));
    std::ofstream(settings.database) << ""; // what a .recover that failed leaves
    BOOST_TEST(says(refusal(*this), "there is no queue in it"));
    BOOST_TEST(std::filesystem::file_size(settings.database) == 0U);
    outsider(settings.database).run("VACUUM"); // a page, and nothing in it
    BOOST_TEST(says(refusal(*this), "there is no queue in it"));
    settings.earlier_life.clear();
    BOOST_TEST(refusal(*this) == "");
}

BOOST_FIXTURE_TEST_CASE(a_log_without_its_database_is_not_deleted, queue_fixture) {
    settings.database = folder.path / "alone.db";
    const auto log_file = settings.database.string() + "-wal";
    std::ofstream(log_file) << "what was committed last";
    BOOST_TEST(says(refusal(*this), "its log " + log_file + " is there"));
    std::ofstream(settings.database) << "";
    BOOST_TEST(says(refusal(*this), "its log " + log_file + " is there"));
    BOOST_TEST(std::filesystem::file_size(log_file) > 0U);
}

BOOST_FIXTURE_TEST_CASE(a_missing_directory_is_told, queue_fixture) {
    settings.database = folder.path / "nowhere" / "queue.db";
    BOOST_TEST(says(refusal(*this), "its directory is not there"));
}

BOOST_FIXTURE_TEST_CASE(a_link_is_not_followed, queue_fixture) {
    std::filesystem::create_symlink(settings.database, folder.path / "link.db");
    settings.database = folder.path / "link.db";
    BOOST_TEST(says(refusal(*this), "link.db: is a symbolic link, which is not followed: set `database` to"));
    settings.database = folder.path;
    BOOST_TEST(says(refusal(*this), "is not a regular file"));
}

BOOST_FIXTURE_TEST_CASE(garbage_in_a_page_is_found_at_open, queue_fixture) {
    for (int i = 0; i < 200; ++i)
        insert(conversation_a);
    store->checkpoint().value();
    store.reset();
    {
        std::fstream file(settings.database, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(-4096 * 3, std::ios::end);
        file << std::string(4096 * 3, '\x5a');
    }
    BOOST_TEST(refusal(*this) != "");
}

BOOST_FIXTURE_TEST_CASE(views_for_people_are_renewed_when_they_differ, queue_fixture) {
    const auto words = other.value("SELECT sql FROM sqlite_master WHERE name = 'queue_status'");
    other.run("DROP VIEW queue_status; CREATE VIEW queue_status AS SELECT 1; DROP VIEW queue_eta");
    BOOST_TEST(store->check_file().has_value());
    reopen();
    BOOST_TEST(other.value("SELECT sql FROM sqlite_master WHERE name = 'queue_status'") == words);
    BOOST_TEST(other.value("SELECT count(*) FROM sqlite_master WHERE name = 'queue_eta'") == "1");
}

BOOST_FIXTURE_TEST_CASE(an_older_schema_is_brought_forward_with_its_rows, queue_fixture) {
    settings.database = folder.path / "old.db";
    outsider old(settings.database);
    old.run("PRAGMA application_id = 0x63616e64; PRAGMA user_version = 0");
    BOOST_TEST(refusal(*this) == "");
    BOOST_TEST(old.number("PRAGMA user_version") == static_cast<std::int64_t>(schema::migrations().size()));
    BOOST_TEST(refusal(*this) == "");
}

BOOST_FIXTURE_TEST_CASE(a_later_step_keeps_what_the_file_holds_and_a_failed_one_changes_nothing,
                        queue_fixture) {
    insert(conversation_a);
    database file(settings.database.string(), SQLITE_OPEN_READWRITE, nullptr);
    std::vector<std::string_view> steps(schema::migrations().begin(), schema::migrations().end());
    const auto before = static_cast<int>(steps.size());
    steps.emplace_back(
        "ALTER TABLE accounts ADD COLUMN made_up INTEGER; SELECT no_such_column FROM accounts");
    BOOST_CHECK_THROW(bring_forward(file, steps), sqlite_error);
    BOOST_TEST(other.number("PRAGMA user_version") == before);
    BOOST_TEST(other.attempt("SELECT made_up FROM accounts") != "");
    steps.back() = "ALTER TABLE accounts ADD COLUMN made_up INTEGER NOT NULL DEFAULT 4";
    BOOST_TEST(bring_forward(file, steps) == before);
    BOOST_TEST(bring_forward(file, steps) == before + 1);
    BOOST_TEST(other.number("PRAGMA user_version") == before + 1);
    BOOST_TEST(other.value("SELECT made_up FROM accounts") == "4");
    BOOST_TEST(other.value("SELECT text FROM messages") == "hello");
    BOOST_TEST(says(refusal(*this), "the queue has schema version"));
}

BOOST_FIXTURE_TEST_CASE(a_neighbours_lock_is_told_from_what_needs_a_person, queue_fixture) {
    store.reset();
    other.run("DROP VIEW queue_eta"); // something to write at the start
    other.run("BEGIN IMMEDIATE");
    BOOST_CHECK_EXCEPTION(open_sqlite_store(settings, log), store_not_available,
                          [](const auto& error) { return error.kind() == store_trouble::busy; });
    other.run("ROLLBACK");
    BOOST_TEST(refusal(*this) == "");
}

BOOST_FIXTURE_TEST_CASE(one_daemon_a_database, queue_fixture) {
    auto first = database_lock::acquire(settings.database);
    BOOST_REQUIRE(first.has_value());
    BOOST_TEST(!database_lock::acquire(settings.database).has_value());
    database_lock moved = std::move(*first);
    first.reset();
    BOOST_TEST(!database_lock::acquire(settings.database).has_value());
    { const database_lock gone = std::move(moved); }
    BOOST_TEST(database_lock::acquire(settings.database).has_value());
    BOOST_CHECK_THROW(database_lock::acquire(folder.path / "nowhere" / "queue.db"), std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(a_lock_file_that_goes_is_noticed_and_lets_nobody_in, queue_fixture) {
    const auto file = settings.database.string() + ".lock";
    auto held = database_lock::acquire(settings.database);
    BOOST_REQUIRE(held.has_value());
    BOOST_TEST((held->keep() == database_lock::state::held));
    std::filesystem::remove(file);
    BOOST_TEST(!database_lock::acquire(settings.database).has_value()); // and made it anew
    BOOST_TEST((held->keep() == database_lock::state::taken_again));
    BOOST_TEST((held->keep() == database_lock::state::held));
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    BOOST_TEST((held->keep() == database_lock::state::lost));
    std::filesystem::remove(file);
    BOOST_TEST((held->keep() == database_lock::state::taken_again));
    // One that was locked before there was a database.
    const auto fresh = folder.path / "fresh.db";
    auto early = database_lock::acquire(fresh);
    std::ofstream(fresh) << "";
    BOOST_TEST((early->keep() == database_lock::state::held));
    std::filesystem::remove(fresh.string() + ".lock");
    BOOST_TEST(!database_lock::acquire(fresh).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
