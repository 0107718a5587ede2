#include "oauth/reply_facts.hpp"
#include "policy/outcome.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

constexpr wall_time now(milliseconds(1715934600000)); // Fri, 17 May 2024 08:30:00 GMT

http_exchange reply(int status, std::string body, std::vector<http_header> headers = {}) {
    http_exchange done;
    done.reached = phase::replied;
    done.reply.status = status;
    done.reply.body = std::move(body);
    done.reply.headers = std::move(headers);
    return done;
}

request_facts facts(const http_exchange& exchange, due_body due = due_body::object) {
    return facts_of(exchange, parse_answer(exchange.reply.body), due, scrubber(), now);
}

long seconds_to_wait(const request_facts& told) {
    return told.retry_after ? told.retry_after->count() : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(reply_facts_)

BOOST_AUTO_TEST_CASE(an_answer_is_whole_when_it_was_read_and_its_body_is_what_is_due) {
    struct {
        int status;
        const char* body;
        bool look_up;
        bool send;
    } table[] = {
        {200, R"({"id":"1"})", true, true},
        {200, "{}", true, true},
        {200, "", false, true},
        {200, "[]", false, true},
        {200, "<html>", false, false},
        {200, R"({"id":)", false, false},
        {202, "", false, true},
        {202, "  ", false, true},
        {200, " \r\n", false, true},
        {202, "{}", false, true},
        {202, "<html>", false, false},
        {201, "{}", false, true},
        {204, "", false, true},
        {201, "<html>", false, false},
        {200, "\xEF\xBB\xBF{}", true, true},
        {200, R"({"by":"Andr\ud83d"})", true, true},
        {200, "{\"by\":\"Andr\xE9\"}", true, true},
        {302, "", true, true},
        {400, "", true, true},
        {404, "<html>", true, true},
        {500, "{}", true, true},
    };
    for (const auto& row : table) {
        BOOST_TEST(facts(reply(row.status, row.body)).reply_whole == row.look_up, row.status << row.body);
        BOOST_TEST(facts(reply(row.status, row.body), due_body::json_or_nothing).reply_whole == row.send,
                   row.status << row.body);
    }
}

BOOST_AUTO_TEST_CASE(a_reply_that_broke_off_is_not_whole_but_its_head_counts) {
    auto cut = reply(200, R"({"id":"1"})", {{"ININ-Correlation-Id", "c-1"}, {"Content-Length", "20"}});
    cut.fault = transport_fault::connection_lost;
    cut.detail = "end of stream";
    const auto told = facts(cut, due_body::json_or_nothing);
    BOOST_TEST(!told.reply_whole);
    BOOST_TEST(told.http_status == 200);
    BOOST_TEST(told.correlation_id == "c-1");
    BOOST_TEST(told.detail == "end of stream");
    BOOST_TEST((told.fault == transport_fault::connection_lost));
}

BOOST_AUTO_TEST_CASE(no_reply_leaves_only_what_the_transport_says) {
    http_exchange none;
    none.reached = phase::written;
    none.fault = transport_fault::timeout;
    none.detail = "no answer in 10 s";
    const auto told = facts(none);
    BOOST_TEST(told.http_status == 0);
    BOOST_TEST(!told.reply_whole);
    BOOST_TEST((told.reached == phase::written));
    BOOST_TEST(told.detail == "no answer in 10 s");
}

BOOST_AUTO_TEST_CASE(a_403_names_what_the_role_needs_where_its_message_does_not) {
    const auto told = [](const std::string& message, const std::string& params) {
        return facts(reply(403, R"({"code":"missing.division.permission","message":")" + message +
                                    R"(","messageParams":)" + params + "}"))
            .detail;
    };
    const std::string both = R"({"permissions":"conversation:message:create","divisions":"Sales"})";
    const std::string begin = "HTTP 403 missing.division.permission: ";
    BOOST_TEST(told("No.", both) ==
               begin + "No.; the role needs conversation:message:create in the division Sales");
    BOOST_TEST(told("No.", R"({"permission":"a:b:c"})") == begin + "No.; the role needs a:b:c");
    BOOST_TEST(told("conversation:message:create is missing in Sales", both) ==
               begin + "conversation:message:create is missing in Sales");
    BOOST_TEST(told("No.", "{}") == begin + "No.");
    BOOST_TEST(told("No.", "7") == begin + "No.");
    BOOST_TEST(facts(reply(400, R"({"message":"No.","messageParams":)" + both + "}")).detail ==
               "HTTP 400: No.");
}

