// Many conversations of one user resolve by one list; whatever goes wrong on it costs little and changes
// nothing.
#include "component/genesys/client_world.hpp"
#include "genesys/conversation_finder.hpp"

using namespace cannedd;
using namespace cannedd::testing;

namespace {

const std::string list_call = "GET /api/v2/conversations/messages";

std::string id_of(int number) {
    const auto text = std::to_string(number);
    return "dddddddd-0000-4000-8000-" + std::string(12 - text.size(), '0') + text;
}

std::string listed(int number, const std::string& peer, const std::string& user = agent_a,
                   const std::string& attributes = R"({"city":"Ulm"})") {
    return R"({"id":")" + id_of(number) +
           R"(","participants":[{"id":"p","purpose":"customer","name":"Ada","state":"connected","type":"webmessaging","peer":")" +
           peer + R"(","attributes":)" + attributes +
           R"(},{"id":"q","purpose":"agent","name":"Bea","state":"connected","user":{"id":")" + user +
           R"("}}]})";
}

struct list_world : client_world {
    list_world() { tokens.users = true; }

    static std::string communication_of(int number) { return "comm-" + std::to_string(number); }
    static std::string plain_of(int number) { return get_conversation(id_of(number)); }

    // As a GET shows it.
    void there_is(int number, const std::string& user = agent_a) {
        api.on(plain_of(number), 200,
               conversation_of(id_of(number), {customer_json("connected", R"(,"name":"Ada")"),
                                               agent_json(user, communication_of(number))}));
    }
    void there_are(int first, int last) {
        for (int n = first; n <= last; ++n)
            there_is(n);
    }
    void lists(int first, int last, const std::string& attributes = R"({"city":"Ulm"})") {
        std::string all;
        for (int n = first; n <= last; ++n)
            all += (all.empty() ? "" : ",") + listed(n, communication_of(n), agent_a, attributes);
        api.on(list_call, 200, R"({"entities":[)" + all + "]}");
    }

