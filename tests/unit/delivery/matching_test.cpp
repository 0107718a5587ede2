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
    q.outbound = std::move(outbound);
    return q;
}

unnamed_message unnamed(std::int64_t id, std::string text, milliseconds after) {
    unnamed_message row;
    row.id = id;
    row.text = std::move(text);
    row.started_at = start + after;
    return row;
}

std::string id_of(const match_answer& answer) {
    return answer.mine ? answer.mine->id : "absent";
}

} // namespace

BOOST_AUTO_TEST_SUITE(matching_)

BOOST_AUTO_TEST_CASE(the_same_text_after_the_start_is_ours) {
    BOOST_TEST(id_of(match(asked("Hello", {shown("a", "Hi", 10ms), shown("b", "Hello", 20ms)}))) == "b");
    BOOST_TEST(id_of(match(asked("Hello", {shown("a", "Hi", 10ms)}))) == "absent");
}

BOOST_AUTO_TEST_CASE(a_message_from_before_the_attempt_is_not_ours) {
    BOOST_TEST(id_of(match(asked("Hello", {shown("a", "Hello", -10s)}))) == "absent");
}

BOOST_AUTO_TEST_CASE(a_stamp_that_is_cut_to_its_second_or_of_another_server_is_allowed_for) {
    BOOST_TEST(id_of(match(asked("Hello", {shown("a", "Hello", -2000ms)}))) == "a");
    BOOST_TEST(id_of(match(asked("Hello", {shown("a", "Hello", -2001ms)}))) == "absent");
}

BOOST_AUTO_TEST_CASE(reading_back_begins_with_the_earliest_unnamed_row_that_says_the_same) {
    auto q = asked("Hello", {});
    BOOST_TEST((earliest_of_interest(q) == start));
    q.unnamed = {unnamed(1, "Hello", -600s), unnamed(2, "Bye", -900s), unnamed(3, "Hello", 5s)};
    BOOST_TEST((earliest_of_interest(q) == start - 600s));
}

BOOST_AUTO_TEST_CASE(what_does_not_tell_its_text_or_its_time_may_be_ours) {
    auto unread = shown("a", "", 10ms);
    unread.unread = true;
    auto undated = shown("b", "Hello", 0ms);
    undated.timestamp = wall_time();
    for (const auto& message : {unread, undated}) {
        const auto answer = match(asked("Hello", {message}));
        BOOST_TEST(id_of(answer) == "absent");
        BOOST_TEST(answer.perhaps);
        auto q = asked("Hello", {message});
        q.owned = {message.id};
        BOOST_TEST(!match(q).perhaps);
        const auto found = match(asked("Hello", {message, shown("c", "Hello", 20ms)}));
        BOOST_TEST(id_of(found) == "c");
        BOOST_TEST(!found.perhaps);
    }
    BOOST_TEST(!match(asked("Bye", {undated})).perhaps);
    unread.timestamp = start - 10s; // from before the attempt, whatever it says
    BOOST_TEST(!match(asked("Hello", {unread})).perhaps);
}

BOOST_AUTO_TEST_CASE(a_row_without_an_id_takes_nothing_for_certain_while_another_may_be_its_own) {
    auto unread = shown("a", "", -9s); // before our attempt, and after that of the row without an id
    unread.unread = true;
    auto q = asked("Hello", {unread, shown("b", "Hello", 10ms)});
    q.unnamed = {unnamed(1, "Hello", -10s)};
    const auto answer = match(q);
    BOOST_TEST(id_of(answer) == "absent");
    BOOST_TEST(answer.perhaps); // "b" may be ours, and "a" the other row's
    BOOST_TEST(answer.others.empty());
    q.outbound.push_back(shown("c", "Hello", 20ms)); // enough for both
    BOOST_TEST(id_of(match(q)) == "c");
}

BOOST_AUTO_TEST_CASE(what_another_row_owns_is_not_ours) {
    auto q = asked("Hello", {shown("a", "Hello", 1ms)});
    q.owned = {"a"};
    BOOST_TEST(id_of(match(q)) == "absent");
}

BOOST_AUTO_TEST_CASE(a_row_that_was_accepted_without_an_id_claims_its_message_first) {
    auto q = asked("Hello", {shown("a", "Hello", 1ms)});
    q.unnamed = {unnamed(7, "Hello", 0ms)};
    const auto one = match(q);
    BOOST_TEST(id_of(one) == "absent");
    BOOST_REQUIRE(one.others.size() == 1);
    BOOST_TEST(one.others[0].message_id == 7);
    BOOST_TEST(one.others[0].remote_message_id == "a");

    q.outbound.push_back(shown("b", "Hello", 2ms));
    BOOST_TEST(id_of(match(q)) == "b");
}

BOOST_AUTO_TEST_CASE(reading_back_is_not_in_order_of_time) {
    auto q = asked("Hello", {shown("late", "Hello", 9ms), shown("early", "Hello", 1ms)});
    q.unnamed = {unnamed(7, "Hello", 0ms)};
    const auto answer = match(q);
    BOOST_TEST(id_of(answer) == "late");
    BOOST_TEST(answer.others.at(0).remote_message_id == "early");
}

BOOST_AUTO_TEST_CASE(texts_are_compared_as_a_reader_sees_them) {
    BOOST_TEST(normalised("  a\r\n b\t c  ") == "a b c");
    BOOST_TEST(normalised("e\xCC\x81") == "\xC3\xA9"); // e + combining acute = é
    BOOST_TEST(normalised("A") != normalised("a"));
    BOOST_TEST(normalised("\xFF broken") == "\xFF broken");
}

BOOST_AUTO_TEST_SUITE_END()
