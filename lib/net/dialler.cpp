#include "net/dialler.hpp"

#include "net/proxy.hpp"

#include <array>

namespace cannedd {
namespace {

resolver_settings name_to_resolve(const dial_plan& plan) {
    const auto& hop = plan.proxy ? plan.proxy->at : plan.to;
    resolver_settings settings;
    settings.host = hop.host;
    settings.port = hop.port;
    settings.ttl = plan.dns_ttl;
    settings.timeout = plan.dns_timeout;
    return settings;
}

dial_fault no_answer(const std::string& who, const std::string& to_what) {
    return {transport_fault::timeout, who + " did not answer " + to_what + " in time"};
}

} // namespace

dialler::dialler(asio::any_io_executor executor, time_source& time, logger& log,
                 std::shared_ptr<name_lookup> lookup, dial_plan plan)
    : executor_(executor)
    , time_(time)
    , plan_(std::move(plan))
    , resolver_(executor, time, log, std::move(lookup), name_to_resolve(plan_)) {
    if (plan_.to.tls) tls_ = std::make_shared<tls_client>(plan_.ca_file, plan_.to.host);
}

asio::awaitable<dialled> dialler::dial(steady_time deadline) {
    auto line = std::make_unique<tcp_connection>(executor_);
    dialled result;
    result.why = co_await connect(*line, deadline);
    if (!result.why && plan_.proxy) result.why = co_await open_tunnel(*line);
    if (!result.why && plan_.to.tls) result.why = co_await start_tls(*line);
    if (!result.why) result.line = std::move(line);
    co_return result;
}

// On success the deadline of the whole is set on the connection.
asio::awaitable<std::optional<dial_fault>> dialler::connect(tcp_connection& line, steady_time deadline) {
    const auto found = co_await resolver_.resolve(deadline);
    std::optional<dial_fault> fault;
    if (found.addresses.empty()) fault = dial_fault(transport_fault::dns, found.detail);
    auto untried = static_cast<std::ptrdiff_t>(found.addresses.size());
    for (const auto& address : found.addresses) {
        const auto now = time_.steady();
        line.expires_at(now + (deadline - now) / untried--);
        const auto error = co_await line.connect(address);
        if (!error) {
            resolver_.prefer(address);
            line.expires_at(deadline);
            co_return std::nullopt;
        }
        const auto who = (plan_.proxy ? "the proxy " : "") + first_hop().authority() + " (" +
                         address.address().to_string() + ")";
        if (line.expired())
            fault = no_answer(who, "the connection");
        else
            fault = dial_fault(transport_fault::connect, "no connection to " + who + ": " + words_of(error));
    }
    co_return fault;
}

asio::awaitable<std::optional<dial_fault>> dialler::open_tunnel(tcp_connection& line) {
    const auto proxy = plan_.proxy->at.authority();
    const auto target = plan_.to.authority();
    const auto request = tunnel_request(target, plan_.user_agent, plan_.proxy->credentials);
    auto step = co_await line.write(request);
    std::string reply;
    std::array<char, 1024> space{};
    while (!step.error && reply.find("\r\n\r\n") == reply.npos && reply.size() < proxy_reply_bytes_max) {
        step = co_await line.read_some(space);
        reply.append(space.data(), step.bytes);
    }
    std::optional<dial_fault> fault;
    if (line.expired()) {
        fault = no_answer("the proxy " + proxy, "CONNECT");
    } else if (step.error) {
        fault = dial_fault(transport_fault::connect,
                           "the proxy " + proxy + " broke off: " + words_of(step.error));
    } else if (auto refusal = tunnel_refusal(reply, proxy, target)) {
        fault = dial_fault(transport_fault::connect, std::move(*refusal));
    }
    co_return fault;
}

asio::awaitable<std::optional<dial_fault>> dialler::start_tls(tcp_connection& line) {
    auto wrong = co_await line.handshake(tls_);
    std::optional<dial_fault> fault;
    if (wrong && line.expired())
        fault = no_answer(plan_.to.authority(), "in the TLS handshake");
    else if (wrong)
        fault = dial_fault(transport_fault::tls, plan_.to.authority() + ": " + *wrong);
    co_return fault;
}

} // namespace cannedd
