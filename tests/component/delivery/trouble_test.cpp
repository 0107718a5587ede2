// What a message meets when the database, the clock or the daemon's life is in trouble.
#include "delivery_world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>

namespace {

using namespace cannedd;
using namespace cannedd::test;
using namespace std::chrono_literals;

} // namespace

BOOST_AUTO_TEST_SUITE(trouble_)

BOOST_AUTO_TEST_CASE(a_neighbours_lock_loses_no_result_and_stops_new_claims) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.insert(conversation_b, "two");
    world.start();
    bool locked = false;
    world.at_step = {};
    world.run_for(15ms); // both are marked and on their way
    world.sql("BEGIN IMMEDIATE");
    locked = true;
    world.run_for(3s);
    BOOST_TEST(world.api().customer.size() == 2u);
    BOOST_TEST(status_of(world, 1) == "sending");
    world.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + conversation_b + "', 'three')");
    world.sql("COMMIT");
    world.run_for(3s);
    BOOST_TEST(locked);
    BOOST_TEST(world.value("SELECT group_concat(status) FROM messages") == "sent,sent,sent");
    BOOST_TEST(texts(world.api().customer) == "one two three");
}

// Producers that commit all the time often have the lock in just that moment.
BOOST_AUTO_TEST_CASE(a_lock_puts_the_deletion_of_old_rows_off_for_a_second_and_no_longer) {
    world_options options;
    options.retention = 10s;
    delivery_world world(options);
    world.insert(conversation_a, "one");
    world.start();
    world.run_for(50s);
    BOOST_TEST(world.value("SELECT count(*) FROM messages") == "1"); // one look a minute
    world.sql("BEGIN IMMEDIATE");
    world.run_for(15s);
    world.sql("COMMIT");
    world.run_for(2s);
    BOOST_TEST(world.value("SELECT count(*) FROM messages") == "0");
}

BOOST_AUTO_TEST_CASE(a_database_that_is_replaced_is_not_written_and_the_daemon_gives_up) {
    delivery_world world;
    world.start();
    world.run_for(1s);
    std::filesystem::rename(world.database(), world.database().string() + ".old");
    world.run_for(5s);
    BOOST_TEST(!world.ending.has_value());
    world.run_for(10s);
    BOOST_REQUIRE(world.ending.has_value());
    BOOST_TEST((world.ending->how == engine::ending::kind::gave_up));
    std::filesystem::rename(world.database().string() + ".old", world.database());
}

BOOST_AUTO_TEST_CASE(a_restart_bursts_nothing) {
    world_options chosen;
    chosen.rate.requests_per_minute = 60;
    chosen.rate.burst = 10;
    delivery_world world(chosen);
    for (int i = 0; i < 200; ++i)
        world.insert(conversation_a, std::to_string(i));
    world.start();
    for (int life = 0; life < 5; ++life) {
        world.run_for(3s);
        world.restart();
    }
    world.run_for(90s);
    std::vector<steady_time> arrivals;
    for (const auto& seen : world.api().customer)
        arrivals.push_back(seen.at);
    std::size_t most = 0;
    for (std::size_t first = 0, last = 0; last < arrivals.size(); ++last) {
        while (arrivals[last] - arrivals[first] >= 60s)
            ++first;
        most = std::max(most, last - first + 1);
    }
    BOOST_TEST(most <= 60u);
    BOOST_TEST(most >= 20u);
}

BOOST_AUTO_TEST_CASE(a_result_that_waits_while_the_clock_is_set_back_is_due_by_the_new_one) {
    delivery_world world;
    world.insert(conversation_a, "hello");
    world.start();
    world.api().sends.push_back(scripted_api::unreachable());
    world.run_for(15ms); // it is on its way
    world.time.step_wall(3h);
    world.sql("BEGIN IMMEDIATE");
    world.run_for(100ms); // the answer is there, and cannot be written
    world.time.step_wall(-3h);
    world.sql("COMMIT");
    world.run_for(5s);
    BOOST_TEST(texts(world.api().customer) == "hello");
}

BOOST_AUTO_TEST_CASE(a_clock_set_back_cuts_no_backoff_that_begins_after_it) {
    world_options chosen;
    chosen.breaker.failures = 1000;
    delivery_world world(chosen);
    for (int n = 1; n <= 4; ++n)
        world.insert("aaaaaaaa-0000-4000-8000-00000000000" + std::to_string(n), "hello");
    world.start();
    for (int n = 0; n < 1000; ++n)
        world.api().sends.push_back(scripted_api::unreachable());
    world.run_for(2s);
    world.time.step_wall(-3h);
    world.run_for(1s); // the rows are due once more
    const auto tried = [&world] { return std::stoi(world.value("SELECT count(*) FROM attempts")); };
    const int before = tried();
    world.run_for(10s);
    BOOST_TEST(tried() - before <= 10); // as the backoff has it; as fast as the rate has it: 20
    BOOST_TEST(tried() > before);
}

