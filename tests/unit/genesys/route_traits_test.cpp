// The routes' table and Genesys' codes, as the rest of the room and policy see them.
#include "genesys/api_words.hpp"
#include "genesys/route_traits.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(route_traits_)

BOOST_AUTO_TEST_CASE(each_route_stands_in_its_own_row) {
    for (const auto way : {route::message, route::agentless, route::chat, route::tutorial})
        BOOST_TEST((route_named(name_of(way)) == way), name_of(way));
    BOOST_TEST(name_of(route::message) == "message");
    BOOST_TEST(name_of(route::agentless) == "agentless");
    BOOST_TEST(name_of(route::chat) == "chat");
    BOOST_TEST(name_of(route::tutorial) == "tutorial");
    BOOST_TEST(!route_named("pigeon").has_value());
}

BOOST_AUTO_TEST_CASE(a_path_holds_the_targets_identifiers_and_nothing_that_they_bring) {
    target to;
    to.way = route::message;
    to.conversation_id = "a/{communication}";
    to.communication_id = "b?c";
    BOOST_TEST(send_path(to) ==
               "/api/v2/conversations/messages/a%2F%7Bcommunication%7D/communications/b%3Fc/messages");
    to.way = route::tutorial;
    to.conversation_id = "a";
    BOOST_TEST(send_path(to) == "/api/v2/conversations/a/messages");
}

BOOST_AUTO_TEST_CASE(a_code_is_a_word_where_it_says_more_than_its_status) {
    BOOST_TEST((word_of("not.a.user") == api_word::not_a_user));
    BOOST_TEST((word_of("chat.error.member.state") == api_word::wrong_state));
    BOOST_TEST((word_of("chat.error.conversation.state") == api_word::wrong_state));
    BOOST_TEST((word_of("conversation.error.conversation.not.found") == api_word::conversation_unknown));
    BOOST_TEST((word_of("missing.any.permissions") == api_word::permission_missing));
    BOOST_TEST((word_of("not.authorized") == api_word::conversation_refused));
    BOOST_TEST((word_of("bad.request") == api_word::none));
    BOOST_TEST((word_of("") == api_word::none));
}

BOOST_AUTO_TEST_SUITE_END()