BOOST_AUTO_TEST_CASE(an_error_body_gives_its_code_and_its_words) {
    const auto told =
        facts(reply(403, R"({"code":"missing.permissions","status":403,"message":"Unable to perform"})"));
    BOOST_TEST(told.api_code == "missing.permissions");
    BOOST_TEST(told.detail == "HTTP 403 missing.permissions: Unable to perform");
    BOOST_TEST(facts(reply(400, R"({"error":"invalid_grant","description":"no"})")).detail ==
               "HTTP 400 invalid_grant: no");
    BOOST_TEST(facts(reply(400, R"({"messageWithParams":"x is y"})")).detail == "HTTP 400: x is y");
    BOOST_TEST(facts(reply(500, "")).detail == "HTTP 500 without a body");
    BOOST_TEST(facts(reply(502, "<html>Bad gateway</html>", {{"Content-Type", "text/html"}})).detail ==
               "HTTP 502 with a body that is not understood (text/html, 24 bytes)");
    const auto packed = facts(reply(200, "\x1f\x8b", {{"Content-Encoding", "gzip"}}));
    BOOST_TEST(!packed.reply_whole);
    BOOST_TEST(packed.detail.starts_with("HTTP 200 with a body that is compressed (gzip)"), packed.detail);
    BOOST_TEST(facts(reply(404, "\x1f\x8b", {{"Content-Encoding", "br"}})).not_the_apis);
    BOOST_TEST(facts(reply(400, "{\"code\":\"bad\",\"message\":\"Andr\xE9 left\"}")).detail ==
               "HTTP 400 bad: Andr� left");
    BOOST_TEST(facts(reply(400, R"({"code":7,"message":null})")).api_code == "7");
    BOOST_TEST(facts(reply(200, R"({"message":"fine"})")).detail == "");
}

BOOST_AUTO_TEST_CASE(a_body_that_was_compressed_on_the_way_is_called_so) {
    const auto words = [](std::vector<http_header> headers) {
        return facts(reply(200, "\x1f\x8b", std::move(headers)), due_body::json_or_nothing).detail;
    };
    BOOST_TEST(words({{"Content-Encoding", "identity, gzip"}})
                   .starts_with("HTTP 200 with a body that is compressed (identity, gzip)"));
    for (const auto* coding : {"gzip, chunked", "gzip", " x-gzip , chunked", "deflate,chunked"})
        BOOST_TEST(
            words({{"Transfer-Encoding", coding}})
                .starts_with("HTTP 200 with a body that is compressed for the way (Transfer-Encoding: "),
            coding);
    BOOST_TEST(words({{"Transfer-Encoding", "gzip"}, {"Transfer-Encoding", "chunked"}}).find("for the way") !=
               std::string::npos);
    BOOST_TEST(words({{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "gzip"}}).find("for the way") !=
               std::string::npos);
    for (const auto* coding : {"chunked", "Chunked", "identity", ""})
        BOOST_TEST(words({{"Transfer-Encoding", coding}, {"Content-Encoding", "Identity"}})
                       .starts_with("HTTP 200 with a body that is not understood"),
                   coding);
}

BOOST_AUTO_TEST_CASE(a_good_answer_that_brings_an_error_of_the_api_is_no_acceptance) {
    const auto sent = [](int status, const char* body) {
        return facts(reply(status, body), due_body::json_or_nothing);
    };
    struct {
        const char* body;
        const char* words; // none: accepted
    } table[] = {
        {R"({"status":500,"code":"internal.error","message":"No."})",
         "HTTP 200 that brings an error in its body: 500 internal.error: No."},
        {R"({"status":400,"code":"bad.request"})",
         "HTTP 200 that brings an error in its body: 400 bad.request"},
        {R"({"status":503,"message":"No.","contextId":"c"})",
         "HTTP 200 that brings an error in its body: 503: No."},
        {R"({"status":404,"messageParams":{}})", "HTTP 200 that brings an error in its body: 404"},
        {R"({"status":"queued","id":"m"})", nullptr},
        {R"({"status":200,"code":"ok"})", nullptr},
        {R"({"code":"internal.error","message":"No."})", nullptr},
        {R"({"status":500,"id":"m"})", nullptr},
        {"{}", nullptr},
        {"[]", nullptr},
    };
    for (const auto& row : table) {
        BOOST_TEST(sent(200, row.body).reply_whole == (row.words == nullptr), row.body);
        BOOST_TEST(sent(200, row.body).detail == (row.words == nullptr ? "" : row.words), row.body);
        BOOST_TEST(facts(reply(200, row.body)).reply_whole == (row.words == nullptr && *row.body == '{'),
                   row.body);
    }
    BOOST_TEST(!sent(202, table[0].body).reply_whole);
    const auto told = sent(200, table[0].body);
    BOOST_TEST((classify(told, request_kind::send) == outcome::indeterminate));
    BOOST_TEST((classify(told, request_kind::look_up) == outcome::unavailable));
}

