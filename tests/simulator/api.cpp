#include "simulator/api.hpp"

#include "simulator/encoding.hpp"
#include "simulator/operations.hpp"
#include "simulator/request_copy.hpp"
#include "simulator/templates.hpp"

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>

namespace cannedd::sim {
namespace {

std::string default_code(int status) {
    switch (status) {
    case 400: return "bad.request";
    case 401: return "credentials.expired";
    case 403: return "missing.permissions";
    case 404: return "not.found";
    case 408: return "client.timeout";
    case 409: return "conflict";
    case 413: return "request.too.large";
    case 415: return "unsupported.media.type";
    case 429: return "too.many.requests";
    case 503: return "service.unavailable";
    case 504: return "gateway.timeout";
    default: return "internal.server.error";
    }
}

bool is_oauth(const request& req) {
    return req.path == "/oauth/token";
}

std::string whole_seconds(milliseconds duration) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

reply throttled(world& in, std::optional<std::int64_t> retry_after, std::optional<std::int64_t> in_message) {
    const bool told = retry_after || in_message;
    std::string message = "Rate limit exceeded the maximum.";
    if (in_message) message += " Retry the request in [" + std::to_string(*in_message) + "] seconds";
    auto out =
        error_reply(in, 429, told ? "too.many.requests.retry.after" : "too.many.requests", message,
                    json::object{{"limit", json::object{{"key", "client.credentials.token.rate.per.minute"},
                                                        {"namespace", "platform.api"},
                                                        {"value", in.set.rate.limit}}}});
    if (retry_after) out.headers.emplace_back("Retry-After", std::to_string(*retry_after));
    return out;
}

std::string html_page(int status) {
    return "<html><head><title>" + std::to_string(status) + "</title></head><body><h1>" +
           std::to_string(status) + " ERROR</h1>The request could not be satisfied.</body></html>";
}

} // namespace

reply json_reply(const json::value& body, int status) {
    reply out(status, json::serialize(body));
    out.headers.emplace_back("Content-Type", "application/json");
    return out;
}

reply error_reply(world& in, int status, const std::string& code, const std::string& message,
                  json::object more) {
    json::object body{{"message", message},       {"code", code},
                      {"status", status},         {"contextId", in.chance.uuid()},
                      {"details", json::array()}, {"errors", json::array()}};
    for (auto& member : more)
        body[member.key()] = std::move(member.value());
    return json_reply(body, status);
}

std::string turn::parameter(const std::string& name) const {
    const auto found = to.parameters.find(name);
    if (found == to.parameters.end()) return {};
    return boost::algorithm::to_lower_copy(found->second);
}

std::optional<reply> api::authenticate(const request& req, turn& t) {
    const auto header = req.header("authorization").value_or("");
    if (!boost::algorithm::istarts_with(header, "Bearer ")) {
        t.violations.emplace_back("no bearer token");
        return error_reply(in_, 401, "authentication.required", "No authentication bearer token specified.");
    }
    t.token = in_.tokens.find_token(header.substr(7));
    if (t.token == nullptr) return error_reply(in_, 401, "bad.credentials", "Invalid login credentials.");
    t.client = in_.tokens.find_client(t.token->client_id);
    if (t.token->revoked) return error_reply(in_, 401, "bad.credentials", "Invalid login credentials.");
    if (in_.tokens.expired(*t.token))
        return error_reply(in_, 401, "credentials.expired", "The supplied credentials are expired.");
    return std::nullopt;
}

std::optional<reply> api::limit(turn& t) {
    if (t.client == nullptr) return std::nullopt;
    t.rate = in_.rates[t.client->id].arrive(in_.set.rate, in_.time.steady());
    if (t.rate->admitted) return std::nullopt;
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(t.rate->retry_after).count();
    if (in_.set.rate.retry_after) return throttled(in_, seconds, seconds);
    return throttled(in_, std::nullopt, seconds);
}

std::optional<reply> api::permit(const turn& t) const {
    const auto& needed = t.to.what->permissions;
    if (needed.empty()) return std::nullopt;
    const auto has = [&](const std::string& p) { return t.client->may(p); };
    const bool allowed = t.to.what->all_permissions ? std::all_of(needed.begin(), needed.end(), has)
                                                    : std::any_of(needed.begin(), needed.end(), has);
    if (allowed) return std::nullopt;
    std::string list;
    for (const auto& p : needed)
        list += (list.empty() ? "" : ", ") + p;
    return error_reply(
        in_, 403,
        needed.size() > 1 && !t.to.what->all_permissions ? "missing.any.permissions" : "missing.permissions",
        "Unable to perform the requested action. You are missing the following permission(s): [" + list + "]",
        json::object{{"messageWithParams", "Unable to perform the requested action. You are missing the "
                                           "following permission(s): {permissions}"},
                     {"messageParams", json::object{{"permissions", "[" + list + "]"}}}});
}

// Which conversation the request is about: by its path, or an agentless send by its addresses.
std::string api::conversation_of(const turn& t) {
    if (const auto id = t.parameter("conversationId"); !id.empty()) return id;
    if (t.operation() != "send_agentless" || !t.body || !t.body->is_object()) return {};
    const auto* talk = addressed_talk(in_, *t.body);
    return talk == nullptr ? std::string() : talk->now.id;
}

void api::spoil_tokens(turn& t) {
    if (t.planned->expire_token && t.token != nullptr) {
        t.token->expires = in_.time.wall();
        t.refused = error_reply(in_, 401, "credentials.expired", "The supplied credentials are expired.");
    }
    if (t.planned->revoke_tokens && t.client != nullptr) {
        in_.tokens.revoke_all(t.client->id);
        t.refused = error_reply(in_, 401, "bad.credentials", "Invalid login credentials.");
    }
}

turn api::begin(const request& req) {
    turn t;
    t.to = in_.definition.find(req.method, req.path);
    if (!req.body.empty() && !is_oauth(req)) {
        json::error_code error;
        auto body = json::parse(req.body, error);
        if (!error) t.body = std::move(body);
    }
    if (!is_oauth(req)) {
        t.refused = authenticate(req, t);
        if (auto over = limit(t)) t.refused = std::move(over);
    }
    if (t.refused) return t;
    fault_subject subject;
    subject.operation = t.operation();
    subject.is_send = t.to.what != nullptr && t.to.what->is_send;
    subject.method = req.method;
    subject.path = req.path;
    subject.conversation = conversation_of(t);
    subject.body = req.body;
    t.planned = in_.faults.decide(subject);
    if (t.planned) {
        spoil_tokens(t);
        if (t.planned->end_conversation)
            if (auto* talk = in_.talks.find(subject.conversation); talk != nullptr && talk->now.active())
                in_.talks.end(*talk);
    }
    return t;
}

reply api::processed(const request& req, turn& t) {
    if (is_oauth(req) && req.method == "POST") return in_.tokens.token(req, t.violations);
    if (t.to.what == nullptr) {
        t.violations.push_back(t.to.path_known ? "this path does not take " + req.method : "no such path");
        if (t.to.path_known)
            return error_reply(in_, 405, "method.not.allowed", "HTTP 405 Method Not Allowed");
        return error_reply(in_, 404, "not.found", "HTTP 404 Not Found");
    }
    t.violations = in_.definition.check_request(t.to, req, t.body ? &*t.body : nullptr);
    check_content(t, t.violations);
    if (t.violations.empty())
        if (const auto spoken = spoken_text_of(in_, t))
            if (auto fault = length_fault(spoken->text, spoken->channel, in_.set.text_limits))
                t.violations.push_back(std::move(*fault));
    if (!t.violations.empty())
        return error_reply(in_, 400, "bad.request", "The request is invalid: " + t.violations[0]);
    if (auto forbidden = permit(t)) return *forbidden;
    if (auto refusal = template_refusal(in_, t)) return *refusal;
    const auto name = t.operation();
    if (name == "send_message") return send_message(in_, t);
    if (name == "send_agentless") return send_agentless(in_, t);
    if (name == "send_chat") return send_chat(in_, t);
    if (name == "send_tutorial") return send_tutorial(in_, t);
    if (auto answer = read(in_, req, t)) return *answer;
    t.violations.emplace_back("the simulator does not know this operation");
    return error_reply(in_, 501, "not.implemented", "not simulated");
}

// The real answer replaced or altered as planned.
reply api::damaged(const request& req, const turn& t, reply real) const {
    const auto& f = *t.planned;
    if (f.accept_202 && real.status < 300) return reply(202);
    if (f.oversized_bytes > 0) real.body.append(f.oversized_bytes, ' ');
    if (!f.status) return real;
    if (*f.status == 429 && f.body == "error") return throttled(in_, f.retry_after_s, f.retry_in_message_s);
    auto out = error_reply(in_, *f.status, f.code.empty() ? default_code(*f.status) : f.code,
                           f.text.empty() ? "a planned fault" : f.text);
    if (f.body == "echo_token")
        out = error_reply(in_, *f.status, default_code(*f.status),
                          "refused: Authorization " + req.header("authorization").value_or(""));
    if (f.body == "html") {
        out.headers = {{"Content-Type", "text/html"}};
        out.body = html_page(*f.status);
    }
    if (f.body == "empty") {
        out.headers.clear();
        out.body.clear();
    }
    if (f.body == "malformed") out.body.resize(out.body.size() / 2);
    if (f.retry_after_s) out.headers.emplace_back("Retry-After", std::to_string(*f.retry_after_s));
    return out;
}

void api::finish_headers(const turn& t, reply& answer) {
    answer.headers.emplace_back("Date", http_date(in_.time.wall()));
    if (t.planned && t.planned->drop_inin_headers) return;
    answer.headers.emplace_back("ININ-Correlation-Id", in_.chance.uuid());
    if (!t.rate || !in_.set.rate.headers) return;
    answer.headers.emplace_back("inin-ratelimit-allowed", std::to_string(in_.set.rate.limit));
    answer.headers.emplace_back("inin-ratelimit-count", std::to_string(t.rate->count));
    answer.headers.emplace_back("inin-ratelimit-reset", whole_seconds(t.rate->reset));
}

void api::record(const request& req, const turn& t, const reply& answer) {
    const bool unanswered = t.planned && t.planned->end != ending::answer &&
                            t.planned->end != ending::no_close_notify && t.planned->end != ending::close_idle;
    json::array faults;
    for (const auto& v : t.violations)
        faults.push_back(json::value(v));
    json::object line{{"at", iso_time(in_.time.wall())},
                      {"method", req.method},
                      {"path", req.path},
                      {"operation", t.operation()},
                      {"status", unanswered ? 0 : answer.status}};
    if (t.client != nullptr) line["client"] = t.client->id;
    if (t.planned) line["fault"] = t.planned->name;
    line["violations"] = faults;
    if (in_.log_whole_requests) line["request"] = copy_of(req);
    if (!faults.empty()) in_.memory.violation(line);
    in_.memory.request_ended(std::move(line));
}

reply api::finish(const request& req, turn& t) {
    reply answer;
    if (t.refused)
        answer = *t.refused;
    else if (!t.planned || t.planned->processed)
        answer = processed(req, t);
    if (in_.check_replies && t.to.what != nullptr && answer.status < 400 && req.method != "HEAD" &&
        (!t.planned || t.planned->processed))
        for (auto& wrong : in_.definition.check_reply(*t.to.what, answer))
            t.violations.push_back("the simulator's own answer: " + wrong);
    if (t.planned && !t.refused) answer = damaged(req, t, std::move(answer));
    finish_headers(t, answer);
    record(req, t, answer);
    in_.deliver();
    return answer;
}

} // namespace cannedd::sim
