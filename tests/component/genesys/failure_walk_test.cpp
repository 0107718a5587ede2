// Every request of every call, broken in every way: the call ends with those facts, the gate hears of each
// admitted request exactly once, and nothing is remembered that was not learned.
#include "component/genesys/client_world.hpp"

using namespace cannedd;
using namespace cannedd::testing;

namespace {

struct way_to_fail {
    const char* name;
    http_exchange how;
};

std::vector<way_to_fail> ways_to_fail() {
    auto cut = answer(200, R"({"id":)");
    cut.fault = transport_fault::connection_lost; // and no words for it
    std::vector<way_to_fail> all{
        {"dns", broken(phase::not_connected, transport_fault::dns)},
        {"connect", broken(phase::not_connected, transport_fault::connect)},
        {"tls", broken(phase::not_connected, transport_fault::tls)},
        {"not written", broken(phase::not_written, transport_fault::connection_lost)},
        {"timeout", broken(phase::written, transport_fault::timeout)},
        {"lost", broken(phase::written, transport_fault::connection_lost)},
        {"cut off", cut},
        {"html", answer(200, "<html></html>")},
        {"no body", answer(200, "")},
        {"202", answer(202, "")},
    };
    for (const int status : {400, 403, 408, 409, 413, 415, 429, 500, 502, 503, 504})
        all.push_back({"status", answer(status, R"({"code":"some.code"})")});
    return all;
}

// A call of the API, told only by how it ended.
using ending = std::optional<setback>;

template<typename T>
ending ending_of(const api_result<T>& result) {
    return result.has_error() ? ending(result.error()) : ending();
}

struct journey {
    const char* name;
    std::function<void(client_world&)> script;
    std::function<ending(client_world&)> go;
};

const std::string listed_message =
    R"(,"messages":[{"messageId":"m1","messageTime":"2024-10-04T00:00:01.000Z","messageStatus":"sent"}])";

void script_conversation(client_world& in) {
    in.api.on(get_conversation(conversation_a), 200,
              conversation_of(
                  conversation_a,
                  {customer_json(), agent_json(agent_a, communication_a, "connected", "", listed_message)}));
}

std::vector<journey> journeys() {
    return {
        {"resolve by conversation", script_conversation,
         [](client_world& in) { return ending_of(in.resolve(in.query(route::message))); }},
        {"resolve by agent",
         [](client_world& in) {
             script_conversation(in);
             in.api.on(analytics_call, 200,
                       R"({"conversations":[{"conversationId":")" + conversation_a + R"("}],"totalHits":1})");
         },
         [](client_world& in) { return ending_of(in.resolve(in.query(route::message, "", agent_a))); }},
        {"resolve by agent with a user's token",
         [](client_world& in) {
             script_conversation(in);
             in.tokens.users = true;
             in.api.on("GET /api/v2/conversations/messages", 200,
                       R"({"entities":[{"id":")" + conversation_a + "\"}]}");
         },
         [](client_world& in) { return ending_of(in.resolve(in.query(route::message, "", agent_a))); }},
        {"read back messages",
         [](client_world& in) {
             script_conversation(in);
             in.api.on(bulk_call, 200, R"({"entities":[]})");
         },
         [](client_world& in) {
             read_back_query query;
             query.conversation_id = conversation_a;
             return ending_of(in.run(in.client->read_back(query)));
         }},
        {"read back a chat", [](client_world& in) { in.api.on(chat_call, 200, R"({"entities":[]})"); },
         [](client_world& in) {
             read_back_query query;
             query.way = route::chat;
             query.conversation_id = conversation_a;
             return ending_of(in.run(in.client->read_back(query)));
         }},
        {"statuses", [](client_world& in) { in.api.on(bulk_call, 200, R"({"entities":[]})"); },
         [](client_world& in) {
             const std::vector<std::string> ids{"m1"};
             return ending_of(in.run(in.client->statuses(conversation_a, ids)));
         }},
        {"render by name",
         [](client_world& in) {
             in.api.on("GET /api/v2/responsemanagement/libraries", 200,
                       R"({"entities":[{"id":"l","name":"Care"}]})");
             in.api.on("POST /api/v2/responsemanagement/responses/query", 200,
                       R"({"results":{"entities":[{"id":"r","name":"Hello","texts":[{"content":"Hi"}]}]}})");
         },
         [](client_world& in) {
             render_query query;
             query.response = "genesys:Care/Hello";
             return ending_of(in.run(in.client->render(query, target())));
         }},
    };
}

std::size_t requests_of(const journey& trip) {
    client_world calm;
    trip.script(calm);
    BOOST_REQUIRE_MESSAGE(!trip.go(calm), trip.name);
    return calm.api.seen.size();
}

} // namespace

