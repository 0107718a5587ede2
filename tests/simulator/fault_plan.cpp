#include "simulator/fault_plan.hpp"

#include <map>
#include <stdexcept>

namespace cannedd::sim {
namespace {

using action = std::function<void(fault&, const json::value&)>;

std::int64_t whole(const json::value& value) {
    if (!value.is_int64()) throw std::invalid_argument("this action needs a whole number");
    return value.get_int64();
}

std::string word(const json::value& value) {
    if (!value.is_string()) throw std::invalid_argument("this action needs a text");
    return std::string(value.get_string());
}

action ends(bool processed, ending how) {
    return [processed, how](fault& f, const json::value&) {
        f.processed = processed;
        f.end = how;
    };
}

action sets(bool fault::*member) {
    return [member](fault& f, const json::value&) { f.*member = true; };
}

handshake_fault handshake_named(const std::string& name) {
    if (name == "refuse") return handshake_fault::refuse;
    if (name == "stall") return handshake_fault::stall;
    if (name == "reset") return handshake_fault::reset;
    throw std::invalid_argument("handshake must be refuse, stall or reset");
}

void fail_delivery(fault& f, const json::value& reason) {
    only_keys(reason, "delivery_failed", {"code", "message"});
    f.failure_code = text_or(reason, "code", "GeneralError");
    f.failure_message = text_or(reason, "message", "the message could not be delivered");
}

const std::map<std::string, action>& actions_by_name() {
    static const std::map<std::string, action> known{
        {"delay_ms", [](fault& f, const json::value& v) { f.delay = milliseconds(whole(v)); }},
        {"process_then_delay",
         [](fault& f, const json::value& v) { f.delay_after = milliseconds(whole(v)); }},
        {"process_then_hold", sets(&fault::held)},
        {"status",
         [](fault& f, const json::value& v) {
             f.status = static_cast<int>(whole(v));
             f.processed = false;
         }},
        {"process_then_status",
         [](fault& f, const json::value& v) { f.status = static_cast<int>(whole(v)); }},
        {"body", [](fault& f, const json::value& v) { f.body = word(v); }},
        {"code", [](fault& f, const json::value& v) { f.code = word(v); }},
        {"message", [](fault& f, const json::value& v) { f.text = word(v); }},
        {"retry_after", [](fault& f, const json::value& v) { f.retry_after_s = whole(v); }},
        {"retry_in_message", [](fault& f, const json::value& v) { f.retry_in_message_s = whole(v); }},
        {"process_then_close", ends(true, ending::close)},
        {"process_then_reset", ends(true, ending::reset)},
        {"process_then_truncate", ends(true, ending::truncate)},
        {"process_then_never_answer", ends(true, ending::never)},
        {"close_before_processing", ends(false, ending::close)},
        {"reset_before_processing", ends(false, ending::reset)},
        {"never_answer", ends(false, ending::never)},
        {"close_without_close_notify", ends(true, ending::no_close_notify)},
        {"close_idle", ends(true, ending::close_idle)},
        {"handshake", [](fault& f, const json::value& v) { f.handshake = handshake_named(word(v)); }},
        {"accept_202", sets(&fault::accept_202)},
        {"drip_ms", [](fault& f, const json::value& v) { f.drip = milliseconds(whole(v)); }},
        {"wrong_content_length", [](fault& f, const json::value& v) { f.wrong_length = word(v); }},
        {"oversized_body",
         [](fault& f, const json::value& v) { f.oversized_bytes = static_cast<std::size_t>(whole(v)); }},
        {"drop_inin_headers", sets(&fault::drop_inin_headers)},
        {"expire_token", sets(&fault::expire_token)},
        {"revoke_tokens", sets(&fault::revoke_tokens)},
        {"duplicate_hit", sets(&fault::duplicate_hit)},
        {"end_conversation", sets(&fault::end_conversation)},
        {"normalise",
         [](fault& f, const json::value& v) {
             const auto names = texts(json::object{{"normalise", v}}, "normalise");
             f.normalise = {names.begin(), names.end()};
         }},
        {"delivery_failed", fail_delivery},
    };
    return known;
}

void apply_action(fault& to, const std::string& name, const json::value& argument) {
    const auto found = actions_by_name().find(name);
    if (found == actions_by_name().end())
        throw std::invalid_argument("'" + name + "' is no action of a fault");
    // `name: false` leaves the action out.
    if (argument.is_bool() && !argument.get_bool()) return;
    found->second(to, argument);
}

void apply_actions(fault& to, const json::value& actions) {
    if (actions.is_string()) {
        apply_action(to, std::string(actions.get_string()), true);
    } else if (actions.is_array()) {
        for (const auto& one : actions.get_array())
            apply_actions(to, one);
    } else if (actions.is_object()) {
        for (const auto& member : actions.get_object())
            apply_action(to, std::string(member.key()), member.value());
    } else {
        throw std::invalid_argument("'do' must name one action or several");
    }
}

} // namespace

fault parse_actions(const json::value& actions) {
    fault what;
    apply_actions(what, actions);
    return what;
}

fault_plan::rule fault_plan::parse_rule(const json::value& from) const {
    only_keys(from, "a fault rule", {"name", "match", "do"});
    rule r;
    const auto* actions = find(from, "do");
    if (actions == nullptr) throw std::invalid_argument("a fault rule needs 'do'");
    r.what = parse_actions(*actions);
    r.what.name = text_or(from, "name", json::serialize(*actions));
    r.from = time_.steady();
    const auto* match = find(from, "match");
    if (match == nullptr) return r;
    only_keys(*match, "match",
              {"operation", "method", "path", "conversation", "text", "nth", "every", "after", "times",
               "probability", "after_ms", "until_ms"});
    const auto operations = texts(*match, "operation");
    r.operations = {operations.begin(), operations.end()};
    r.method = text_or(*match, "method");
    r.conversation = text_or(*match, "conversation");
    r.text = text_or(*match, "text");
    if (find(*match, "path") != nullptr) r.path = std::regex(text_or(*match, "path"));
    r.nth = number_or(*match, "nth", 0);
    r.every = number_or(*match, "every", 0);
    r.after = number_or(*match, "after", 0);
    r.times = number_or(*match, "times", -1);
    r.probability = real_or(*match, "probability", 1);
    const auto set_at = r.from;
    r.from = set_at + milliseconds(number_or(*match, "after_ms", 0));
    if (find(*match, "until_ms") != nullptr)
        r.until = set_at + milliseconds(number_or(*match, "until_ms", 0));
    return r;
}

void fault_plan::add(const json::value& rules) {
    if (!rules.is_array()) throw std::invalid_argument("faults must be a list of rules");
    std::vector<rule> parsed;
    for (const auto& one : rules.get_array())
        parsed.push_back(parse_rule(one));
    for (auto& one : parsed)
        rules_.push_back(std::move(one));
}

void fault_plan::replace(const json::value& rules) {
    auto old = std::move(rules_);
    rules_.clear();
    try {
        add(rules);
        ++generation_;
    } catch (...) {
        rules_ = std::move(old);
        throw;
    }
}

bool fault_plan::concerns(const rule& r, const fault_subject& subject) const {
    // A connection is no request: only a rule that names it concerns it.
    if (subject.operation == "connect" && !r.operations.contains("connect")) return false;
    const bool operation = r.operations.empty() || r.operations.contains(subject.operation) ||
                           (subject.is_send && r.operations.contains("send"));
    return operation && (r.method.empty() || r.method == subject.method) &&
           (r.conversation.empty() || r.conversation == subject.conversation) &&
           (r.text.empty() || subject.body.find(r.text) != std::string::npos) &&
           (!r.path || std::regex_search(subject.path, *r.path));
}

bool fault_plan::fires(rule& r) {
    const auto now = time_.steady();
    if (now < r.from || now >= r.until) return false;
    ++r.seen;
    if (r.nth > 0 && r.seen != r.nth) return false;
    if (r.every > 0 && r.seen % r.every != 0) return false;
    if (r.seen <= r.after || (r.times >= 0 && r.fired >= r.times)) return false;
    if (r.probability < 1 && !chance_.happens(r.probability)) return false;
    ++r.fired;
    return true;
}

std::optional<fault> fault_plan::decide(const fault_subject& subject) {
    for (auto& r : rules_)
        if (concerns(r, subject) && fires(r)) return r.what;
    return std::nullopt;
}

json::array fault_plan::report() const {
    json::array list;
    for (const auto& r : rules_)
        list.push_back(json::object{{"name", r.what.name}, {"seen", r.seen}, {"fired", r.fired}});
    return list;
}

} // namespace cannedd::sim
