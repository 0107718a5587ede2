#include "component/genesys/world.hpp"

#include <algorithm>
#include <stdexcept>

namespace cannedd::testing {

http_exchange answer(int status, std::string body, std::vector<http_header> headers) {
    http_exchange done;
    done.reached = phase::replied;
    done.reply.status = status;
    done.reply.body = std::move(body);
    done.reply.headers = std::move(headers);
    done.took = milliseconds(20);
    return done;
}

http_exchange broken(phase reached, transport_fault fault, std::string detail) {
    http_exchange done;
    done.reached = reached;
    done.fault = fault;
    done.detail = std::move(detail);
    return done;
}

std::string call_of(const http_request& request) {
    return request.method + " " + request.target.substr(0, request.target.find('?'));
}

asio::awaitable<http_exchange> scripted_api::exchange(http_request request, steady_time deadline) {
    const auto number = seen.size();
    seen.push_back(request);
    deadlines.push_back(deadline);
    if (latency > steady_duration::zero()) co_await time_.sleep_until(time_.steady() + latency);
    if (const auto found = broken_.find(number); found != broken_.end()) co_return found->second;
    const auto found = script_.find(call_of(request));
    if (found == script_.end() || found->second.empty())
        throw std::logic_error("the test scripted no answer to " + call_of(request));
    auto reply = found->second.front();
    if (found->second.size() > 1) found->second.pop_front();
    co_return reply;
}

std::vector<std::string> scripted_api::calls() const {
    std::vector<std::string> all;
    for (const auto& request : seen)
        all.push_back(call_of(request));
    return all;
}

std::size_t scripted_api::count(const std::string& call) const {
    const auto all = calls();
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), call));
}

const http_request& scripted_api::last(const std::string& call) const {
    const auto found =
        std::find_if(seen.rbegin(), seen.rend(), [&](const auto& r) { return call_of(r) == call; });
    if (found == seen.rend()) throw std::logic_error("no request was " + call);
    return *found;
}

asio::awaitable<admission> counting_gate::admit(std::string_view operation) {
    const bool refuse = refuse_from >= 0 && static_cast<int>(admitted.size()) >= refuse_from;
    if (refuse || says != admission::granted) co_return refuse ? admission::draining : says;
    admitted.emplace_back(operation);
    co_return admission::granted;
}

void counting_gate::answered(std::string_view, const request_facts& facts, const rate_headers& seen,
                             steady_duration) {
    answers.push_back(facts);
    headers.push_back(seen);
}

asio::awaitable<api_result<secret>> fixed_tokens::token(std::string agent_id) {
    asked_for.push_back(agent_id);
    if (const auto found = missing.find(agent_id); found != missing.end()) co_return found->second;
    co_return secret("token-" + std::to_string(issued));
}

void fixed_tokens::refused(const secret& token) {
    refusals.push_back(token.reveal());
    if (token.reveal() == "token-" + std::to_string(issued)) ++issued;
}

std::string world::all_logs() const {
    std::string text;
    for (const auto& record : logged) {
        text += record.text;
        for (const auto& field : record.fields)
            text += " " + field.key + "=" + field.value;
        text += "\n";
    }
    return text;
}

} // namespace cannedd::testing