BOOST_AUTO_TEST_CASE(a_row_that_expires_while_its_mark_waits_for_a_lock_is_not_sent) {
    delivery_world world;
    const auto soon = std::to_string((world.time.wall() + 1s).time_since_epoch().count());
    world.insert(conversation_a, "one", ", expires_at", ", " + soon);
    world.start();
    world.run_for(5ms); // being looked up
    world.sql("BEGIN IMMEDIATE");
    world.run_for(2s);
    world.sql("COMMIT");
    world.run_for(2s);
    BOOST_TEST(world.value("SELECT status FROM messages") == "expired");
    BOOST_TEST(world.api().customer.empty());
}

BOOST_AUTO_TEST_CASE(a_breaker_that_a_restart_finds_open_stays_so_no_longer_than_its_cool_off) {
    world_options chosen;
    chosen.breaker.failures = 1;
    delivery_world world(chosen);
    world.insert(conversation_a, "one", ", expires_at", ", 253402300799999");
    world.start();
    world.api().sends.push_back(scripted_api::unreachable());
    world.run_for(1s);
    BOOST_TEST(world.gate().breaker_open());
    world.time.step_wall(-std::chrono::hours(2)); // "open until" lies two hours ahead
    world.restart();
    world.run_for(10s);
    BOOST_TEST(world.value("SELECT status FROM messages") == "sent");
}

BOOST_AUTO_TEST_CASE(a_pause_that_a_reboot_finds_lasts_no_longer_than_it_had_to_whatever_the_clock_says) {
    delivery_world world;
    world.insert(conversation_a, "one", ", expires_at", ", 253402300799999");
    world.start();
    auto slow_down = scripted_api::replies(429);
    slow_down.facts.retry_after = 7s;
    world.api().sends.push_back(slow_down);
    world.run_for(3s);
    world.time.step_wall(-2h); // the end of the pause lies two hours ahead
    world.time.reboot("next boot");
    world.crash(true);
    world.start();
    world.run_for(3s);
    BOOST_TEST(world.api().customer.empty());
    world.run_for(5s);
    BOOST_TEST(texts(world.api().customer) == "one");
}

BOOST_AUTO_TEST_CASE(a_failed_write_long_ago_and_a_long_lock_do_not_add_up) {
    delivery_world world;
    world.start();
    world.run_for(1s);
    std::filesystem::rename(world.database(), world.database().string() + ".old");
    world.run_for(4s); // serious, and over before its time
    std::filesystem::rename(world.database().string() + ".old", world.database());
    world.sql("BEGIN IMMEDIATE");
    world.insert(conversation_a, "hello");
    world.run_for(60s);
    BOOST_TEST(!world.ending.has_value());
    world.sql("COMMIT");
    world.run_for(2s);
    BOOST_TEST(texts(world.api().customer) == "hello");
}

BOOST_AUTO_TEST_CASE(a_conversation_of_thousands_that_ends_does_so_in_slices) {
    delivery_world world;
    world.sql("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO "
              "messages (conversation_id, text) SELECT '" +
              conversation_a + "', 'hello' FROM n");
    world.start();
    world.api().broken.emplace(conversation_a, setback(errc::conversation_ended, "it has ended"));
    const std::string failed = "SELECT count(*) FROM messages WHERE error = 'conversation_ended'";
    world.run_for(150ms); // with room for others' commits between ours
    BOOST_TEST(std::stoi(world.value(failed)) > 0);
    BOOST_TEST(std::stoi(world.value(failed)) <= 1200);
    world.run_for(10s);
    BOOST_TEST(world.value(failed) == "2000");
    BOOST_TEST(std::ranges::count(world.api().requests, "resolve") == 1);
}

BOOST_AUTO_TEST_CASE(a_look_up_that_names_another_conversation_leaves_none_taken) {
    delivery_world world;
    for (const auto* text : {"one", "two", "three"})
        world.insert(conversation_a, text);
    world.start();
    target elsewhere;
    elsewhere.way = route::message;
    elsewhere.conversation_id = conversation_b;
    world.api().resolves = {elsewhere};
    world.run_for(30s);
    BOOST_TEST(world.value("SELECT count(*) FROM messages WHERE status = 'sent'") == "3");
}

