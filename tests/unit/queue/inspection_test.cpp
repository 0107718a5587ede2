// What --doctor sees of a queue's file: pages that make no sense, and whose account is paused by whom.
#include "queue/disk_room.hpp"
#include "queue/inspection.hpp"
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd::test {

BOOST_AUTO_TEST_SUITE(inspection_)

BOOST_FIXTURE_TEST_CASE(a_sound_queue_is_sound, queue_fixture) {
    insert(conversation_a);
    const auto seen = inspect_queue(settings.database);
    BOOST_TEST(seen.opened);
    BOOST_TEST(seen.is_queue);
    BOOST_TEST(seen.bytes > 4096);
    BOOST_REQUIRE(seen.damage.has_value());
    BOOST_TEST(*seen.damage == "");
    BOOST_TEST(seen.paused.empty());
}

BOOST_FIXTURE_TEST_CASE(a_page_that_makes_no_sense_is_found_beside_a_daemon_that_runs, queue_fixture) {
    for (int i = 0; i < 300; ++i)
        insert(conversation_a);
    store->checkpoint().value();
    const auto root = other.number("SELECT rootpage FROM sqlite_master WHERE name = 'messages_due'");
    spoil_page(settings.database, root);
    const auto seen = inspect_queue(settings.database);
    BOOST_TEST(seen.opened); // what does not lie on that page is told all the same
    BOOST_REQUIRE(seen.damage.has_value());
    BOOST_TEST(*seen.damage != "");
}

BOOST_FIXTURE_TEST_CASE(a_pause_is_told_with_its_reason_and_whose_it_is, queue_fixture) {
    configure({"default", "second", "third"});
    account_memory pause;
    pause.account = "default";
    pause.pause_reason = "invalid_client: the secret is wrong";
    apply(pause);
    other.run("UPDATE accounts SET paused = 1, paused_reason = 'maintenance' WHERE account = 'second'");
    const auto seen = inspect_queue(settings.database);
    BOOST_REQUIRE(seen.paused.size() == 2);
    BOOST_TEST(seen.paused.at(0).name == "default");
    BOOST_TEST(seen.paused.at(0).reason == "invalid_client: the secret is wrong");
    BOOST_TEST(!seen.paused.at(0).by_operator);
    BOOST_TEST(seen.paused.at(1).name == "second");
    BOOST_TEST(seen.paused.at(1).by_operator);
}

BOOST_FIXTURE_TEST_CASE(the_room_below_the_queue_is_told, queue_fixture) {
    const auto left = room_in(folder.path);
    BOOST_REQUIRE(left.has_value());
    BOOST_TEST(left->bytes > 0);
    BOOST_TEST(!room_in(folder.path / "nowhere").has_value());
    BOOST_TEST(!is_scarce({.bytes = 1024 * 1024, .inodes = 0})); // a commit makes no file
    BOOST_TEST(is_scarce({.bytes = 1024 * 1024 - 1, .inodes = std::nullopt}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
