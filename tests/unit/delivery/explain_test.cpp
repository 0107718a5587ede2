#include "delivery/advice.hpp"
#include "delivery/explain.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(explain_)

BOOST_AUTO_TEST_CASE(a_sentence_says_what_happened_what_to_do_and_what_to_quote) {
    using namespace cannedd;
    request_facts facts;
    facts.http_status = 403;
    facts.correlation_id = "c-1";
    BOOST_TEST(explain(errc::forbidden, "missing permission conversation:message:create", facts) ==
               "missing permission conversation:message:create. The OAuth client lacks a permission (or the "
               "division): give its "
               "role the permission (and the client the scope, where the org enforces scopes), then UPDATE "
               "accounts SET paused = 0 WHERE account = its name. (HTTP 403, correlation id c-1)");
}

BOOST_AUTO_TEST_CASE(parts_that_are_not_known_leave_no_trace) {
    using namespace cannedd;
    BOOST_TEST(explain(errc::conversation_ended, "", request_facts()) ==
               "The conversation is over; nothing can be sent into it any more.");
    request_facts facts;
    facts.correlation_id = "c-2";
    BOOST_TEST(
        explain(errc::timeout, "after 10 s.", facts) ==
        "after 10 s. There was no answer in time. If it lasts, check the network. (correlation id c-2)");
}

BOOST_AUTO_TEST_CASE(every_code_has_advice_of_its_own) {
    using namespace cannedd;
    for (int i = 0; i <= static_cast<int>(errc::unconfirmed); ++i)
        for (int j = 0; j < i; ++j)
            BOOST_TEST(advice(static_cast<errc>(i)) != advice(static_cast<errc>(j)));
}

// It stays when the row expires.
BOOST_AUTO_TEST_CASE(no_sentence_promises_another_try) {
    using namespace cannedd;
    for (int i = 0; i <= static_cast<int>(errc::sent_elsewhere); ++i) {
        const auto sentence = advice(static_cast<errc>(i));
        for (const std::string_view promise : {"tried again", "It is sent", "sends it later"})
            BOOST_TEST(sentence.find(promise) == std::string_view::npos, sentence);
    }
}

BOOST_AUTO_TEST_CASE(what_fails_by_one_agents_own_token_names_the_row_and_not_the_account) {
    using namespace cannedd;
    request_facts facts;
    facts.agents_own = true;
    for (const auto code : {errc::forbidden, errc::unauthorized, errc::invalid_client}) {
        const auto sentence = explain(code, "", facts);
        BOOST_TEST(sentence.find("set status = 'pending'") != std::string::npos, sentence);
        BOOST_TEST(sentence.find("paused") == std::string::npos, sentence);
    }
}

BOOST_AUTO_TEST_SUITE_END()
