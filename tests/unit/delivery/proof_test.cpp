// What reading back says of a row of a restored file.
#include "delivery/proof.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;

const wall_time created = wall_time(milliseconds(1'700'000'000'000));

remote_message read_back(const std::string& id, const std::string& text, milliseconds after) {
    remote_message made;
    made.id = id;
    made.text = text;
    made.timestamp = created + after;
    return made;
}

// A conversation in which the customer spoke, and the agent said this.
proof_question question_about(const std::string& text, std::vector<remote_message> outbound) {
    proof_question made;
    made.asked.text = text;
    made.asked.since = created;
    made.asked.listed = {"customer-1"};
    for (const auto& one : outbound)
        made.asked.listed.push_back(one.id);
    made.asked.outbound = std::move(outbound);
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(proof_)

BOOST_AUTO_TEST_CASE(what_the_conversation_shows_since_the_row_is_there_was_sent) {
    for (const auto after : {seconds(1), seconds(7200)}) {
        const auto told = prove(question_about("your parcel", {read_back("m1", "your parcel", after)}));
        BOOST_TEST((told.to == message_status::sent));
        BOOST_TEST(told.found.mine->id == "m1");
    }
}

BOOST_AUTO_TEST_CASE(what_it_does_not_show_may_go) {
    auto question = question_about("your parcel", {read_back("m1", "good morning", seconds(1))});
    BOOST_TEST((prove(question).to == message_status::pending));
    question.asked.outbound.front() =
        read_back("m1", "your parcel", seconds(-7200)); // of another row, long before
    question.asked.owned = {"m1"};
    BOOST_TEST((prove(question).to == message_status::pending));
}

BOOST_AUTO_TEST_CASE(one_message_proves_one_row) {
    auto question = question_about("your parcel", {read_back("m1", "your parcel", seconds(1))});
    question.asked.owned = {"m1"};
    BOOST_TEST((prove(question).to == message_status::pending));
}

BOOST_AUTO_TEST_CASE(where_nobody_can_tell_a_person_must) {
    auto ended = question_about("your parcel", {});
    ended.conversation_ended = true;
    auto told = prove(ended);
    BOOST_TEST((told.to == message_status::unconfirmed));
    BOOST_TEST(told.why == "the conversation has ended and does not show the message");

    auto near = question_about(
        "your parcel number 4711 has arrived",
        {read_back("m1", "your parcel number 4711 has arrived - reply STOP to end", seconds(1))});
    BOOST_TEST((prove(near).to == message_status::unconfirmed));

    auto empty = question_about("your parcel", {});
    empty.asked.listed.clear();
    BOOST_TEST((prove(empty).to == message_status::unconfirmed));

    auto unread = question_about("your parcel", {read_back("m1", "", seconds(1))});
    BOOST_TEST((prove(unread).to == message_status::unconfirmed));
}

// The response's text, the agent's name or the customer's may have changed since it was sent.
BOOST_AUTO_TEST_CASE(a_response_rendered_again_proves_nothing_beside_a_message_of_no_row) {
    auto question = question_about("Hello, this is Eve",
                                   {read_back("m1", "Good day, Bob here, how can I help?", seconds(1))});
    BOOST_TEST((prove(question).to == message_status::pending));
    question.text_is_known = false;
    BOOST_TEST((prove(question).to == message_status::unconfirmed));
    question.asked.owned = {"m1"};
    BOOST_TEST((prove(question).to == message_status::pending));
    question.asked.owned.clear();
    question.asked.outbound.front().timestamp = created - minutes(30); // before there was a row
    BOOST_TEST((prove(question).to == message_status::pending));
}

BOOST_AUTO_TEST_SUITE_END()
