// A backup that gets what a damaged file still shows: the newer state of what both have, and what came since.
#include "queue/salvage_addition.hpp"
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd::test {
namespace {

struct addition_fixture : queue_fixture {
    // As `.backup` makes one.
    void back_up() { other.run("VACUUM INTO '" + backup.string() + "'"); }
    addition_report add() {
        store->checkpoint().value();
        store.reset();
        return add_salvaged(backup, settings.database, log, [](std::int64_t) {});
    }
    std::string status_in_backup(std::int64_t id) {
        outsider reader(backup);
        return reader.value("SELECT status FROM messages WHERE id = " + std::to_string(id));
    }

    const std::filesystem::path backup = folder.path / "backup.db";
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(salvage_addition_, addition_fixture)

BOOST_AUTO_TEST_CASE(of_what_both_have_the_newer_state_counts_and_what_came_since_is_added) {
    const auto sent_since = insert(conversation_a, "dedup_key", "'one'");
    const auto still_pending = insert(conversation_b);
    const auto gone = insert(conversation_c, "dedup_key", "'purged'");
    back_up();
    bring_to(sent_since, message_status::sent);
    other.run("DELETE FROM messages WHERE id = " +
              std::to_string(gone)); // as an unreadable page would have it
    const auto new_one = insert(conversation_c, "dedup_key", "'two'");
    const auto flies = insert(conversation_a);
    bring_to(flies, message_status::sending);
    const auto told = add();
    BOOST_TEST(!std::filesystem::exists(backup.string() + ".salvaged"));
    BOOST_TEST(told.before == 3);
    BOOST_TEST(told.after == 5);
    BOOST_TEST(status_in_backup(sent_since) == "sent");
    BOOST_TEST(status_in_backup(still_pending) == "held"); // salvaged: a person lets it go
    BOOST_TEST(status_in_backup(gone) == "pending");       // of the backup alone
    BOOST_TEST(status_in_backup(new_one) == "held");
    BOOST_TEST(status_in_backup(flies) == "unconfirmed");
    outsider reader(backup);
    BOOST_TEST(bookkeeping_fault(reader) == "");
    BOOST_TEST(reader.value("SELECT count(*) FROM attempts WHERE message_id = " +
                            std::to_string(sent_since)) == "1");
    reader.run("INSERT INTO messages (conversation_id, text) VALUES ('" + conversation_a + "', 'next')");
    BOOST_TEST(reader.number("SELECT max(id) FROM messages") == flies + 1); // no id is used twice
}

BOOST_AUTO_TEST_CASE(a_daemon_goes_on_with_it) {
    insert(conversation_a);
    back_up();
    insert(conversation_b);
    add();
    settings.database = backup;
    store = open_sqlite_store(settings, log);
    configure({"default"});
    BOOST_TEST(store->check_file().has_value());
    outsider operators(backup);
    operators.run("UPDATE messages SET status = 'pending' WHERE status = 'held' AND error_detail LIKE "
                  "'salvaged while%'");
    BOOST_TEST(due().size() == 2U);
}

BOOST_AUTO_TEST_CASE(without_a_queue_to_add_to_it_says_so) {
    insert(conversation_a);
    BOOST_CHECK_EXCEPTION(add(), std::runtime_error, [](const auto& error) {
        return std::string(error.what()).find("put the backup there first, or leave out --add") !=
               std::string::npos;
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
