// Each error code of the contract, produced by the real daemon, with the sentence that the operator reads.
#include "error/errc.hpp"
#include "running_daemon.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace {

using namespace cannedd;

// Where the code is found: in the row, or only in its attempts, because a send in doubt goes on.
enum class place : std::uint8_t { row, attempt };

struct produced {
    produced(std::string error_, std::string says_, std::string columns_, std::string values_,
             std::string account_ = "default", std::string fault_ = "", std::string operation_ = "send",
             place found_in_ = place::row)
        : error(std::move(error_))
        , says(std::move(says_))
        , columns(std::move(columns_))
        , values(std::move(values_))
        , account(std::move(account_))
        , fault(std::move(fault_))
        , operation(std::move(operation_))
        , found_in(found_in_) {}
    std::string error;
    std::string says;    // part of the sentence: what happened, or what to do
    std::string columns; // of the INSERT, beside account and tag
    std::string values;
    std::string account;
    std::string fault;     // a rule's `do` for what is asked of the row's conversation
    std::string operation; // by this operation
    place found_in;
};

constexpr int ringing = 90, ended = 91, nobody = 92, stranger = 93;
constexpr int held = 80, unknown_to_genesys = 81, silent = 82, ends_meanwhile = 83, short_texts = 84;

std::string in_conversation(int n) {
    return "'" + uuid('c', n) + "'";
}
std::string by_agent(int n) {
    return "'" + uuid('a', n) + "'";
}
std::string text_in(int n) {
    return in_conversation(n) + ", 'x'";
}

const std::string conv_text = "conversation_id, text";

// A send that may have arrived is in doubt: its code is in attempts. A look-up's is in the row, which is
// tried again.
void add_doubt(std::vector<produced>& lines, const std::string& error, const std::string& says,
               const std::string& fault) {
    const auto next = [&] { return text_in(static_cast<int>(lines.size())); };
    lines.emplace_back(error, "", conv_text, next(), "default", fault, "send", place::attempt);
    lines.emplace_back(error, says, conv_text, next(), "default", fault, "get_conversation");
}