    api_result<target> look(int number, const std::string& agent = "") {
        return resolve(query(route::message, id_of(number), agent));
    }
    std::string found(int number) {
        const auto to = look(number);
        return to ? to->communication_id : reason(to);
    }
    // All at one moment.
    std::vector<std::string> found_at_once(int first, int last) {
        std::vector<std::string> all(static_cast<std::size_t>(last - first + 1));
        for (int n = first; n <= last; ++n) {
            auto& mine = all[static_cast<std::size_t>(n - first)];
            asio::co_spawn(context, client->resolve(query(route::message, id_of(n))),
                           [&mine](std::exception_ptr, api_result<target> to) {
                               mine = to ? to->communication_id : reason(to);
                           });
        }
        time.run_for(std::chrono::minutes(1));
        return all;
    }
    std::size_t lists_asked() const { return api.count(list_call); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(list_look_up, list_world)

BOOST_AUTO_TEST_CASE(two_look_ups_and_one_list_find_fifty_conversations) {
    there_are(1, 2);
    lists(1, 50);
    for (int n = 1; n <= 50; ++n)
        BOOST_TEST(found(n) == communication_of(n));
    BOOST_TEST(api.seen.size() == 3U);
    BOOST_TEST(gate.admitted.size() == 3U);
    BOOST_TEST(gate.answers.size() == 3U);
    const auto to = look(50).value();
    BOOST_TEST(to.from_cache); // so that a refusal of it looks again
    BOOST_TEST(to.agent_id == agent_a);
    BOOST_TEST(to.messenger_type == "webmessaging");
}

BOOST_AUTO_TEST_CASE(what_a_list_showed_is_to_be_looked_at_again_when_it_is_refused) {
    there_are(1, 2);
    lists(1, 5);
    for (int n = 1; n <= 3; ++n)
        found(n);
    BOOST_TEST(look(4)->from_cache);
    api.on(plain_of(4), 200, conversation_of(id_of(4), {customer_json(), agent_json(agent_a, "moved")}));
    client->forget(id_of(4));
    auto again = query(route::message, id_of(4));
    again.fresh = true;
    const auto to = resolve(again).value();
    BOOST_TEST(to.communication_id == "moved");
    BOOST_TEST(!to.from_cache);
    BOOST_TEST(lists_asked() == 1U);
}

BOOST_AUTO_TEST_CASE(who_comes_while_a_list_is_under_way_waits_for_it) {
    there_are(1, 2);
    lists(1, 20);
    found(1);
    found(2);
    api.latency = std::chrono::seconds(1);
    const auto all = found_at_once(3, 20);
    for (int n = 3; n <= 20; ++n)
        BOOST_TEST(all[static_cast<std::size_t>(n - 3)] == communication_of(n));
    BOOST_TEST(api.seen.size() == 3U);
}

BOOST_AUTO_TEST_CASE(what_is_not_in_the_list_is_looked_up_by_itself) {
    there_are(1, 2);
    there_is(9);
    there_is(10);
    api.on(plain_of(11), 404, R"({"code":"not.found"})");
    lists(1, 8);
    found(1);
    found(2);
    const auto all = found_at_once(8, 11);
    BOOST_TEST(all[0] == communication_of(8));
    BOOST_TEST(all[1] == communication_of(9));
    BOOST_TEST(all[2] == communication_of(10));
    BOOST_TEST(all[3] == "conversation_not_found");
    BOOST_TEST(lists_asked() == 1U);
    BOOST_TEST(api.seen.size() == 6U);
}

BOOST_AUTO_TEST_CASE(a_list_that_fails_leaves_all_as_it_would_be_without_and_is_not_asked_again_at_once) {
    const std::vector<http_exchange> faults{
        answer(400, R"({"code":"not.a.user"})"),
        answer(403, R"({"code":"not.authorized"})"),
        answer(404, "{}"),
        answer(429, R"({"code":"too.many.requests"})"),
        answer(500, "{}"),
        answer(503, "<html>"),
        answer(200, "<html>"),
        answer(200, "{}"),
        answer(200, R"({"entities":[]})"),
        answer(200, R"({"entities":[)" + listed(3, "of another time") + "]}"),
        answer(200, R"({"entities":[)" + listed(1, "wrong") + "," + listed(3, "wrong") + "]}"),
        broken(phase::written, transport_fault::timeout),
        broken(phase::not_connected, transport_fault::connect),
        broken(phase::replied, transport_fault::too_large),
    };
    for (const auto& fault : faults) {
        list_world fresh;
        fresh.there_are(1, 12);
        fresh.api.on(list_call, fault);
        for (int n = 1; n <= 12; ++n)
            BOOST_TEST(fresh.found(n) == communication_of(n));
        BOOST_TEST(fresh.lists_asked() == 1U, "status " << fault.reply.status);
        BOOST_TEST(fresh.api.seen.size() == 13U);
    }
}

BOOST_AUTO_TEST_CASE(all_who_waited_for_a_list_that_fails_look_by_themselves) {
    there_are(1, 6);
    api.on(list_call, 503, "");
    found(1);
    found(2);
    api.latency = std::chrono::seconds(1);
    const auto all = found_at_once(3, 6);
    for (int n = 3; n <= 6; ++n)
        BOOST_TEST(all[static_cast<std::size_t>(n - 3)] == communication_of(n));
    BOOST_TEST(lists_asked() == 1U);
}

BOOST_AUTO_TEST_CASE(a_list_that_breaks_off_by_a_bug_holds_nobody) {
    there_are(1, 6);
    found(1);
    found(2);
    BOOST_CHECK_THROW(found(3), std::logic_error); // no answer was scripted
    lists(1, 6);
    BOOST_TEST(found(4) == communication_of(4));
}

BOOST_AUTO_TEST_CASE(a_list_that_lacked_what_was_wanted_has_its_turn_again_after_a_while) {
    there_are(1, 9);
    lists(1, 2);
    for (int n = 1; n <= 6; ++n)
        found(n);
    BOOST_TEST(lists_asked() == 1U);
    time.run_for(listing_worth::rest_min);
    found(7);
    found(8);
    found(9);
    BOOST_TEST(lists_asked() == 2U);
}

BOOST_AUTO_TEST_CASE(conversations_that_have_ended_cost_one_request_each_and_never_a_list) {
    for (int n = 1; n <= 6; ++n) {
        api.on(plain_of(n), 200,
               conversation_of(id_of(n), {customer_json(), agent_json()},
                               R"(,"endTime":"2024-05-17T09:00:00Z")"));
        BOOST_TEST(found(n) == "conversation_ended");
    }
    BOOST_TEST(api.seen.size() == 6U);
}

BOOST_AUTO_TEST_CASE(a_clients_token_never_lists) {
    tokens.users = false;
    there_are(1, 9);
    for (int n = 1; n <= 9; ++n)
        BOOST_TEST(found(n) == communication_of(n));
    BOOST_TEST(lists_asked() == 0U);
    BOOST_TEST(api.seen.size() == 9U);
}

BOOST_AUTO_TEST_CASE(other_routes_and_rows_that_name_a_customer_never_list) {
    there_are(1, 9);
    lists(1, 9);
    for (int n = 1; n <= 9; ++n) {
        BOOST_TEST(reason(resolve(query(route::agentless, id_of(n)))) == "ok");
        BOOST_TEST(reason(resolve(query(route::tutorial, id_of(n)))) == "ok");
        auto named = query(route::message, id_of(n));
        named.customer_id = customer_a;
        BOOST_TEST(reason(resolve(named)) == "ok");
    }
    BOOST_TEST(lists_asked() == 0U);
}

BOOST_AUTO_TEST_CASE(an_agents_own_token_lists_that_agents_conversations) {
    tokens.agents_own = true;
    there_are(1, 2);
    lists(1, 4);
    for (int n = 1; n <= 4; ++n)
        BOOST_TEST(look(n, agent_a).value().agent_id == agent_a);
    BOOST_TEST(lists_asked() == 1U);
    BOOST_TEST(api.seen.size() == 3U);
    BOOST_TEST(std::ranges::count(tokens.asked_for, agent_a) >= 1);
    // Another agent has a list of his own, which nobody has asked for yet.
    there_is(5, agent_b);
    BOOST_TEST(look(5, agent_b).value().agent_id == agent_b);
    BOOST_TEST(lists_asked() == 1U);
}

BOOST_AUTO_TEST_CASE(one_whom_the_row_names_and_the_list_does_not_is_looked_up) {
    there_are(1, 2);
    there_is(3, agent_b);
    lists(1, 3);
    look(1, agent_a);
    look(2, agent_a);
    BOOST_TEST(look(3, agent_b).value().agent_id == agent_b);
    BOOST_TEST(api.count(plain_of(3)) == 1U);
}

BOOST_AUTO_TEST_CASE(a_response_needs_names_and_attributes_that_the_list_tells) {
    there_are(1, 2);
    lists(1, 4);
    auto asked = query(route::message, id_of(3));
    asked.wants_names = true;
    found(1);
    found(2);
    const auto to = resolve(asked).value();
    BOOST_TEST(to.customer_attributes.at("city") == "Ulm");
    BOOST_TEST(to.built_ins.at("AGENT_NAME") == "Bea");
    BOOST_TEST(to.built_ins.at("CUSTOMER_NAME") == "Ada");
    BOOST_TEST(api.seen.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_response_is_never_filled_in_from_what_a_list_may_leave_out) {
    there_are(1, 4);
    lists(1, 4, "{}");
    found(1);
    found(2);
    BOOST_TEST(found(3) == communication_of(3)); // a text needs no name
    auto asked = query(route::message, id_of(3));
    asked.wants_names = true;
    BOOST_TEST(!resolve(asked).value().from_cache);
    BOOST_TEST(resolve(asked).value().from_cache); // it is known now
    BOOST_TEST(api.seen.size() == 4U);
}

BOOST_AUTO_TEST_CASE(what_a_look_up_by_itself_told_is_kept_beside_a_list) {
    there_are(1, 2);
    lists(1, 3, "{}");
    found(1);
    found(2);
    found(3);
    auto asked = query(route::message, id_of(1));
    asked.wants_names = true;
    BOOST_TEST(resolve(asked).value().from_cache);
    BOOST_TEST(api.seen.size() == 3U);
}

BOOST_AUTO_TEST_CASE(what_a_list_showed_is_believed_as_long_as_a_look_up_and_then_listed_anew) {
    there_are(1, 20);
    lists(1, 20);
    for (int n = 1; n <= 20; ++n)
        found(n);
    BOOST_TEST(api.seen.size() == 3U);
    time.run_for(settings.resolve_cache * conversation_finder::spans_after_use);
    for (int n = 1; n <= 20; ++n)
        found(n);
    BOOST_TEST(api.seen.size() == 6U);
    BOOST_TEST(lists_asked() == 2U);
}

BOOST_AUTO_TEST_CASE(a_list_that_is_not_admitted_leaves_the_word_to_the_look_up) {
    there_are(1, 3);
    found(1);
    found(2);
    gate.says = admission::paused;
    const auto why = look(3);
    BOOST_TEST(why.error().not_admitted);
    BOOST_TEST(api.seen.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