BOOST_AUTO_TEST_SUITE(failure_walk_)

BOOST_AUTO_TEST_CASE(every_request_may_fail_in_every_way_and_the_call_ends_with_those_facts) {
    std::size_t walked = 0;
    for (const auto& trip : journeys()) {
        const auto requests = requests_of(trip);
        for (std::size_t number = 0; number < requests; ++number) {
            for (const auto& failing : ways_to_fail()) {
                BOOST_TEST_CONTEXT(trip.name << ", request " << number << ": " << failing.name << " "
                                             << failing.how.reply.status) {
                    client_world in;
                    trip.script(in);
                    in.api.break_request(number, failing.how);
                    const auto end = trip.go(in);
                    BOOST_REQUIRE(end.has_value());
                    BOOST_TEST(!end->reason.has_value());
                    BOOST_TEST(!end->not_admitted);
                    BOOST_TEST((end->facts.reached == failing.how.reached));
                    BOOST_TEST((end->facts.fault == failing.how.fault));
                    BOOST_TEST(end->facts.http_status == failing.how.reply.status);
                    const bool good = failing.how.reply.status / 100 == 2 || failing.how.reply.status == 0;
                    BOOST_TEST(end->facts.reply_whole == !good);
                    BOOST_TEST(end->facts.detail != "");
                    BOOST_TEST(in.api.seen.size() == number + 1);
                    BOOST_TEST(in.gate.admitted.size() == number + 1);
                    BOOST_TEST(in.gate.answers.size() == number + 1);
                    ++walked;
                }
            }
        }
    }
    BOOST_TEST(walked > 200U);
}

BOOST_AUTO_TEST_CASE(every_request_may_be_refused_by_the_gate) {
    for (const auto& trip : journeys()) {
        const auto requests = requests_of(trip);
        for (std::size_t number = 0; number < requests; ++number) {
            client_world in;
            trip.script(in);
            in.gate.refuse_from = static_cast<int>(number);
            const auto end = trip.go(in);
            BOOST_REQUIRE(end.has_value());
            BOOST_TEST(end->not_admitted);
            BOOST_TEST(in.api.seen.size() == number);
            BOOST_TEST(in.gate.answers.size() == number);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_look_up_is_tried_once_more_after_a_401) {
    for (const auto& trip : journeys()) {
        const auto requests = requests_of(trip);
        for (std::size_t number = 0; number < requests; ++number) {
            client_world in;
            trip.script(in);
            in.api.break_request(number, answer(401, ""));
            BOOST_TEST(!trip.go(in).has_value());
            BOOST_TEST(in.api.seen.size() == requests + 1);
            BOOST_TEST(in.gate.admitted.size() == requests + 1);
            BOOST_TEST(in.gate.answers.size() == requests + 1);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_cannot_be_had_ends_every_call_before_it_leaves) {
    for (const auto& trip : journeys()) {
        client_world in;
        trip.script(in);
        setback down;
        down.facts.reached = phase::replied;
        down.facts.http_status = 503;
        for (const auto& agent : {std::string(), agent_a})
            in.tokens.missing[agent] = down;
        const auto end = trip.go(in);
        BOOST_REQUIRE(end.has_value());
        BOOST_TEST((end->facts.reached == phase::not_connected));
        BOOST_TEST(in.api.seen.empty());
        BOOST_TEST(in.gate.answers.size() == in.gate.admitted.size());
    }
}

BOOST_AUTO_TEST_CASE(a_token_service_that_says_wait_says_so_to_the_gate_whatever_the_token_was_for) {
    struct {
        int status;
        std::optional<seconds> wait;
        bool told;
    } table[] = {{429, seconds(90), true},
                 {429, std::nullopt, true},
                 {503, seconds(90), true},
                 {503, std::nullopt, false},
                 {400, seconds(90), false}};
    for (const auto& line : table)
        for (const auto& trip : journeys()) {
            client_world in;
            trip.script(in);
            setback wait;
            wait.facts.reached = phase::replied;
            wait.facts.http_status = line.status;
            wait.facts.retry_after = line.wait;
            for (const auto& agent : {std::string(), agent_a})
                in.tokens.missing[agent] = wait;
            const auto end = trip.go(in);
            BOOST_REQUIRE(end.has_value());
            BOOST_TEST(in.gate.told_to_wait.size() == (line.told ? 1U : 0U), line.status);
            if (!line.told) continue;
            BOOST_TEST((in.gate.told_to_wait.front().retry_after == line.wait));
            BOOST_TEST(!end->facts.retry_after.has_value()); // the row's own wait would outlast the gate's
        }
}

BOOST_AUTO_TEST_SUITE_END()
