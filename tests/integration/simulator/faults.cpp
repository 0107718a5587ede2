#include "integration/simulator/org.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

#include <signal.h>

using namespace cannedd;
namespace json = boost::json;

namespace {

constexpr std::chrono::milliseconds short_patience(150); // only for what never comes

std::string rule(const std::string& actions,
                 const std::string& match = R"("operation": "send", "times": 1)") {
    return R"([{"match": {)" + match + R"(}, "do": )" + actions + "}]";
}

// What came of one send under one planned fault, and how often the customer saw it.
struct outcome {
    http_answer answer;
    std::size_t seen = 0;
};

outcome send_under(const std::string& actions) {
    org o;
    const auto talk = o.talk();
    o.world.faults(rule(actions));
    outcome out;
    out.answer = o.send(talk, "x");
    out.seen = o.world.texts_seen(talk.id).size();
    return out;
}

// The same for a send that is never answered: it is waited for until the simulator has taken it.
outcome send_into_silence(const std::string& action) {
    org o;
    const auto talk = o.talk();
    BOOST_TEST(o.ask("GET", talk.path()).status == 200); // connected
    o.world.faults(rule(action));
    o.client.listen_for(short_patience);
    outcome out;
    out.answer = o.send(talk, "x");
    eventually([&] { return o.world.answers("send_message", "none") == 1; }, "the simulator has the request");
    out.seen = o.world.texts_seen(talk.id).size();
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(faults_)

BOOST_AUTO_TEST_CASE(processed_and_then_not_answered_means_that_the_customer_has_it) {
    const auto closed = send_under(R"("process_then_close")");
    BOOST_TEST(closed.answer.how == how_it_ended::closed);
    BOOST_TEST(closed.seen == 1U);
    const auto reset = send_under(R"("process_then_reset")");
    BOOST_TEST(reset.answer.how == how_it_ended::reset);
    BOOST_TEST(reset.seen == 1U);
    const auto cut = send_under(R"("process_then_truncate")");
    BOOST_TEST(cut.answer.how == how_it_ended::cut);
    BOOST_TEST(cut.answer.status == 200);
    BOOST_TEST(cut.seen == 1U);
    const auto silent = send_into_silence(R"("process_then_never_answer")");
    BOOST_TEST(silent.answer.how == how_it_ended::timed_out);
    BOOST_TEST(silent.seen == 1U);
    for (const char* status : {"408", "500", "502", "503", "504"}) {
        const auto answered = send_under(R"({"process_then_status": )" + std::string(status) + "}");
        BOOST_TEST(answered.answer.status == std::stoi(status));
        BOOST_TEST(answered.seen == 1U);
    }
}

BOOST_AUTO_TEST_CASE(not_processed_means_that_the_customer_has_nothing) {
    const auto closed = send_under(R"("close_before_processing")");
    BOOST_TEST(closed.answer.how == how_it_ended::closed);
    BOOST_TEST(closed.seen == 0U);
    const auto reset = send_under(R"("reset_before_processing")");
    BOOST_TEST(reset.answer.how == how_it_ended::reset);
    BOOST_TEST(reset.seen == 0U);
    const auto silent = send_into_silence(R"("never_answer")");
    BOOST_TEST(silent.answer.how == how_it_ended::timed_out);
    BOOST_TEST(silent.seen == 0U);
    const auto refused = send_under(R"({"status": 503})");
    BOOST_TEST(refused.answer.status == 503);
    BOOST_TEST(refused.seen == 0U);
}

BOOST_AUTO_TEST_CASE(a_message_can_be_accepted_without_body_and_id) {
    const auto accepted = send_under(R"("accept_202")");
    BOOST_TEST(accepted.answer.status == 202);
    BOOST_TEST(accepted.answer.body.empty());
    BOOST_TEST(accepted.seen == 1U);
}

BOOST_AUTO_TEST_CASE(throttling_comes_with_retry_after_in_the_message_or_silent) {
    const auto with_header = send_under(R"({"status": 429, "retry_after": 3})");
    BOOST_TEST(with_header.answer.header("Retry-After") == "3");
    const auto in_message = send_under(R"({"status": 429, "retry_in_message": 7})");
    BOOST_TEST(in_message.answer.header("Retry-After").empty());
    BOOST_TEST(in_message.answer.body.find("[7] seconds") != std::string::npos);
    BOOST_TEST(code_of(in_message.answer) == "too.many.requests.retry.after");
    const auto silent = send_under(R"({"status": 429})");
    BOOST_TEST(code_of(silent.answer) == "too.many.requests");
    BOOST_TEST(silent.answer.header("Retry-After").empty());
    BOOST_TEST(silent.seen == 0U);
}

BOOST_AUTO_TEST_CASE(error_bodies_can_be_html_empty_broken_or_echo_the_token) {
    BOOST_TEST(send_under(R"({"status": 502, "body": "html"})").answer.header("Content-Type") == "text/html");
    BOOST_TEST(send_under(R"({"status": 500, "body": "empty"})").answer.body.empty());
    const auto broken = send_under(R"({"status": 500, "body": "malformed"})").answer.body;
    BOOST_TEST(!broken.empty());
    BOOST_TEST(broken.back() != '}');
    BOOST_TEST(send_under(R"({"status": 400, "body": "echo_token"})").answer.body.find("Bearer ") !=
               std::string::npos);
    const auto coded = send_under(R"({"status": 400, "code": "invalid.value", "message": "because"})");
    BOOST_TEST(code_of(coded.answer) == "invalid.value");
}

BOOST_AUTO_TEST_CASE(answers_can_come_late_in_drips_too_long_or_of_a_wrong_length) {
    const auto began = std::chrono::steady_clock::now();
    BOOST_TEST(send_under(R"({"delay_ms": 20, "process_then_delay": 20, "drip_ms": 0})").answer.status ==
               200);
    BOOST_TEST((std::chrono::steady_clock::now() - began >= std::chrono::milliseconds(40)));
    BOOST_TEST(send_under(R"({"status": 500, "body": "empty", "drip_ms": 1})").answer.status == 500);
    BOOST_TEST(send_under(R"({"oversized_body": 100000})").answer.body.size() > 100'000U);
    BOOST_TEST(send_under(R"({"wrong_content_length": "long"})").answer.how == how_it_ended::cut);
    BOOST_TEST(send_under(R"({"drop_inin_headers": true})").answer.header("ININ-Correlation-Id").empty());
}

BOOST_AUTO_TEST_CASE(an_answer_can_be_held_until_the_rules_are_replaced) {
    org o;
    const auto talk = o.talk();
    o.world.faults(rule(R"("process_then_hold")", R"("operation": "send")"));
    http_answer held;
    std::atomic<bool> answered = false;
    std::thread sending([&] {
        held = o.send(talk, "x");
        answered = true;
    });
    eventually([&] { return o.world.texts_seen(talk.id).size() == 1; }, "the customer has it");
    o.world.plan({{"token_seconds", 600}}); // another control call releases nothing
    BOOST_TEST(!answered);
    o.world.faults("[]");
    sending.join();
    BOOST_TEST(held.status == 200);
}

BOOST_AUTO_TEST_CASE(an_answered_connection_can_end_with_and_without_a_goodbye) {
    org o;
    const auto talk = o.talk();
    o.world.faults(rule(R"("close_idle")"));
    BOOST_TEST(o.send(talk, "x").status == 200);
    BOOST_TEST(o.client.idle() == how_it_ended::closed);
    https_client second(o.world.url(), o.world.ca_file());
    o.world.faults(rule(R"("close_without_close_notify")", R"("operation": "get_conversation")"));
    const auto answer = second.send("GET", talk.path(), {{"Authorization", "Bearer " + o.token}});
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(second.idle() == how_it_ended::cut);
}

BOOST_AUTO_TEST_CASE(handshakes_can_be_refused_reset_and_stalled_while_control_goes_on) {
    for (const char* kind : {"refuse", "reset", "stall"}) {
        org o;
        if (std::string(kind) == "stall") o.client.listen_for(short_patience);
        o.world.faults(
            rule(R"({"handshake": ")" + std::string(kind) + "\"}", R"("operation": "connect", "times": 1)"));
        BOOST_TEST(o.ask("GET", "/api/v2/tokens/me").how == how_it_ended::no_handshake);
        o.client.listen_for(patience);
        BOOST_TEST(o.ask("GET", "/api/v2/tokens/me").status == 200);
    }
}

BOOST_AUTO_TEST_CASE(the_api_can_be_down_and_come_back_at_the_same_address) {
    org o;
    BOOST_TEST(o.ask("GET", "/api/v2/tokens/me").status == 200);
    o.world.plan({{"accepting", false}});
    BOOST_TEST((o.ask("GET", "/api/v2/tokens/me").how != how_it_ended::whole)); // the kept connection is dead
    BOOST_TEST(o.ask("GET", "/api/v2/tokens/me").how == how_it_ended::refused);
    o.world.plan({{"accepting", true}});
    BOOST_TEST(o.ask("GET", "/api/v2/tokens/me").status == 200);
}

BOOST_AUTO_TEST_CASE(tokens_can_expire_or_be_revoked_under_a_request) {
    org o;
    const auto talk = o.talk();
    o.world.faults(rule(R"("expire_token")", R"("operation": "get_conversation", "times": 1)"));
    const auto expired = o.ask("GET", talk.path());
    BOOST_TEST(expired.status == 401);
    BOOST_TEST(code_of(expired) == "credentials.expired");
    BOOST_TEST(o.ask("GET", talk.path()).status == 401); // it stays expired
    o.token = o.token_for();
    o.world.faults(rule(R"("revoke_tokens")", R"("operation": "get_conversation", "times": 1)"));
    BOOST_TEST(o.ask("GET", talk.path()).status == 401);
    BOOST_TEST(o.send(talk, "x").status == 401); // all of the client's
}

BOOST_AUTO_TEST_CASE(a_conversation_can_end_in_the_moment_of_the_send) {
    const auto late = send_under(R"("end_conversation")");
    BOOST_TEST(late.answer.status == 400);
    BOOST_TEST(late.seen == 0U);
}

BOOST_AUTO_TEST_CASE(rules_choose_by_number_rhythm_conversation_and_text) {
    org o;
    const auto first = o.talk();
    const auto second = o.talk();
    o.world.faults(
        R"([{"name": "third", "match": {"operation": "send_message", "nth": 3}, "do": {"status": 500}},
                       {"match": {"conversation": ")" +
        second.id + R"("}, "do": {"status": 503}},
                       {"match": {"text": "rude"}, "do": {"status": 400}}])");
    BOOST_TEST(o.send(first, "1").status == 200);
    BOOST_TEST(o.send(second, "2").status == 503);
    BOOST_TEST(o.send(first, "3").status == 500);
    BOOST_TEST(o.send(first, "rude").status == 400);
    BOOST_TEST(o.send(first, "5").status == 200);
    BOOST_TEST(text_at(o.world.get("faults").as_array().at(0), "name") == "third");
    BOOST_TEST(o.world.get("faults").as_array().at(0).at("fired") == 1);
    o.world.faults(R"([{"match": {"every": 2}, "do": {"status": 500}}])");
    BOOST_TEST(o.send(first, "6").status == 200);
    BOOST_TEST(o.send(first, "7").status == 500);
    BOOST_TEST(o.send(first, "8").status == 200);
    BOOST_CHECK_THROW(o.world.faults(R"([{"do": "explode"}])"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(chance_repeats_itself_with_the_seed) {
    const auto statuses = [] {
        org o(R"(faults: [{match: {operation: get_conversation, probability: 0.5}, do: {status: 503}}])");
        const auto talk = o.talk();
        std::string all;
        for (int i = 0; i < 20; ++i)
            all += o.ask("GET", talk.path()).status == 200 ? '.' : 'x';
        return all;
    };
    const auto first = statuses();
    BOOST_TEST(first.find('x') != std::string::npos);
    BOOST_TEST(first.find('.') != std::string::npos);
    BOOST_TEST(statuses() == first);
}

BOOST_AUTO_TEST_CASE(it_ends_with_0_on_sigterm_with_connections_open) {
    org o;
    BOOST_TEST(o.ask("GET", "/api/v2/tokens/me").status == 200);
    BOOST_TEST((o.world.process().terminate() == exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(a_plan_that_is_wrong_is_refused_with_a_sentence) {
    temp_directory directory;
    process_options options;
    options.arguments = {"--plan", directory.write("plan.yaml", "rate: {limt: 3}").string(), "--ca-out",
                         (directory / "ca.pem").string()};
    const auto ended = run_process(GENESYS_SIMULATOR, options);
    BOOST_TEST((ended.status == exit_status{64, {}}));
    BOOST_TEST(ended.errors.find("limt") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
