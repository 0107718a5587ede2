#include "delivery/matching.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;

const wall_time start(1000h);

remote_message shown(std::string id, std::string text, milliseconds after) {
    remote_message m;
    m.id = std::move(id);
    m.text = std::move(text);
    m.timestamp = start + after;
    return m;
}

match_question asked(std::string text, std::vector<remote_message> outbound) {
    match_question q;
    q.text = std::move(text);
    q.since = start;
    q.listed = {"customer's"};
    for (const auto& m : outbound)
        q.listed.push_back(m.id);
    q.outbound = std::move(outbound);
    return q;
}

spoken_message unnamed(std::int64_t id, std::string text, milliseconds after) {
    spoken_message row;
    row.id = id;
    row.text = std::move(text);
    row.started_at = start + after;
    return row;
}

spoken_message named(std::string remote_message_id, milliseconds after) {
    auto row = unnamed(99, "before", after);
    row.remote_message_id = std::move(remote_message_id);
    return row;
}

std::string found(const match_question& q) {
    const auto answer = match(q);
    if (answer.mine) return answer.mine->id;
    switch (answer.why) {
    case match_doubt::none: return "absent";
    case match_doubt::tells_too_little: return "tells too little";
    case match_doubt::may_be_anothers: return "may be another's";
    case match_doubt::too_old: return "too old";
    case match_doubt::nearly: return "nearly: " + answer.nearly_text;
    case match_doubt::lists_too_little: return "lists too little";
    case match_doubt::lists_nothing: return "lists nothing";
    }
    return "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(matching_)

BOOST_AUTO_TEST_CASE(the_same_text_after_the_start_is_ours) {
    BOOST_TEST(found(asked("Hello", {shown("a", "Hi", 10ms), shown("b", "Hello", 20ms)})) == "b");
    BOOST_TEST(found(asked("Hello", {shown("a", "Hi", 10ms)})) == "absent");
}

BOOST_AUTO_TEST_CASE(a_text_that_a_server_kept_in_its_own_way_is_ours) {
    BOOST_TEST(
        found(asked("Fish & chips\u00A0\u2665\uFE0F", {shown("a", "FISH &amp; chips \u2665", 10ms)})) == "a");
}

BOOST_AUTO_TEST_CASE(a_text_that_is_nearly_ours_is_neither_ours_nor_absent) {
    const std::string text = "Your taxi waits at https://maps.example/gate?n=4 by the north gate";
    auto q = asked(text, {shown("a", "Your taxi waits at https://s.example/x by the north gate", 10ms)});
    BOOST_TEST(found(q) == "nearly: " + q.outbound[0].text);
    q.outbound.push_back(shown("b", text, 20ms)); // as it is: then that one
    BOOST_TEST(found(q) == "b");
    q = asked(text, {shown("a", "Your taxi waits at https", 10ms)});
    BOOST_TEST(found(q).starts_with("nearly"));
    q.owned = {"a"};
    BOOST_TEST(found(q) == "absent");
    q = asked(text, {shown("a", "Your taxi waits at https", -61s)}); // from long before the attempt
    BOOST_TEST(found(q) == "absent");
}

BOOST_AUTO_TEST_CASE(what_is_word_for_word_another_rows_is_not_nearly_ours) {
    auto q = asked("Your taxi has come, please go to the gate", {shown("a", "Your taxi has come", 10ms)});
    q.spoken = {unnamed(7, "Your taxi has come", -5s)};
    BOOST_TEST(found(q) == "absent");
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_ahead_by_a_minute_is_allowed_for) {
    BOOST_TEST(found(asked("Hello", {shown("a", "Hello", -2000ms)})) == "a");
    BOOST_TEST(found(asked("Hello", {shown("a", "Hello", -60s)})) == "a");
}

BOOST_AUTO_TEST_CASE(what_is_older_than_any_clock_explains_is_left_to_a_person) {
    BOOST_TEST(found(asked("Hello", {shown("a", "Hello", -60001ms)})) == "too old");
    auto q = asked("Hello", {shown("a", "Hello", -60001ms), shown("b", "Hello", 5ms)});
    BOOST_TEST(found(q) == "b");
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_ahead_by_hours_hides_nothing_that_may_be_ours) {
    for (const auto ahead : {milliseconds(31min), milliseconds(3h), milliseconds(14h)}) {
        auto unread = shown("a", "", -ahead);
        unread.unread = true;
        const auto read = [&](std::vector<remote_message> outbound) {
            auto q = asked("Hello", std::move(outbound));
            q.read_at = start + 5s;
            return q;
        };
        BOOST_TEST(found(read({shown("a", "Hello", -ahead)})) == "too old");
        BOOST_TEST(found(read({shown("a", "[Acme] Hello", -ahead)})) == "nearly: [Acme] Hello");
        BOOST_TEST(found(read({unread})) == "tells too little");
        BOOST_TEST(found(read({shown("a", "Hello", -ahead), shown("b", "Hi", 4s - ahead)})) == "too old");
        // Older than what was said last by more than has passed: it was there before.
        BOOST_TEST(found(read({shown("a", "Hello", -ahead), shown("b", "Hi", 10s - ahead)})) == "absent");
        // The clocks agree: a message tells it whose row's begin is known.
        auto q = read({shown("own", "Hi", -20h), shown("a", "Hello", -ahead)});
        q.owned = {"own"};
        q.spoken = {named("own", -20h - 1s)};
        BOOST_TEST(found(q) == "absent");
        q.spoken = {named("own", ahead - 20h)};
        BOOST_TEST(found(q) == "too old");
        q.spoken = {named("own", -20h - 1s)};
        q.read_at = start - ahead; // another server's Date: nothing is known of the one before
        BOOST_TEST(found(q) == "too old");
    }
}

BOOST_AUTO_TEST_CASE(the_same_words_from_long_before_are_not_ours_where_somebody_has_spoken_since) {
    auto q = asked("Hello", {shown("a", "Hello", -31min), shown("b", "Hi", -1s)});
    q.read_at = start + 3s;
    BOOST_TEST(found(q) == "absent");
    q.outbound[0].timestamp = start - 29min;
    BOOST_TEST(found(q) == "too old");
}

BOOST_AUTO_TEST_CASE(of_equal_ones_that_from_after_the_start_is_ours) {
    BOOST_TEST(found(asked("Hello", {shown("person's", "Hello", -30s), shown("b", "Hello", 5ms)})) == "b");
}

BOOST_AUTO_TEST_CASE(reading_back_begins_with_the_earliest_unnamed_row_that_says_the_same) {
    auto q = asked("Hello", {});
    BOOST_TEST((earliest_of_interest(q) == start));
    q.spoken = {unnamed(1, "Hello", -600s), unnamed(2, "Bye", -900s), unnamed(3, "Hello", 5s),
                named("x", -900s)};
    q.spoken.back().text = "Hello";
    BOOST_TEST((earliest_of_interest(q) == start - 600s));
}

BOOST_AUTO_TEST_CASE(what_does_not_tell_its_text_or_its_time_may_be_ours) {
    auto unread = shown("a", "", 10ms);
    unread.unread = true;
    auto undated = shown("b", "Hello", 0ms);
    undated.timestamp = wall_time();
    for (const auto& message : {unread, undated, shown("c", "", 10ms)}) {
        BOOST_TEST(found(asked("Hello", {message})) == "tells too little");
        auto q = asked("Hello", {message});
        q.owned = {message.id};
        BOOST_TEST(found(q) == "absent");
        BOOST_TEST(found(asked("Hello", {message, shown("d", "Hello", 20ms)})) == "d");
    }
    BOOST_TEST(found(asked("Bye", {undated})) == "absent");
    unread.timestamp = start - 61s; // from before the attempt, whatever it says
    BOOST_TEST(found(asked("Hello", {unread})) == "absent");
}

BOOST_AUTO_TEST_CASE(a_row_without_an_id_takes_nothing_for_certain_while_another_may_be_its_own) {
    auto unread = shown("a", "", -69s); // before our attempt, and after that of the row without an id
    unread.unread = true;
    auto q = asked("Hello", {unread, shown("b", "Hello", 10ms)});
    q.spoken = {unnamed(1, "Hello", -70s)};
    BOOST_TEST(found(q) == "may be another's"); // "b" may be ours, and "a" the other row's
    BOOST_TEST(match(q).others.empty());
    q.outbound.push_back(shown("c", "Hello", 20ms)); // enough for both
    BOOST_TEST(found(q) == "c");
}

// The first row's message tells no text, so it may seem to have taken the second's, the second ours, and ours
// to be absent.
BOOST_AUTO_TEST_CASE(whose_one_message_is_in_doubt_leaves_the_later_ones_in_doubt) {
    auto unread = shown("first", "", -300s);
    unread.unread = true;
    auto q = asked("hello", {unread, shown("second", "hello", -200s), shown("mine", "hello", 0s)});
    q.spoken = {unnamed(1, "hello", -300s), unnamed(2, "hello", -200s)};
    BOOST_TEST(found(q) == "may be another's");
    BOOST_TEST(match(q).others.empty());
}

BOOST_AUTO_TEST_CASE(a_listing_that_lacks_what_was_certainly_sent_proves_nothing) {
    auto q = asked("Hello", {shown("a", "Hi", 10ms)});
    q.spoken = {named("lost", -10s)};
    BOOST_TEST(found(q) == "lists too little");
    q.outbound.push_back(shown("b", "Hello", 20ms)); // there it is all the same
    BOOST_TEST(found(q) == "b");
    q = asked("Hello", {shown("a", "Hi", 10ms)});
    q.spoken = {named("a", -10s)};
    BOOST_TEST(found(q) == "absent");
    q.spoken = {named("later", 10ms)}; // began after ours: it may lag
    BOOST_TEST(found(q) == "absent");
    q.spoken = {named("long ago", -listed_within - 1ms)};
    BOOST_TEST(found(q) == "absent");
}

BOOST_AUTO_TEST_CASE(a_conversation_in_which_nobody_has_said_anything_proves_nothing) {
    auto q = asked("Hello", {});
    BOOST_TEST(found(q) == "absent");
    q.listed.clear();
    BOOST_TEST(found(q) == "lists nothing");
}

BOOST_AUTO_TEST_CASE(what_another_row_owns_is_not_ours) {
    auto q = asked("Hello", {shown("a", "Hello", 1ms)});
    q.owned = {"a"};
    BOOST_TEST(found(q) == "absent");
}

BOOST_AUTO_TEST_CASE(a_row_that_was_accepted_without_an_id_claims_its_message_first) {
    auto q = asked("Hello", {shown("a", "Hello", 1ms)});
    q.spoken = {unnamed(7, "Hello", 0ms)};
    const auto one = match(q);
    BOOST_TEST(found(q) == "absent");
    BOOST_REQUIRE(one.others.size() == 1);
    BOOST_TEST(one.others[0].message_id == 7);
    BOOST_TEST(one.others[0].remote_message_id == "a");

    q.outbound.push_back(shown("b", "Hello", 2ms));
    BOOST_TEST(found(q) == "b");
}

// The Date that told when the row was accepted is ahead of the stamps, and hours lie between it and ours.
BOOST_AUTO_TEST_CASE(a_row_without_an_id_does_not_take_what_was_said_hours_after_it) {
    auto q = asked("Hello", {shown("its own", "Hello", -8h - 51s), shown("ours", "Hello", -50s)});
    q.spoken = {unnamed(7, "Hello", -8h)};
    BOOST_TEST(found(q) == "ours");
    BOOST_TEST(match(q).others.at(0).remote_message_id == "its own");
}

// The same, by a clock that is ahead by more than is allowed for everywhere: of ours nobody can tell then,
// and a person is asked.
BOOST_AUTO_TEST_CASE(nor_by_a_clock_that_is_minutes_ahead) {
    auto q = asked("Hello", {shown("its own", "Hello", -8h - 545s), shown("ours", "Hello", -545s)});
    q.read_at = start + 7s;
    q.spoken = {unnamed(7, "Hello", -8h)};
    BOOST_TEST(match(q).others.at(0).remote_message_id == "its own");
    BOOST_TEST(found(q) == "too old");
}

// By a clock that is hours ahead all lies before its begin: the first is its own, the last may be ours.
BOOST_AUTO_TEST_CASE(nor_the_last_of_all_by_a_clock_that_is_hours_ahead) {
    auto q = asked("Hello", {shown("its own", "Hello", -5h - 55s), shown("ours", "Hello", -5h)});
    q.read_at = start + 1s;
    q.spoken = {unnamed(7, "Hello", -55s)};
    BOOST_TEST(match(q).others.at(0).remote_message_id == "its own");
    BOOST_TEST(found(q) == "too old");
}

BOOST_AUTO_TEST_CASE(reading_back_is_not_in_order_of_time) {
    auto q = asked("Hello", {shown("late", "Hello", 9ms), shown("early", "Hello", 1ms)});
    q.spoken = {unnamed(7, "Hello", 0ms)};
    BOOST_TEST(found(q) == "late");
    BOOST_TEST(match(q).others.at(0).remote_message_id == "early");
}

BOOST_AUTO_TEST_SUITE_END()
