#include "simulator/world.hpp"

#include "simulator/encoding.hpp"

#include <stdexcept>

namespace cannedd::sim {
namespace {

template<typename Add>
void each(const json::value& plan, std::string_view key, Add add) {
    const auto* list = find(plan, key);
    if (list == nullptr) return;
    if (!list->is_array()) throw std::invalid_argument("'" + std::string(key) + "' must be a list");
    for (const auto& one : list->get_array())
        add(one);
}

json::object transcript_line(const world& in, const talk& t, const message& m) {
    const auto* who = t.now.find_participant(m.participant_id);
    return {{"at", iso_time(in.time.wall())},
            {"conversation", t.now.id},
            {"message_id", m.id},
            {"text", m.text},
            {"direction", m.outbound ? "outbound" : "inbound"},
            {"participant", m.participant_id},
            {"purpose", who == nullptr ? "" : who->purpose},
            {"user_id", m.user_id},
            {"operation", m.route}};
}

} // namespace

void world::apply(const json::value& plan) {
    only_keys(plan, "the plan",
              {"org",
               "token_seconds",
               "rate",
               "read_back",
               "analytics",
               "own_list",
               "delivery",
               "refusals",
               "client_may_speak",
               "legacy_chat",
               "legacy_chat_status",
               "legacy_text_body",
               "tutorial",
               "agentless",
               "agentless_no_active",
               "text_limits",
               "clients",
               "users",
               "conversations",
               "libraries",
               "responses",
               "faults",
               "clock_shift_ms",
               "accepting"});
    apply_settings(set, plan);
    time.set_shift(milliseconds(number_or(plan, "clock_shift_ms", time.shift().count())));
    accepting = flag_or(plan, "accepting", accepting);
    each(plan, "users", [&](const json::value& one) { tokens.add_user(one); });
    each(plan, "clients", [&](const json::value& one) { tokens.add_client(one); });
    each(plan, "libraries", [&](const json::value& one) { responses.add_library(one); });
    each(plan, "responses", [&](const json::value& one) { responses.add_response(one); });
    each(plan, "conversations", [&](const json::value& one) { talks.create(one); });
    if (const auto* rules = find(plan, "faults")) faults.replace(*rules);
    deliver();
}

void world::deliver() {
    if (set.delivery.paused) return;
    for (const auto& [which, index] : talks.take_undelivered()) {
        auto& m = which->messages[index];
        m.released = time.steady();
        if (m.failure_code.empty()) memory.delivered(transcript_line(*this, *which, m));
    }
}

} // namespace cannedd::sim