BOOST_AUTO_TEST_CASE(an_operator_who_unpauses_ends_a_block_and_an_open_breaker) {
    world_options chosen;
    chosen.breaker.failures = 1;
    chosen.breaker.cool_off = std::chrono::minutes(5);
    delivery_world world(chosen);
    world.insert(conversation_a, "one");
    world.start();
    auto slow_down = scripted_api::replies(429);
    slow_down.facts.retry_after = std::chrono::hours(1);
    world.api().sends = {slow_down};
    world.run_for(5s);
    world.sql("UPDATE accounts SET paused = 1");
    world.run_for(1s);
    world.sql("UPDATE accounts SET paused = 0");
    world.run_for(3s);
    BOOST_TEST(texts(world.api().customer) == "one");
    world.api().sends = {scripted_api::unreachable()};
    world.insert(conversation_a, "two");
    world.run_for(5s);
    BOOST_TEST(world.gate().breaker_open());
    world.sql("UPDATE accounts SET paused = 1");
    world.run_for(1s);
    world.sql("UPDATE accounts SET paused = 0");
    world.run_for(5s);
    BOOST_TEST(texts(world.api().customer) == "one two");
}

// A cut stops the loop for two syncs: while messages come one by one nothing is cut but a log that is long.
BOOST_AUTO_TEST_CASE(the_log_is_cut_once_nothing_is_written_or_it_is_long) {
    delivery_world world;
    world.start();
    std::int64_t before = 0;
    for (int row = 0; row < 12; ++row) {
        world.insert(conversation_a, "one by one");
        world.run_for(200ms);
        const auto bytes = world.store().wal_bytes();
        BOOST_TEST(bytes > before);
        before = bytes;
    }
    world.run_for(3s);
    BOOST_TEST(world.store().wal_bytes() == 0);

    for (int row = 0; row < 200; ++row) {
        world.insert(conversation_a, "many");
        world.run_for(20ms);
        BOOST_TEST(world.store().wal_bytes() < 4096 * 1000);
    }
}

// What it held is on the disk no longer than it must be; and while rows come its room is about to be used.
BOOST_AUTO_TEST_CASE(a_log_that_is_cut_for_its_length_gives_its_room_back_at_rest) {
    delivery_world world;
    world.start();
    const auto room = [&] { return std::filesystem::file_size(world.database().string() + "-wal"); };
    std::uintmax_t longest = 0;
    std::int64_t shortest = 4096 * 1000;
    for (int row = 0; row < 200; ++row) {
        world.insert(conversation_a, "many");
        world.run_for(20ms);
        BOOST_TEST(room() >= longest); // never shorter
        longest = room();
        if (row > 100) shortest = std::min(shortest, world.store().wal_bytes());
    }
    BOOST_TEST(longest > 4096U * 600);
    BOOST_TEST(shortest < 4096 * 100); // it was cut
    world.run_for(60s);
    BOOST_TEST(room() == 0U);
}

BOOST_AUTO_TEST_CASE(that_the_database_works_again_is_said_once_and_when_it_lasts) {
    asio::io_context context;
    virtual_time time(context);
    std::vector<std::string> lines;
    logger log(log_level::notice, [&](const log_record& line) { lines.push_back(line.text); });
    store_health health(
        time, log, [](const std::string&) {}, [] {});
    const store_fault full(store_trouble::full, "the disk is full");
    const auto pass = [&](milliseconds span) { time.run_for(span); };
    for (int n = 0; n < 4; ++n) { // a small write passes, the next large one does not
        health.failed(full);
        pass(500ms);
        health.worked();
        BOOST_TEST(health.ok());
        pass(500ms);
        health.say_when_over();
    }
    const auto times = [&](std::string_view text) { return std::ranges::count(lines, text); };
    BOOST_TEST(times("the database works again") == 0);
    BOOST_TEST(times("database trouble: nothing new is claimed until it ends") == 1);
    health.failed(store_fault(store_trouble::busy, "a lock")); // of a moment: no line
    health.worked();
    pass(2s);
    health.say_when_over();
    health.say_when_over();
    BOOST_TEST(times("the database works again") == 1);
    BOOST_TEST(lines.size() == 2U);
    health.failed(full);
    BOOST_TEST(lines.size() == 3U);
}

// Somebody commits just before a row is due, and the clock goes on while the round looks.
BOOST_AUTO_TEST_CASE(a_row_that_becomes_due_while_a_round_looks_is_not_passed_over) {
    delivery_world world;
    world.start();
    world.time.creep(1ms);
    for (int early = 0; early < 60; ++early) {
        world.run_for(1s);
        const auto due = std::to_string((world.time.wall() + 100ms).time_since_epoch().count());
        world.insert(conversation_a, "in a moment", ", not_before", ", " + due);
        world.run_for(milliseconds(100 - early));
        world.sql("INSERT OR REPLACE INTO responses (name, text) VALUES ('any', 'other')");
        world.run_for(3s);
        BOOST_TEST(world.value("SELECT count(*) FROM messages WHERE status <> 'sent'") == "0", early);
    }
}

BOOST_AUTO_TEST_SUITE_END()
