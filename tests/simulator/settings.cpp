#include "simulator/settings.hpp"

#include <stdexcept>

namespace cannedd::sim {
namespace {

milliseconds ms_or(const json::value& object, std::string_view key, milliseconds fallback) {
    return milliseconds(number_or(object, key, fallback.count()));
}

rate_mode mode_named(const std::string& name) {
    if (name == "sliding") return rate_mode::sliding;
    if (name == "fixed") return rate_mode::fixed;
    if (name == "off") return rate_mode::off;
    throw std::invalid_argument("'mode' of rate must be sliding, fixed or off");
}

void apply_rate(rate_settings& to, const json::value& rate) {
    only_keys(rate, "rate",
              {"limit", "window_ms", "mode", "headers", "retry_after", "count_rejected", "others_every_ms"});
    to.limit = number_or(rate, "limit", to.limit);
    to.window = ms_or(rate, "window_ms", to.window);
    if (find(rate, "mode") != nullptr) to.mode = mode_named(text_or(rate, "mode"));
    to.headers = flag_or(rate, "headers", to.headers);
    to.retry_after = flag_or(rate, "retry_after", to.retry_after);
    to.count_rejected = flag_or(rate, "count_rejected", to.count_rejected);
    to.others_every = ms_or(rate, "others_every_ms", to.others_every);
    if (to.limit < 1 || to.window.count() < 1)
        throw std::invalid_argument("rate needs a limit and a window_ms above 0");
}

void apply_refusal(refusal& to, const json::value& refusals, std::string_view key) {
    const auto* one = find(refusals, key);
    if (one == nullptr) return;
    only_keys(*one, key, {"status", "code"});
    to.status = static_cast<int>(number_or(*one, "status", to.status));
    to.code = text_or(*one, "code", to.code);
}

void apply_refusals(settings& to, const json::value& refusals) {
    only_keys(refusals, "refusals", {"ended", "not_connected", "disconnected", "not_owner"});
    apply_refusal(to.ended, refusals, "ended");
    apply_refusal(to.not_connected, refusals, "not_connected");
    apply_refusal(to.disconnected, refusals, "disconnected");
    apply_refusal(to.not_owner, refusals, "not_owner");
}

void apply_read_back(settings& to, const json::value& section) {
    only_keys(section, "read_back", {"lag_ms", "hold", "normalise", "template"});
    to.template_shown = text_or(section, "template", to.template_shown);
    if (to.template_shown != "text" && to.template_shown != "parameters" && to.template_shown != "nothing")
        throw std::invalid_argument("'template' of read_back must be text, parameters or nothing");
    to.read_back.lag = ms_or(section, "lag_ms", to.read_back.lag);
    to.read_back.hold = flag_or(section, "hold", to.read_back.hold);
    if (find(section, "normalise") != nullptr) {
        const auto names = texts(section, "normalise");
        to.read_back.normalise = {names.begin(), names.end()};
    }
}

void apply_own_list(settings& to, const json::value& section) {
    only_keys(section, "own_list", {"most", "attributes", "peer"});
    const auto most = number_or(section, "most", static_cast<std::int64_t>(to.own_list.most));
    if (most < 0) throw std::invalid_argument("'most' of own_list must be 0 or more");
    to.own_list.most = static_cast<std::size_t>(most);
    to.own_list.attributes = flag_or(section, "attributes", to.own_list.attributes);
    to.own_list.peer = flag_or(section, "peer", to.own_list.peer);
}

void apply_delivery(settings& to, const json::value& section) {
    only_keys(section, "delivery", {"paused", "sent_after_ms", "final_after_ms"});
    to.delivery.paused = flag_or(section, "paused", to.delivery.paused);
    to.delivery.sent_after = ms_or(section, "sent_after_ms", to.delivery.sent_after);
    to.delivery.final_after = ms_or(section, "final_after_ms", to.delivery.final_after);
}

void apply_agentless(settings& to, const json::value& section) {
    only_keys(section, "agentless", {"web_by_address", "whatsapp_text", "messengers"});
    to.agentless.web_by_address = flag_or(section, "web_by_address", to.agentless.web_by_address);
    to.agentless.whatsapp_text = flag_or(section, "whatsapp_text", to.agentless.whatsapp_text);
    if (find(section, "messengers") == nullptr) return;
    const auto names = texts(section, "messengers");
    to.agentless.messengers = {names.begin(), names.end()};
}

void apply_text_limits(settings& to, const json::value& section) {
    std::set<std::string_view> channels;
    for (const auto& [channel, most] : to.text_limits)
        channels.insert(channel);
    only_keys(section, "text_limits", channels);
    for (auto& [channel, most] : to.text_limits)
        most = static_cast<std::size_t>(number_or(section, channel, static_cast<std::int64_t>(most)));
}

} // namespace

void apply_settings(settings& to, const json::value& plan) {
    if (const auto* org = find(plan, "org")) {
        only_keys(*org, "org", {"id", "name"});
        to.org_id = text_or(*org, "id", to.org_id);
        to.org_name = text_or(*org, "name", to.org_name);
    }
    to.token_seconds = number_or(plan, "token_seconds", to.token_seconds);
    if (const auto* rate = find(plan, "rate")) apply_rate(to.rate, *rate);
    if (const auto* section = find(plan, "read_back")) apply_read_back(to, *section);
    if (const auto* section = find(plan, "analytics")) {
        only_keys(*section, "analytics", {"lag_ms", "duplicate"});
        to.analytics.lag = ms_or(*section, "lag_ms", to.analytics.lag);
        to.analytics.duplicate = flag_or(*section, "duplicate", to.analytics.duplicate);
    }
    if (const auto* section = find(plan, "own_list")) apply_own_list(to, *section);
    if (const auto* section = find(plan, "delivery")) apply_delivery(to, *section);
    if (const auto* refusals = find(plan, "refusals")) apply_refusals(to, *refusals);
    if (const auto* section = find(plan, "agentless")) apply_agentless(to, *section);
    if (const auto* section = find(plan, "text_limits")) apply_text_limits(to, *section);
    to.client_may_speak = flag_or(plan, "client_may_speak", to.client_may_speak);
    to.legacy_chat = flag_or(plan, "legacy_chat", to.legacy_chat);
    to.legacy_chat_status = static_cast<int>(number_or(plan, "legacy_chat_status", to.legacy_chat_status));
    to.legacy_text_body = flag_or(plan, "legacy_text_body", to.legacy_text_body);
    to.tutorial = flag_or(plan, "tutorial", to.tutorial);
    to.agentless_no_active = static_cast<int>(number_or(plan, "agentless_no_active", to.agentless_no_active));
}

} // namespace cannedd::sim