// The conversation of line n is uuid('c', n), its agent uuid('a', n).
std::vector<produced> table() {
    const auto response = [](int n, const std::string& name, const std::string& variables) {
        return in_conversation(n) + ", '" + name + "', '" + variables + "'";
    };
    const std::string conv_response = "conversation_id, response, variables";
    const std::string as_agent = "conversation_id, agent_id, text, route"; // message
    std::vector<produced> lines{
        {"missing_text", "give the response a text", conv_response,
         response(0, "only-name", R"({"name": ""})")},
        {"unknown_response", "no response 'no-such' in the table responses", conv_response,
         response(1, "no-such", "{}")},
        {"missing_variable", "nothing was sent: insert a new row with it in variables", conv_response,
         response(2, "only-name", "{}")},
        {"bad_variables", "write one JSON object whose values are strings, numbers or booleans",
         conv_response, response(3, "only-name", R"({"name": [1]})")},
        {"text_too_long", "shorten it or split it into rows", conv_text,
         in_conversation(short_texts) + ", replace(hex(zeroblob(400)), '0', 'x')"},
        {"unknown_account", "no account named 'nobody': add it under accounts and reload", conv_text,
         text_in(5), "nobody"},
        {"no_active_conversation", "name the conversation_id", "agent_id, text", by_agent(nobody) + ", 'x'"},
        {"ambiguous_conversation", "set conversation_id in the row", "agent_id, text",
         by_agent(stranger) + ", 'x'"},
        {"conversation_not_found", "check conversation_id, the account's region", conv_text, text_in(77)},
        {"conversation_ended", "has ended (peer); nothing can be sent to it any more", conv_text,
         text_in(ended)},
        {"agent_not_in_conversation", "name one of its agents, ", as_agent,
         in_conversation(6) + ", " + by_agent(nobody) + ", 'x', 'message'"},
        {"agent_not_connected", "is being alerted and has not answered yet", as_agent,
         in_conversation(ringing) + ", " + by_agent(ringing) + ", 'x', 'message'"},
        {"customer_not_found", "'facebook', which route agentless cannot send to; use route message",
         conv_text, text_in(8)},
        {"not_a_user", "configure a user's grant or auth.users", as_agent,
         in_conversation(9) + ", " + by_agent(9) + ", 'x', 'message'", "no_user",
         R"({"status": 400, "code": "not.a.user"})"},
        {"forbidden", "then UPDATE accounts SET paused = 0", conv_text, text_in(10), "forbidden",
         R"({"status": 403})"},
        {"unauthorized", "check the OAuth client, then UPDATE accounts SET paused = 0", conv_text,
         text_in(11), "unauthorized", R"({"status": 401})"},
        {"invalid_client", "check client_id, client_secret_file and region", conv_text, text_in(12),
         "invalid_client"},
        {"bad_text", "control character U+0001 at byte 2, which chats do not take; remove it", conv_text,
         in_conversation(13) + ", 'x' || char(1)"},
        {"bad_request", "insert a new one without what it complains about", conv_text, text_in(14), "default",
         R"({"status": 400})"},
        {"not_found", "check route and conversation", conv_text, text_in(15), "default",
         R"({"status": 404})"},
        {"conflict", "look at it, then set status = 'pending'", conv_text, text_in(16), "default",
         R"({"status": 409})"},
        {"too_large", "shorten the text", conv_text, text_in(17), "default", R"({"status": 413})"},
        {"throttled", "The API takes no more for the moment; no attempt is counted", conv_text, text_in(18),
         "throttled", R"({"status": 429, "retry_after": 60})"},
        {"attempts_exhausted", "When the cause is mended, set status = 'pending'", conv_text, text_in(19),
         "default", R"("close_before_processing")"},
        {"unconfirmed", "look at the conversation, then set status = 'sent', 'failed' or 'pending'",
         conv_text, text_in(20), "default", R"("process_then_close")"},
        {"bot_in_conversation", "held by a participant of purpose workflow", conv_text, text_in(held)},
        {"no_contact", "use route message", conv_text, text_in(unknown_to_genesys)},
        {"outside_window", "send an approved template", conv_text, text_in(silent)},
        {"sent_elsewhere", "look at both conversations, then set status", conv_text, text_in(ends_meanwhile),
         "default", R"("end_conversation")"},
        {"dns", "nowhere.invalid was not resolved", conv_text, text_in(21), "dns"},
        {"connect", "check network, firewall and proxy", conv_text, text_in(22), "connect"},
        {"tls", "put that authority's certificate into the file that ca_file names", conv_text, text_in(23),
         "tls"},
    };
    add_doubt(lines, "server_error", "If it lasts, look at Genesys' status page", R"({"status": 500})");
    add_doubt(lines, "unavailable", "The API is not available. If it lasts", R"({"status": 503})");
    add_doubt(lines, "timeout", "If it lasts, check the network", R"("never_answer")");
    add_doubt(lines, "connection_lost", "If it lasts, check the network and the proxy",
              R"("close_before_processing")");
    add_doubt(lines, "bad_reply", "look at what answers in the API's place",
              R"({"process_then_status": 200, "body": "malformed"})");
    return lines;
}

std::string accounts(const simulator& genesys) {
    const auto same = [&](const std::string& name, const std::string& more = "") {
        return running_daemon::account(genesys, name, more);
    };
    const auto elsewhere = [&](const std::string& name, const std::string& url, const std::string& ca) {
        return "  " + name + ":\n    api_url: " + url + "\n    login_url: " + url + "\n    ca_file: " + ca +
               "\n    auth: {grant: client_credentials, client_id: " + simulator::client_id +
               ", client_secret_file: client_secret}\n";
    };
    const std::string wide = "    rate: {requests_per_minute: 6000, burst: 600}\n";
    return same("default", wide) + same("no_user") + same("forbidden") + same("unauthorized") +
           same("throttled") + running_daemon::account(genesys, "invalid_client", "", "wrong_secret") +
           elsewhere("dns", "https://nowhere.invalid", genesys.ca_file()) +
           elsewhere("connect", "https://127.0.0.1:1", genesys.ca_file()) +
           elsewhere("tls", genesys.url(), "/etc/ssl/certs/ca-certificates.crt");
}

// Route agentless cannot write to every messenger: line 8 has none that it can.
std::string messenger_of(int n) {
    return n == 8 ? "facebook" : "webmessaging";
}

