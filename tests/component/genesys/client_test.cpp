// The client from end to end: resolve, render, send and read back over a scripted API.
#include "component/genesys/shapes.hpp"
#include "component/genesys/world.hpp"

using namespace cannedd;
using namespace cannedd::testing;

namespace {

struct client_world : world {
    client_world() { client = make_genesys_client(api, tokens, gate, time, log, settings); }

    resolve_query query(route way) const {
        resolve_query asked;
        asked.way = way;
        asked.conversation_id = conversation_a;
        return asked;
    }
    target to(route way) {
        api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
        return run(client->resolve(query(way))).value();
    }
    api_result<std::string> render(const std::string& text, const std::string& variables = "{}") {
        render_query asked;
        asked.response = "greeting";
        asked.response_text = text;
        asked.variables = variables;
        target addressee;
        addressee.customer_attributes["city"] = "Ulm";
        return run(client->render(asked, addressee));
    }

    genesys_client_settings settings;
    std::unique_ptr<conversation_api> client;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(client_, client_world)

BOOST_AUTO_TEST_CASE(a_message_goes_to_the_connected_agents_communication) {
    const auto addressee = to(route::message);
    BOOST_TEST(addressee.communication_id == communication_a);
    BOOST_TEST(addressee.agent_id == agent_a);
    const std::string call = "POST /api/v2/conversations/messages/" + std::string(conversation_a) +
                             "/communications/" + communication_a + "/messages";
    api.on(call, 200, R"({"id":"m-1","status":"queued"})");
    const auto reply = run(client->send(addressee, "Hello"));
    BOOST_TEST(reply.facts.reply_whole);
    BOOST_TEST(reply.remote_message_id == "m-1");
    BOOST_TEST(reply.remote_status == "queued");
    BOOST_TEST(api.last(call).body == R"({"textBody":"Hello"})");
}

BOOST_AUTO_TEST_SUITE_END()
