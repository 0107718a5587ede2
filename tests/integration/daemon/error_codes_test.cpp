// Each error code of the contract, produced by the real daemon, with the sentence that the operator reads.
#include "error/errc.hpp"
#include "running_daemon.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;

struct produced {
    produced(std::string error_, std::string columns_, std::string values_, std::string account_ = "default",
             std::string fault_ = "", std::string found_in_ = "messages")
        : error(std::move(error_))
        , columns(std::move(columns_))
        , values(std::move(values_))
        , account(std::move(account_))
        , fault(std::move(fault_))
        , found_in(std::move(found_in_)) {}
    std::string error;
    std::string columns; // of the INSERT, beside account and tag
    std::string values;
    std::string account;
    std::string fault;    // a rule's `do` for sends into the row's conversation
    std::string found_in; // or attempts: the row itself goes on
};

constexpr int ringing = 90, ended = 91, nobody = 92, stranger = 93;

std::string in_conversation(int n) {
    return "'" + uuid('c', n) + "'";
}
std::string by_agent(int n) {
    return "'" + uuid('a', n) + "'";
}

// The conversation of line n is uuid('c', n), its agent uuid('a', n).
std::vector<produced> table() {
    const std::string conv_text = "conversation_id, text";
    const auto text_in = [](int n) { return in_conversation(n) + ", 'x'"; };
    const auto response = [](int n, const std::string& name, const std::string& variables) {
        return in_conversation(n) + ", '" + name + "', '" + variables + "'";
    };
    const std::string conv_response = "conversation_id, response, variables";
    return {
        {"missing_text", conv_response, response(0, "only-name", R"({"name": ""})")},
        {"unknown_response", conv_response, response(1, "no-such", "{}")},
        {"missing_variable", conv_response, response(2, "only-name", "{}")},
        {"bad_variables", conv_response, response(3, "only-name", R"({"name": [1]})")},
        {"text_too_long", conv_text, in_conversation(4) + ", replace(hex(zeroblob(1001)), '0', 'x')"},
        {"unknown_account", conv_text, text_in(5), "nobody"},
        {"no_active_conversation", "agent_id, text", by_agent(nobody) + ", 'x'"},
        {"ambiguous_conversation", "agent_id, text", by_agent(stranger) + ", 'x'"},
        {"conversation_not_found", conv_text, text_in(77)},
        {"conversation_ended", conv_text, text_in(ended)},
        {"agent_not_in_conversation", "conversation_id, agent_id, text",
         in_conversation(6) + ", " + by_agent(nobody) + ", 'x'", "speaks"},
        {"agent_not_connected", "conversation_id, agent_id, text",
         in_conversation(ringing) + ", " + by_agent(ringing) + ", 'x'", "speaks"},
        {"customer_not_found", conv_text, text_in(8)},
        {"not_a_user", "conversation_id, agent_id, text", in_conversation(9) + ", " + by_agent(9) + ", 'x'",
         "no_user", R"({"status": 400, "code": "not.a.user"})"},
        {"forbidden", conv_text, text_in(10), "forbidden", R"({"status": 403})"},
        {"unauthorized", conv_text, text_in(11), "unauthorized", R"({"status": 401})"},
        {"invalid_client", conv_text, text_in(12), "invalid_client"},
        {"bad_text", conv_text, in_conversation(13) + ", 'x' || char(1)"},
        {"bad_request", conv_text, text_in(14), "default", R"({"status": 400})"},
        {"not_found", conv_text, text_in(15), "default", R"({"status": 404})"},
        {"conflict", conv_text, text_in(16), "default", R"({"status": 409})"},
        {"too_large", conv_text, text_in(17), "default", R"({"status": 413})"},
        {"throttled", conv_text, text_in(18), "throttled", R"({"status": 429, "retry_after": 60})"},
        {"server_error", conv_text, text_in(19), "default", R"({"status": 500})", "attempts"},
        {"unavailable", conv_text, text_in(20), "default", R"({"status": 503})", "attempts"},
        {"timeout", conv_text, text_in(21), "default", R"("never_answer")", "attempts"},
        {"dns", conv_text, text_in(22), "dns"},
        {"connect", conv_text, text_in(23), "connect"},
        {"tls", conv_text, text_in(24), "tls"},
        {"connection_lost", conv_text, text_in(25), "default", R"("close_before_processing")", "attempts"},
        {"bad_reply", conv_text, text_in(26), "default",
         R"({"process_then_status": 200, "body": "malformed"})", "attempts"},
        {"attempts_exhausted", conv_text, text_in(27), "default", R"("close_before_processing")"},
        {"unconfirmed", conv_text, text_in(28), "default", R"("process_then_close")"},
    };
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
    return same("default", wide) + same("speaks", wide + "    route: message\n") +
           same("no_user", "    route: message\n") + same("forbidden") + same("unauthorized") +
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
    rule("read_back", uuid('c', 28), R"({"status": 404})");
    for (std::size_t n = 0; n < lines.size(); ++n) {
        const auto at = lines[n].values.find("'c");
        if (!lines[n].fault.empty()) rule("send", lines[n].values.substr(at + 1, 36), lines[n].fault);
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
    BOOST_TEST(codes.size() == static_cast<std::size_t>(errc::unconfirmed) + 1);

    simulator_options options;
    options.plan = "rate: {limit: 100000}\nclient_may_speak: true\ntutorial: true\n";
    simulator genesys(options);
    furnish(genesys, lines);
    running_daemon daemon(
        genesys,
        "delivery: {attempts: 1, settle: 100ms, request_timeout: 5s, backoff: {base: 100ms, max: 1s}, "
        "breaker: {failures: 1000}}\n",
        accounts(genesys));
    daemon.sql("INSERT INTO responses (name, text) VALUES ('only-name', '{{name}}')");
    daemon.start();
    for (const auto& line : lines) {
        daemon.sql("INSERT INTO messages (account, tag, " + line.columns + ") VALUES ('" + line.account +
                   "', '" + line.error + "', " + line.values + ")");
    }
    for (const auto& line : lines) {
        const auto where =
            line.found_in == "messages"
                ? "SELECT error FROM messages WHERE tag = '" + line.error + "'"
                : "SELECT a.error FROM attempts a JOIN messages m ON m.id = a.message_id WHERE m.tag = '" +
                      line.error + "' ORDER BY a.id LIMIT 1";
        BOOST_TEST_CONTEXT(line.error) {
            BOOST_CHECK_NO_THROW(daemon.wait_for(where, line.error));
            if (line.found_in == "messages")
                BOOST_TEST(daemon.value("SELECT length(error_detail) > 30 FROM messages WHERE tag = '" +
                                        line.error + "'") == "1");
        }
    }
    for (const auto& sentence : daemon.column("SELECT error||' ('||status||'): '||error_detail FROM messages "
                                              "WHERE error IS NOT NULL ORDER BY id"))
        BOOST_TEST_MESSAGE(sentence);
    daemon.wait_for(
        "SELECT group_concat(account) FROM (SELECT account FROM accounts WHERE paused ORDER BY account)",
        "forbidden,invalid_client,no_user,unauthorized");
}

BOOST_AUTO_TEST_SUITE_END()
