// How the simulated org behaves where reality is unknown or differs between orgs. Defaults are the less
// convenient ones. The keys of a plan's sections are named like the members here, durations with `_ms`.
#pragma once

#include "simulator/exchange.hpp"
#include "simulator/json_reading.hpp"
#include "simulator/text_length.hpp"

#include <cstdint>
#include <set>
#include <string>

namespace cannedd::sim {

enum class rate_mode : std::uint8_t { sliding, fixed, off };

struct rate_settings {
    std::int64_t limit = 300; // requests of one OAuth client in a window
    milliseconds window{60'000};
    rate_mode mode = rate_mode::sliding; // off: counts and headers, but refuses nothing
    bool headers = true;                 // inin-ratelimit-*
    bool retry_after = true;             // Retry-After on 429; else the message says "[N] seconds"
    bool count_rejected = true;          // a refused request uses up budget too
    milliseconds others_every{}; // another program uses the client's budget at this pace; 0: nobody does
};

struct refusal {
    int status = 400;
    std::string code = "bad.request";
};

struct settings {
    std::string org_id = "0a5b8c1e-0000-4000-8000-00000000aaaa";
    std::string org_name = "simulated-org";
    std::int64_t token_seconds = 86'400;
    rate_settings rate;
    struct {
        milliseconds lag{}; // how long a message stays invisible to reading back
        bool hold = false;  // true: all messages accepted from now on stay invisible until it is false
        std::set<std::string> normalise; // trim, crlf, collapse, nfc
    } read_back;
    // What reading back shows of a message that was sent by a template: its text, its parameters or nothing.
    std::string template_shown = "parameters";
    struct {
        milliseconds lag{};     // how old the picture is that the analytics query sees
        bool duplicate = false; // every hit twice
    } analytics;
    // The list of a user's own conversations, which has no parameters that would ask for more.
    struct {
        std::size_t most = 25;   // that it lists
        bool attributes = false; // of participants
        bool peer = true;        // ... and of the conversation that is asked for by id
    } own_list;
    struct {
        bool paused = false;             // accepted messages stay queued and reach no customer
        milliseconds sent_after{200};    // queued -> sent
        milliseconds final_after{1'000}; // sent -> delivery-success or delivery-failed
    } delivery;
    // What a send is told when...
    refusal ended{400, "bad.request"};         // the conversation has ended
    refusal not_connected{400, "bad.request"}; // the communication rings, is parked
    refusal disconnected{404, "not.found"};    // the communication is over: transferred, reconnected, wrap-up
    refusal not_owner{403, "not.authorized"};  // a user's token speaks over another agent's communication
    bool client_may_speak = false;             // client credentials on routes message and chat
    bool legacy_chat = false;                  // the removed chat API answers at all
    int legacy_chat_status = 404;              // else with this
    bool legacy_text_body =
        false;            // messages carry textBody too, as they did before normalizedMessage took over
    bool tutorial = true; // the gateway's own route
    text_lengths text_limits = published_text_lengths();
    struct {
        bool web_by_address = false;      // laxer than the contract of 2026-07: webmessaging takes toAddress
        bool whatsapp_text = false;       // WhatsApp takes text, not only a messagingTemplate
        std::set<std::string> messengers; // stricter: it takes these alone; empty: all that are published
    } agentless;
    int agentless_no_active = 0; // 0: opens a new conversation; else the status of the refusal
};

// Applies the sections of a plan that are settings: org, token, rate, read_back, analytics, own_list,
// delivery, refusals, agentless, text_limits, switches. Throws std::invalid_argument with a sentence.
void apply_settings(settings& to, const json::value& plan);

} // namespace cannedd::sim