void furnish(simulator& genesys, const std::vector<produced>& lines) {
    for (int n = 0; n < static_cast<int>(lines.size()); ++n)
        genesys.add_conversation(
            {{"id", uuid('c', n)}, {"agent", uuid('a', n)}, {"messenger", messenger_of(n)}});
    for (const int n : {ringing, ended})
        genesys.add_conversation({{"id", uuid('c', n)}, {"agent", uuid('a', n)}});
    using boost::json::object;
    const auto without_agent = [&](int n, const char* messenger, const object& customer) {
        genesys.add_conversation(
            object{{"id", uuid('c', n)}, {"messenger", messenger}, {"customer", customer}});
    };
    without_agent(held, "open", object());
    genesys.change(uuid('c', held), "join", object{{"purpose", "workflow"}});
    without_agent(unknown_to_genesys, "webmessaging", object{{"external_contact_id", ""}});
    genesys.add_conversation(object{
        {"id", uuid('c', silent)}, {"messenger", "whatsapp"}, {"customer", object()}, {"silent", true}});
    genesys.change(uuid('c', silent), "say", object{{"text", "hello?"}, {"ms_ago", 25 * 3'600'000}});
    without_agent(ends_meanwhile, "open", object());
    without_agent(short_texts, "sms", object());
    for (const int n : {95, 96})
        genesys.add_conversation({{"id", uuid('c', n)}, {"agent", uuid('a', stranger)}});
    genesys.change(uuid('c', ringing), "alert");
    genesys.change(uuid('c', ended), "end");
    std::string rules;
    const auto rule = [&](const std::string& operation, const std::string& conversation,
                          const std::string& what) {
        rules += (rules.empty() ? "[" : ",") + std::string(R"({"match": {"operation": ")") + operation +
                 R"(", "conversation": ")" + conversation + R"("}, "do": )" + what + "}";
    };
    for (const auto& line : lines) {
        const auto conversation = line.values.substr(line.values.find("'c") + 1, 36);
        if (!line.fault.empty()) rule(line.operation, conversation, line.fault);
        if (line.error == "unconfirmed") rule("read_back", conversation, R"({"status": 404})");
    }
    genesys.faults(rules + "]");
}

} // namespace

BOOST_AUTO_TEST_SUITE(daemon_error_codes_)

BOOST_AUTO_TEST_CASE(each_code_is_produced_with_its_sentence) {
    const auto lines = table();
    std::set<std::string> codes;
    for (const auto& line : lines)
        codes.insert(line.error);
    codes.insert("not_text"); // a response of Genesys' own library: integration/genesys/responses_test.cpp
    BOOST_TEST(codes.size() == static_cast<std::size_t>(errc::sent_elsewhere) + 1);

    simulator_options options;
    options.plan = "rate: {limit: 100000}\nclient_may_speak: true\ntutorial: true\n";
    simulator genesys(options);
    furnish(genesys, lines);
    running_daemon daemon(
        genesys,
        "delivery: {attempts: 1, settle: 100ms, request_timeout: 5s, backoff: {base: 400ms, max: 4s}, "
        "breaker: {failures: 1000}}\n", // slow enough: nobody reads the log meanwhile, and a pipe holds 64
                                        // KiB
        accounts(genesys));
    daemon.sql("INSERT INTO responses (name, text) VALUES ('only-name', '{{name}}')");
    daemon.start();
    for (std::size_t n = 0; n < lines.size(); ++n) {
        const auto& line = lines[n];
        daemon.sql("INSERT INTO messages (account, tag, " + line.columns + ") VALUES ('" + line.account +
                   "', '" + std::to_string(n) + "', " + line.values + ")");
    }
    for (std::size_t n = 0; n < lines.size(); ++n) {
        const auto& line = lines[n];
        const auto of_row = " FROM messages WHERE tag = '" + std::to_string(n) + "'";
        BOOST_TEST_CONTEXT(line.error << " by " << line.operation) {
            if (line.found_in == place::attempt) {
                BOOST_CHECK_NO_THROW(
                    daemon.wait_for("SELECT error FROM attempts WHERE message_id = (SELECT id" + of_row +
                                        ") ORDER BY id LIMIT 1",
                                    line.error));
                continue;
            }
            BOOST_CHECK_NO_THROW(daemon.wait_for("SELECT error" + of_row, line.error));
            const auto sentence = daemon.value("SELECT error_detail" + of_row);
            BOOST_TEST_MESSAGE(line.error << ": " << sentence);
            BOOST_TEST(sentence.find(line.says) != std::string::npos, sentence);
        }
    }
    daemon.wait_for(
        "SELECT group_concat(account) FROM (SELECT account FROM accounts WHERE paused ORDER BY account)",
        "forbidden,invalid_client,no_user,unauthorized");
}

BOOST_AUTO_TEST_SUITE_END()
