// Messages in doubt: nothing is sent twice, nothing is lost, and "nobody can tell" is said.
#include "delivery_world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace cannedd;
using namespace cannedd::test;
using namespace std::chrono_literals;

std::string row(delivery_world& world, int id) {
    return world.value(
        "SELECT status||' '||verified||' '||attempts||' '||coalesce(error, '-') FROM messages WHERE id = " +
        std::to_string(id));
}

// Row 1, which does not expire whatever the clock is set to, is about to arrive without an answer.
void start_into_doubt(delivery_world& world) {
    world.insert(conversation_a, "one", ", expires_at", ", 253402300799999");
    world.start();
    world.api().sends.push_back(scripted_api::breaks_off(true));
}

bool told_to_log(const delivery_world& world, const std::string& words) {
    const auto tells = [&](const log_field& field) { return field.value.find(words) != std::string::npos; };
    return std::ranges::any_of(world.lines,
                               [&](const auto& line) { return std::ranges::any_of(line.fields, tells); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(doubt_)

BOOST_AUTO_TEST_CASE(a_message_that_arrived_without_an_answer_is_found_and_not_sent_again) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends.push_back(scripted_api::breaks_off(true));
    world.run_for(1s);
    BOOST_TEST(row(world, 1).starts_with("sending"));
    world.run_for(10s);
    BOOST_TEST(row(world, 1) == "sent 1 1 -");
    BOOST_TEST(world.value("SELECT remote_message_id FROM messages") == "remote-1");
    BOOST_TEST(world.api().customer.size() == 1u);
    BOOST_TEST(world.value("SELECT outcome||' '||phase FROM attempts") == "indeterminate written");
}

// A cached addressee says nothing of a bot that took over, or of an end, that reading back has just shown.
BOOST_AUTO_TEST_CASE(after_a_doubt_the_conversation_is_looked_at_anew) {
    for (const bool arrives : {true, false}) {
        delivery_world world;
        world.insert(conversation_a, "one");
        world.start();
        world.run_for(1s);
        world.api().sends.push_back(scripted_api::breaks_off(arrives));
        world.insert(conversation_a, "two");
        world.insert(conversation_a, "three");
        world.run_for(1s);
        world.api().broken[conversation_a] = setback(errc::conversation_ended, "it has ended");
        world.run_for(20s);
        BOOST_TEST(row(world, 3) == "failed 0 0 conversation_ended");
        BOOST_TEST(world.api().customer.size() == (arrives ? 2U : 1U));
    }
}

BOOST_AUTO_TEST_CASE(a_message_that_is_absent_is_sent_again_after_the_settle_time) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends.push_back(scripted_api::breaks_off(false));
    world.run_for(20s);
    BOOST_TEST(row(world, 1) == "sent 0 2 -");
    BOOST_TEST(world.api().customer.size() == 1u);
}

BOOST_AUTO_TEST_CASE(every_status_that_leaves_doubt_is_read_back) {
    for (const int status : {408, 500, 502, 503, 504}) {
        delivery_world world;
        world.insert(conversation_a, "one");
        world.start();
        world.api().sends.push_back(scripted_api::replies(status, "", true));
        world.run_for(10s);
        BOOST_TEST(row(world, 1) == "sent 1 1 -");
        BOOST_TEST(world.api().customer.size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(only_the_lane_in_doubt_stands_still) {
    delivery_world world;
    world.insert(conversation_a, "a1");
    world.insert(conversation_a, "a2");
    world.insert(conversation_b, "b1");
    world.start();
    world.api().sends.push_back(scripted_api::breaks_off(true));
    world.run_for(1500ms);
    BOOST_TEST(row(world, 2).starts_with("pending"));
    BOOST_TEST(row(world, 3).starts_with("sent"));
    world.run_for(5s);
    BOOST_TEST(row(world, 2).starts_with("sent"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_back_is_unconfirmed_with_a_sentence) {
    const std::vector<setback> reasons{setback(errc::conversation_not_found, "gone"),
                                       setback(scripted_api::replies(403, "missing.permissions").facts),
                                       setback(scripted_api::replies(404).facts)};
    for (const auto& reason : reasons) {
        delivery_world world;
        world.insert(conversation_a, "one");
        world.insert(conversation_a, "two");
        world.start();
        world.api().on_read_back = [&] { return std::optional<setback>(reason); };
        world.api().sends.push_back(scripted_api::breaks_off(true));
        world.run_for(10s);
        BOOST_TEST(row(world, 1) == "unconfirmed 0 1 unconfirmed");
        BOOST_TEST(
            world.value("SELECT error_detail LIKE '%may or may not have been delivered%' FROM messages") ==
            "1");
        BOOST_TEST(row(world, 2).starts_with("sent")); // it holds nobody back
    }
}

BOOST_AUTO_TEST_CASE(what_left_the_doubt_is_told_with_its_correlation_id_when_it_is_over) {
    world_options options;
    options.limits.attempts_max = 1;
    delivery_world world(options);
    world.insert(conversation_a, "one");
    world.start();
    auto outage = scripted_api::replies(503);
    outage.facts.correlation_id = "17-c0ffee";
    world.api().sends.push_back(outage);
    world.run_for(10s);
    BOOST_TEST(row(world, 1).starts_with("failed"));
    const auto detail = world.value("SELECT error_detail FROM messages");
    BOOST_TEST(detail.find("it was not delivered") != std::string::npos, detail);
    BOOST_TEST(detail.find("HTTP 503, correlation id 17-c0ffee") != std::string::npos, detail);
}

BOOST_AUTO_TEST_CASE(a_message_that_may_be_ours_is_neither_claimed_nor_sent_again) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.insert(conversation_a, "two");
    world.start();
    remote_message unread;
    unread.id = "who-knows";
    unread.timestamp = world.time.wall() + 1s;
    unread.unread = true;
    world.api().shown[conversation_a].push_back(unread);
    world.api().sends.push_back(scripted_api::breaks_off(false));
    world.run_for(10s);
    BOOST_TEST(row(world, 1) == "unconfirmed 0 1 unconfirmed");
    BOOST_TEST(world.value("SELECT error_detail LIKE '%a message that may be this one%' FROM messages") ==
               "1");
    BOOST_TEST(row(world, 2).starts_with("sent"));
    BOOST_TEST(std::ranges::count(world.api().requests, "read_back") == 3); // it was given the time to tell
}

BOOST_AUTO_TEST_CASE(a_message_that_the_server_keeps_in_its_own_way_is_known_again) {
    for (const auto* kept : {"Ann &amp; Bob&#39;s tea \u2665", "ANN & BOB\u2019S  TEA \u2665\uFE0F\n"}) {
        delivery_world world;
        world.insert(conversation_a, "Ann & Bob''s\u00A0tea \u2665\uFE0F");
        world.start();
        world.api().keeps = [kept](const std::string&) { return std::string(kept); };
        world.api().sends.push_back(scripted_api::breaks_off(true));
        world.run_for(20s);
        BOOST_TEST(row(world, 1) == "sent 1 1 -");
        BOOST_TEST(world.api().customer.size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_message_that_is_nearly_ours_is_shown_to_a_person_beside_it) {
    delivery_world world;
    world.insert(conversation_a, "the long way to https://shop.example/a?b=1 and back");
    world.start();
    world.api().keeps = [](const std::string&) {
        return std::string("the long way to https://sho.rt/7 and back");
    };
    world.api().sends.push_back(scripted_api::breaks_off(true));
    world.run_for(20s);
    BOOST_TEST(row(world, 1) == "unconfirmed 0 1 unconfirmed");
    BOOST_TEST(world.api().customer.size() == 1u);
    const auto detail = world.value("SELECT error_detail FROM messages");
    BOOST_TEST(detail.find("sent: \"the long way to https://shop.example/a?b=1 and back\"") !=
                   std::string::npos,
               detail);
    BOOST_TEST(detail.find("shown: \"the long way to https://sho.rt/7 and back\"") != std::string::npos,
               detail);
    BOOST_TEST(told_to_log(world, "nearly this one"));
    BOOST_TEST(!told_to_log(world, "the long way"));
}

BOOST_AUTO_TEST_CASE(a_date_that_is_ahead_of_the_stamps_does_not_hide_a_message) {
    for (const auto& [ahead, becomes] : {std::pair<milliseconds, std::string>(50s, "sent 1 1 -"),
                                         {5min, "unconfirmed 0 1 unconfirmed"},
                                         {31min, "unconfirmed 0 1 unconfirmed"},
                                         {14h, "unconfirmed 0 1 unconfirmed"}}) {
        delivery_world world;
        world.insert(conversation_a, "one");
        world.start();
        world.api().date_ahead = ahead;
        world.api().sends.push_back(scripted_api::breaks_off(true));
        world.run_for(20s);
        BOOST_TEST(row(world, 1) == becomes);
        BOOST_TEST(world.api().customer.size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_conversation_that_lists_nothing_proves_nothing) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().lists_nothing = true;
    world.api().sends.push_back(scripted_api::breaks_off(true));
    world.run_for(20s);
    BOOST_TEST(row(world, 1) == "unconfirmed 0 1 unconfirmed");
    BOOST_TEST(world.api().customer.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_conversation_that_lacks_what_was_accepted_before_proves_nothing) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.run_for(5s);
    BOOST_TEST(row(world, 1) == "sent 0 1 -");
    world.insert(conversation_a, "two");
    world.api().sends.push_back(scripted_api::breaks_off(true));
    world.api().on_read_back = [&]() -> std::optional<setback> {
        world.api().shown[conversation_a].clear();
        return std::nullopt;
    };
    world.run_for(20s);
    BOOST_TEST(row(world, 2) == "unconfirmed 0 1 unconfirmed");
    BOOST_TEST(world.api().customer.size() == 2u);
}

BOOST_AUTO_TEST_CASE(whoever_answers_without_content_for_an_hour_keeps_no_row_in_doubt) {
    auto empty = scripted_api::replies(204).facts;
    empty.reply_whole = false;
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    int answers = 0;
    world.api().on_read_back = [&]() -> std::optional<setback> {
        return ++answers == 30 ? setback(scripted_api::replies(503).facts) : setback(empty);
    };
    world.api().sends.push_back(scripted_api::breaks_off(true));
    world.run_for(std::chrono::minutes(62)); // an outage in between begins the hour anew
    BOOST_TEST(row(world, 1).starts_with("sending"));
    world.run_for(std::chrono::hours(1));
    BOOST_TEST(row(world, 1) == "unconfirmed 0 1 unconfirmed");
}

BOOST_AUTO_TEST_CASE(an_api_that_is_down_is_asked_again_until_it_tells) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    int refusals = 20;
    world.api().on_read_back = [&]() -> std::optional<setback> {
        if (refusals-- > 0) return setback(scripted_api::replies(503).facts);
        return std::nullopt;
    };
    world.api().sends.push_back(scripted_api::breaks_off(true));
    world.run_for(60s);
    BOOST_TEST(row(world, 1).starts_with("sending"));
    world.run_for(std::chrono::minutes(30));
    BOOST_TEST(row(world, 1) == "sent 1 1 -");
    BOOST_TEST(world.api().customer.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_policies_hold_and_resend_do_as_they_say) {
    world_options chosen;
    chosen.limits.doubt = doubt_policy::hold;
    delivery_world holds(chosen);
    holds.insert(conversation_a, "one");
    holds.start();
    holds.api().sends.push_back(scripted_api::breaks_off(true));
    holds.run_for(10s);
    BOOST_TEST(row(holds, 1) == "unconfirmed 0 1 unconfirmed");

    chosen.limits.doubt = doubt_policy::resend;
    delivery_world resends(chosen);
    resends.insert(conversation_a, "one");
    resends.start();
    resends.api().sends.push_back(scripted_api::breaks_off(true));
    resends.run_for(10s);
    BOOST_TEST(resends.api().customer.size() == 2u); // what the operator asked for
    BOOST_TEST(resends.value("SELECT times FROM queue_told") == "perhaps twice");
}

BOOST_AUTO_TEST_CASE(what_a_crash_left_and_resend_sends_again_is_perhaps_told_twice_and_not_said_to_be_read) {
    world_options chosen;
    chosen.limits.doubt = doubt_policy::resend;
    delivery_world world(chosen);
    world.start();
    world.insert(conversation_a, "first");
    world.run_for(1s);
    world.insert(conversation_a, "one");
    world.api().latency = 1h;
    world.run_for(1s);
    BOOST_TEST(row(world, 2).starts_with("sending"));
    world.crash(true);
    world.sql("UPDATE accounts SET paused = 1");
    world.start();
    world.run_for(1s);
    BOOST_TEST(world.value("SELECT error_detail LIKE '%nobody looked%' FROM messages WHERE id = 2") == "1");
    world.sql("UPDATE accounts SET paused = 0");
    world.run_for(10s);
    BOOST_TEST(row(world, 2) == "sent 0 2 -");
    BOOST_TEST(world.value("SELECT times FROM queue_told WHERE id = 2") == "perhaps twice");
}

BOOST_AUTO_TEST_CASE(two_equal_texts_are_counted_also_when_the_first_was_accepted_without_an_id) {
    delivery_world world;
    world.insert(conversation_a, "same");
    world.insert(conversation_a, "same");
    world.start();
    auto without_id = scripted_api::replies(202, "", true);
    world.api().sends = {without_id, scripted_api::breaks_off(false)};
    world.run_for(30s);
    BOOST_TEST(world.api().customer.size() == 2u);
    BOOST_TEST(row(world, 1).starts_with("sent"));
    BOOST_TEST(row(world, 2) == "sent 0 2 -");

    world.insert(conversation_a, "same");
    world.api().sends = {scripted_api::breaks_off(true)};
    world.run_for(30s);
    BOOST_TEST(world.api().customer.size() == 3u);
    BOOST_TEST(row(world, 3) == "sent 1 1 -");
    BOOST_TEST(world.value("SELECT count(DISTINCT remote_message_id) FROM messages") == "3");
}

BOOST_AUTO_TEST_CASE(a_row_found_sending_at_start_is_verified) {
    for (const bool arrived : {true, false}) {
        delivery_world world;
        world.insert(conversation_a, "one");
        world.start();
        world.api().sends.push_back(scripted_api::breaks_off(arrived));
        world.run_for(500ms);
        world.restart(); // before it could be read back
        BOOST_TEST(row(world, 1).starts_with("sending"));
        world.run_for(20s);
        BOOST_TEST(row(world, 1) == (arrived ? "sent 1 1 -" : "sent 0 2 -"));
        BOOST_TEST(world.api().customer.size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_during_the_doubt_changes_nothing) {
    for (const auto step : {milliseconds(-3h), milliseconds(3h)}) {
        delivery_world world;
        world.time.step_wall(30min); // it was not the server's before, either
        start_into_doubt(world);
        remote_message of_a_person; // hours ago, the same words
        of_a_person.id = "person";
        of_a_person.text = "one";
        of_a_person.timestamp = *world.api().server_time() - std::chrono::hours(2);
        world.api().shown[conversation_a] = {of_a_person};
        world.run_for(500ms);
        world.time.step_wall(step);
        world.restart(); // also what a former run left
        world.run_for(20s);
        BOOST_TEST(row(world, 1) == "sent 1 1 -");
        BOOST_TEST(world.value("SELECT remote_message_id FROM messages") == "remote-1");
        BOOST_TEST(world.api().customer.size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_across_a_reboot_changes_nothing) {
    for (const auto step : {milliseconds(-3h), milliseconds(3h)}) {
        delivery_world world;
        start_into_doubt(world);
        world.run_for(500ms);
        world.time.step_wall(step);
        world.time.reboot("next boot");
        world.restart();
        world.run_for(20s);
        BOOST_TEST(row(world, 1) == "sent 1 1 -");
        BOOST_TEST(world.api().customer.size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_while_reading_back_is_under_way_changes_nothing) {
    for (const auto step : {milliseconds(-3h), milliseconds(3h)}) {
        delivery_world world;
        start_into_doubt(world);
        world.api().on_read_back = [&, set = false]() mutable -> std::optional<setback> {
            if (!std::exchange(set, true)) world.time.step_wall(step);
            return std::nullopt;
        };
        world.run_for(20s);
        BOOST_TEST(row(world, 1) == "sent 1 1 -");
        BOOST_TEST(world.api().customer.size() == 1u);
    }
}

// Steady time stands still meanwhile: neither ours nor the kernel's count of it tells when the attempt began.
BOOST_AUTO_TEST_CASE(a_machine_that_slept_for_hours_knows_its_message_again) {
    delivery_world world;
    start_into_doubt(world);
    world.run_for(500ms);
    world.time.suspend(8h);
    world.run_for(20s);
    BOOST_TEST(row(world, 1) == "sent 1 1 -");
    BOOST_TEST(world.api().customer.size() == 1u);
}

BOOST_AUTO_TEST_CASE(attempts_are_exhausted_only_by_tries_that_were_shown_absent) {
    world_options chosen;
    chosen.limits.attempts_max = 2;
    delivery_world world(chosen);
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends = {scripted_api::breaks_off(false), scripted_api::breaks_off(false)};
    world.run_for(60s);
    BOOST_TEST(row(world, 1) == "failed 0 2 attempts_exhausted");
    world.sql("UPDATE messages SET status = 'pending'");
    world.run_for(10s);
    BOOST_TEST(row(world, 1) == "sent 0 1 -");
}

BOOST_AUTO_TEST_SUITE_END()
