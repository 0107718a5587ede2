// Which requests go wrong, and how: a list of rules, each {name, match, do}. The first rule that fires
// decides. match: operation (name or list; "send": the four sends; "connect": the TLS handshake), method,
// path (regular
//   expression), conversation, text (part of the body), nth, every, after (all but the first N), probability,
//   times (fires at most so often), after_ms / until_ms (since the rules were set).
// do: one action or several: "process_then_close", or {delay_ms: 50, status: 503, body: html}. See fault for
// all.
#pragma once

#include "simulator/clock.hpp"
#include "simulator/json_reading.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace cannedd::sim {

// What becomes of the connection.
enum class ending : std::uint8_t {
    answer,          // the answer arrives; the connection is kept
    close,           // closed without a byte of the answer
    reset,           // RST without a byte of the answer
    truncate,        // the answer breaks off in its middle
    never,           // neither answered nor closed
    no_close_notify, // answered, then FIN without TLS close_notify
    close_idle,      // answered as if kept alive, then closed
};

enum class handshake_fault : std::uint8_t { none, refuse, stall, reset };

struct fault {
    std::string name;
    bool processed = true;      // whether the request has its effect
    milliseconds delay{};       // before the request is looked at           delay_ms
    milliseconds delay_after{}; // between effect and answer                process_then_delay
    bool held = false;          // no answer until the rules are replaced   process_then_hold
    std::optional<int> status;  // instead of the real answer                status, process_then_status
    std::string body = "error"; // error html empty malformed echo_token    body
    std::string code;           // ErrorBody.code; by default what fits      code
    std::string text;           // ErrorBody.message                         message
    std::optional<std::int64_t> retry_after_s;      // Retry-After           retry_after
    std::optional<std::int64_t> retry_in_message_s; // "[N] seconds"        retry_in_message
    ending end = ending::answer;
    handshake_fault handshake = handshake_fault::none; //                    handshake: refuse stall reset
    bool accept_202 = false;                           // 202, no body, no id
    milliseconds drip{};                               // between bytes of the answer               drip_ms
    std::string wrong_length;        // content-length: short, long               wrong_content_length
    std::size_t oversized_bytes = 0; //                                     oversized_body
    bool drop_inin_headers = false;
    bool expire_token = false;       // this token expires; the request is answered 401
    bool revoke_tokens = false;      // every token of this client; the request is answered 401
    bool duplicate_hit = false;      // the analytics query lists each hit twice
    bool end_conversation = false;   // it ends just before the request is processed
    std::set<std::string> normalise; // the accepted text changes before it is read back
    std::string failure_code; // accepted, but delivery fails             delivery_failed: {code, message}
    std::string failure_message;
};

struct fault_subject {
    std::string operation;
    bool is_send = false;
    std::string method;
    std::string path;
    std::string conversation;
    std::string body;
};

class fault_plan {
public:
    fault_plan(const clock& time, dice& chance) : time_(time), chance_(chance) {}
    // Throw std::invalid_argument with a sentence; then nothing is changed.
    void replace(const json::value& rules);
    void add(const json::value& rules);
    std::optional<fault> decide(const fault_subject& subject);
    int generation() const { return generation_; } // another one when the rules were replaced
    json::array report() const;                    // name, seen, fired of each rule

private:
    struct rule {
        std::set<std::string> operations;
        std::string method, conversation, text;
        std::optional<std::regex> path;
        std::int64_t nth = 0, every = 0, after = 0, times = -1;
        double probability = 1;
        steady_time from{}, until = steady_time::max();
        fault what;
        std::int64_t seen = 0, fired = 0;
    };
    rule parse_rule(const json::value& description) const;
    bool concerns(const rule& r, const fault_subject& subject) const;
    bool fires(rule& r);

    const clock& time_;
    dice& chance_;
    std::vector<rule> rules_;
    int generation_ = 0;
};

fault parse_actions(const json::value& actions);

} // namespace cannedd::sim
