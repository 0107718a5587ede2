// What each thing that api-facts names means for a send and for a look-up.
#include "policy/outcome.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

using namespace cannedd;

request_facts unanswered(phase reached, transport_fault fault) {
    request_facts facts;
    facts.reached = reached;
    facts.fault = fault;
    return facts;
}

request_facts replied(int status, api_word word = api_word::none, bool whole = true) {
    request_facts facts;
    facts.reached = phase::replied;
    facts.http_status = status;
    facts.word = word;
    facts.reply_whole = whole;
    return facts;
}

struct line {
    request_facts facts;
    outcome of_send;
    outcome of_look_up;
    std::string error;
};

const std::vector<line>& table() {
    static const std::vector<line> lines{
        {replied(200), outcome::accepted, outcome::accepted, ""},
        {replied(202), outcome::accepted, outcome::accepted, ""},
        {replied(200, api_word::none, false), outcome::indeterminate, outcome::unavailable, "bad_reply"},
        {replied(301), outcome::indeterminate, outcome::unavailable, "bad_reply"},
        {replied(400), outcome::refused, outcome::refused, "bad_request"},
        {replied(400, api_word::not_a_user), outcome::account_fault, outcome::account_fault, "not_a_user"},
        {replied(400, api_word::wrong_state), outcome::stale, outcome::stale, "bad_request"},
        {replied(401), outcome::unauthorized, outcome::unauthorized, "unauthorized"},
        {replied(403, api_word::permission_missing), outcome::account_fault, outcome::account_fault,
         "forbidden"},
        {replied(403), outcome::barred, outcome::barred, "forbidden"},
        {replied(403, api_word::conversation_refused), outcome::barred, outcome::barred, "forbidden"},
        {replied(404), outcome::stale, outcome::stale, "not_found"},
        {replied(404, api_word::conversation_unknown), outcome::stale, outcome::stale,
         "conversation_not_found"},
        {replied(405), outcome::refused, outcome::refused, "bad_request"},
        {replied(408), outcome::indeterminate, outcome::unavailable, "timeout"},
        {replied(409), outcome::stale, outcome::stale, "conflict"},
        {replied(410), outcome::stale, outcome::stale, "not_found"},
        {replied(413), outcome::refused, outcome::refused, "too_large"},
        {replied(415), outcome::refused, outcome::refused, "bad_request"},
        {replied(429), outcome::throttled, outcome::throttled, "throttled"},
        {replied(500), outcome::indeterminate, outcome::unavailable, "server_error"},
        {replied(502), outcome::indeterminate, outcome::unavailable, "server_error"},
        {replied(503), outcome::indeterminate, outcome::unavailable, "unavailable"},
        {replied(504), outcome::indeterminate, outcome::unavailable, "unavailable"},
        {replied(503, api_word::none, false), outcome::indeterminate, outcome::unavailable, "unavailable"},
        {unanswered(phase::not_connected, transport_fault::dns), outcome::unavailable, outcome::unavailable,
         "dns"},
        {unanswered(phase::not_connected, transport_fault::connect), outcome::unavailable,
         outcome::unavailable, "connect"},
        {unanswered(phase::not_connected, transport_fault::tls), outcome::unavailable, outcome::unavailable,
         "tls"},
        {unanswered(phase::not_connected, transport_fault::timeout), outcome::unavailable,
         outcome::unavailable, "timeout"},
        {unanswered(phase::not_written, transport_fault::connection_lost), outcome::unavailable,
         outcome::unavailable, "connection_lost"},
        {unanswered(phase::written, transport_fault::timeout), outcome::indeterminate, outcome::unavailable,
         "timeout"},
        {unanswered(phase::written, transport_fault::connection_lost), outcome::indeterminate,
         outcome::unavailable, "connection_lost"},
        {unanswered(phase::replied, transport_fault::bad_reply), outcome::indeterminate, outcome::unavailable,
         "bad_reply"},
    };
    return lines;
}

} // namespace

BOOST_AUTO_TEST_SUITE(outcome_)

BOOST_AUTO_TEST_CASE(every_fact_has_one_meaning_for_a_send_and_one_for_a_look_up) {
    for (const auto& l : table()) {
        BOOST_TEST_CONTEXT("status " << l.facts.http_status << ' ' << static_cast<int>(l.facts.word) << ' '
                                     << name_of(l.facts.reached) << ' ' << name_of(l.facts.fault)) {
            BOOST_TEST(name_of(classify(l.facts, request_kind::send)) == name_of(l.of_send));
            BOOST_TEST(name_of(classify(l.facts, request_kind::look_up)) == name_of(l.of_look_up));
            if (!l.error.empty()) BOOST_TEST(name_of(error_of(l.facts)) == l.error);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_success_that_broke_off_is_not_believed) {
    auto facts = replied(200);
    facts.fault = transport_fault::connection_lost;
    BOOST_TEST(name_of(classify(facts, request_kind::send)) == "indeterminate");
}

BOOST_AUTO_TEST_CASE(a_4xx_of_an_edge_is_nobodys_verdict_but_429_stays_what_it_is) {
    const auto edges = [](int status) {
        auto facts = replied(status);
        facts.not_the_apis = true;
        return facts;
    };
    for (const int status : {400, 401, 403, 404, 407, 409, 413}) {
        BOOST_TEST(name_of(classify(edges(status), request_kind::send, true)) == "indeterminate");
        BOOST_TEST(name_of(classify(edges(status), request_kind::look_up)) == "unavailable");
        BOOST_TEST(name_of(error_of(edges(status))) == "unavailable");
        BOOST_TEST(is_outage(edges(status)));
    }
    BOOST_TEST(name_of(classify(edges(429), request_kind::send)) == "throttled");
}

BOOST_AUTO_TEST_CASE(what_the_token_service_answered_names_the_error) {
    auto facts = unanswered(phase::not_connected, transport_fault::connect);
    facts.login_status = 429;
    BOOST_TEST(name_of(error_of(facts)) == "throttled");
    facts.login_status = 403;
    BOOST_TEST(name_of(error_of(facts)) == "unavailable");
}

BOOST_AUTO_TEST_CASE(a_plain_400_over_a_cached_addressee_may_only_be_out_of_date) {
    BOOST_TEST(name_of(classify(replied(400), request_kind::send, true)) == "stale");
    BOOST_TEST(name_of(classify(replied(400, api_word::not_a_user), request_kind::send, true)) ==
               "account_fault");
}

BOOST_AUTO_TEST_CASE(an_outage_is_no_answer_or_the_servers_own_failure) {
    BOOST_TEST(is_outage(unanswered(phase::not_connected, transport_fault::dns)));
    BOOST_TEST(is_outage(replied(503)));
    BOOST_TEST(is_outage(replied(408)));
    BOOST_TEST(!is_outage(replied(404)));
    BOOST_TEST(!is_outage(replied(429)));
    BOOST_TEST(!is_outage(replied(200)));
}

BOOST_AUTO_TEST_CASE(an_unread_success_arrived_and_is_one) {
    BOOST_TEST(is_unread_success(replied(200)));
    BOOST_TEST(is_unread_success(replied(204)));
    BOOST_TEST(!is_unread_success(replied(302)));
    BOOST_TEST(!is_unread_success(replied(503)));
    auto cut_off = replied(200);
    cut_off.fault = transport_fault::connection_lost;
    BOOST_TEST(!is_unread_success(cut_off));
    BOOST_TEST(!is_unread_success(unanswered(phase::not_connected, transport_fault::dns)));
}

BOOST_AUTO_TEST_SUITE_END()