BOOST_AUTO_TEST_CASE(an_echoed_secret_reaches_no_column) {
    scrubber hidden;
    hidden.hide(secret("tok-123456"));
    const auto answer = reply(401, R"({"code":"tok-123456","message":"bad token tok-123456 given"})",
                              {{"ININ-Correlation-Id", "tok-123456 \n<0>x"}});
    const auto told = facts_of(answer, parse_answer(answer.reply.body), due_body::object, hidden, now);
    for (const auto* text : {&told.api_code, &told.detail, &told.correlation_id})
        BOOST_TEST(text->find("tok-123456") == std::string::npos, *text);
    BOOST_TEST(told.correlation_id.find_first_of(" \n<>") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(retry_after_is_seconds_or_a_date_or_in_the_words_of_a_429) {
    const auto by_header = [](const char* value, int status = 429) {
        return seconds_to_wait(facts(reply(status, "", {{"retry-after", value}})));
    };
    BOOST_TEST(by_header("7") == 7);
    BOOST_TEST(by_header(" 7 ") == 7);
    BOOST_TEST(by_header("0") == 0);
    BOOST_TEST(by_header("1.5") == 2);
    BOOST_TEST(by_header("-7") == -1);
    BOOST_TEST(by_header("soon") == -1);
    BOOST_TEST(by_header("7", 503) == 7);
    BOOST_TEST(by_header("Fri, 17 May 2024 08:30:30 GMT") == 30);
    BOOST_TEST(by_header("Fri, 17 May 2024 08:00:00 GMT") == 0);
    BOOST_TEST(by_header("999999999") == 86400);
    const auto by_message = [](int status, const char* message) {
        return seconds_to_wait(facts(reply(status, std::string(R"({"message":")") + message + "\"}")));
    };
    BOOST_TEST(by_message(429, "Rate limit exceeded. Retry the request in [42] seconds") == 42);
    BOOST_TEST(by_message(429, "limit [300] exceeded, retry in [42] seconds") == 42);
    BOOST_TEST(by_message(429, "Rate limit of [300] exceeded") == -1);
    BOOST_TEST(by_message(429, "[broken seconds") == -1);
    BOOST_TEST(by_message(400, "in [42] seconds") == -1);
}

BOOST_AUTO_TEST_CASE(rate_headers_are_read_one_by_one) {
    const auto told = rate_headers_of(reply(200, "",
                                            {{"inin-ratelimit-allowed", "300"},
                                             {"ININ-RateLimit-Count", "17"},
                                             {"inin-ratelimit-reset", "21"}})
                                          .reply);
    BOOST_TEST(told.allowed.value() == 300);
    BOOST_TEST(told.count.value() == 17);
    BOOST_TEST(told.reset.value().count() == 21);
    const auto odd = rate_headers_of(
        reply(200, "", {{"inin-ratelimit-allowed", "many"}, {"inin-ratelimit-count", "-1"}}).reply);
    BOOST_TEST(!odd.allowed.has_value());
    BOOST_TEST(!odd.count.has_value());
    BOOST_TEST(!odd.reset.has_value());
}

BOOST_AUTO_TEST_CASE(the_servers_clock_is_told_by_the_date_header) {
    const auto told = date_of(reply(200, "{}", {{"Date", "Fri, 17 May 2024 08:31:00 GMT"}}).reply);
    BOOST_TEST((told.value() == now + minutes(1)));
    BOOST_TEST(!date_of(reply(200, "{}").reply).has_value());
    BOOST_TEST(!date_of(reply(200, "{}", {{"Date", "today"}}).reply).has_value());
}

BOOST_AUTO_TEST_CASE(a_4xx_that_is_no_json_object_is_not_the_apis) {
    for (const auto* body : {"", "<html>", "blocked", "[]"})
        BOOST_TEST(facts(reply(403, body)).not_the_apis, body);
    for (const auto* body : {R"({"code":"x"})", "\xEF\xBB\xBF{\"code\":\"x\"}"})
        BOOST_TEST(!facts(reply(403, body)).not_the_apis, body);
    BOOST_TEST(!facts(reply(503, "<html>")).not_the_apis);
}

BOOST_AUTO_TEST_CASE(a_reply_of_unknown_length_that_ends_by_a_bare_close_is_whole_with_its_json_object) {
    const auto cut_off = [](const char* body, std::vector<http_header> headers = {}) {
        auto exchange = reply(200, body, std::move(headers));
        exchange.fault = transport_fault::connection_lost;
        exchange.detail = "connection lost in the middle of the reply";
        return facts(exchange, due_body::json_or_nothing);
    };
    const auto whole = cut_off(R"({"id":"m-1"} )");
    BOOST_TEST(whole.reply_whole);
    BOOST_TEST((whole.fault == transport_fault::none));
    BOOST_TEST(whole.detail == "");
    for (const auto& cut :
         {cut_off(R"({"id":"m-1")"), cut_off(""), cut_off("12"), cut_off(R"("text")"),
          cut_off("{}", {{"Content-Length", "3"}}), cut_off("{}", {{"Transfer-Encoding", "chunked"}})}) {
        BOOST_TEST(!cut.reply_whole);
        BOOST_TEST((cut.fault == transport_fault::connection_lost));
        BOOST_TEST(cut.detail == "connection lost in the middle of the reply");
    }
}

BOOST_AUTO_TEST_CASE(a_4xx_whose_json_is_no_error_body_of_genesys_is_not_the_apis) {
    const auto is_the_apis = [](const char* body, due_body due) {
        return !facts(reply(404, body), due).not_the_apis;
    };
    struct {
        const char* body;
        bool api, login;
    } table[] = {
        {"{}", false, false},
        {R"({"code":"not.found"})", true, true},
        {R"({"message":"No such conversation","contextId":"c"})", true, false},
        {R"({"messageWithParams":"No {x}"})", true, false},
        {R"({"status":404,"contextId":"c","details":[],"errors":[]})", true, false},
        {R"({"code":"bad","status":404,"error":"x"})", true, true},
        {R"({"message":"Not Found"})", false, false},
        {R"({"code":404,"message":"route not found"})", false, false},
        {R"({"code":null,"message":null,"status":404})", false, false},
        {R"({"kind":"Status","code":404,"reason":"NotFound","message":"x"})", false, false},
        {R"({"type":"about:blank","title":"Not Found","status":404})", false, false},
        {R"({"code":"service.unavailable","message":"x","status":503})", false, false},
        {R"({"error":"not found"})", false, false},
        {R"({"detail":"Not Found"})", false, false},
        {R"({"timestamp":"2024","status":404,"error":"Not Found","path":"/api"})", false, false},
        {R"({"status":"error"})", false, false},
        {R"({"error":{"code":404,"message":"no route"}})", false, false},
        {R"({"message":null,"request_id":"r"})", false, false},
        {R"({"error":"invalid_client"})", false, true},
        {R"({"error":"invalid grant","error_description":"no such org"})", false, true},
        {R"({"error":"org unknown","description":"no such org"})", false, true},
        {R"({"error":""})", false, false},
    };
    for (const auto& line : table) {
        BOOST_TEST(is_the_apis(line.body, due_body::object) == line.api, line.body);
        BOOST_TEST(is_the_apis(line.body, due_body::token) == line.login, line.body);
    }
}

BOOST_AUTO_TEST_CASE(a_retry_after_that_is_a_date_is_read_by_the_servers_own_clock) {
    const auto told = facts(
        reply(503, "",
              {{"Retry-After", "Fri, 17 May 2024 09:30:30 GMT"}, {"Date", "Fri, 17 May 2024 09:30:00 GMT"}}));
    BOOST_TEST(seconds_to_wait(told) == 30);
}

BOOST_AUTO_TEST_SUITE_END()
