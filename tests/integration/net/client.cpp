#include "client.hpp"

#include <boost/asio/co_spawn.hpp>

namespace cannedd::testing {

asio::awaitable<void> client::ask_one(http_transport& transport, http_request request, steady_time deadline,
                                      http_exchange& told) {
    told = co_await transport.exchange(std::move(request), deadline);
}

client::client(transport_settings settings, std::shared_ptr<name_lookup> lookup)
    : time_(make_system_time(io_.get_executor()))
    , log_(log_level::error, [](const log_record&) {})
    , transport_(
          make_https_transport(io_.get_executor(), *time_, log_, std::move(settings), std::move(lookup))) {}

client::~client() {
    if (transport_) transport_->close();
    drain();
}

void client::drain() {
    io_.restart();
    io_.run();
}

http_exchange client::ask(milliseconds timeout) {
    return ask(http_request("GET", "/"), timeout);
}

void client::run_until_zero(const int& running) {
    io_.restart();
    while (running > 0) {
        if (!condition_) {
            io_.run_one();
            continue;
        }
        io_.run_one_for(milliseconds(5));
        if (!condition_()) continue;
        deed_();
        condition_ = nullptr;
    }
}

void client::meanwhile(std::function<bool()> condition, std::function<void()> deed) {
    condition_ = std::move(condition);
    deed_ = std::move(deed);
}

http_exchange client::ask(http_request request, milliseconds timeout) {
    http_exchange told;
    int running = 1;
    start(std::move(request), timeout, told, running);
    run_until_zero(running);
    return told;
}

std::vector<http_exchange> client::ask_many(int requests, milliseconds timeout) {
    std::vector<http_exchange> told(static_cast<std::size_t>(requests));
    int running = requests;
    for (auto& one : told)
        start(http_request("GET", "/"), timeout, one, running);
    run_until_zero(running);
    return told;
}

void client::start(http_request request, milliseconds timeout, http_exchange& told, int& running) {
    auto on_end = [&running](std::exception_ptr error) {
        --running;
        if (error) std::rethrow_exception(error);
    };
    asio::co_spawn(io_, ask_one(*transport_, std::move(request), time_->steady() + timeout, told), on_end);
}

asio::awaitable<resolution> fixed_lookup::look_up(std::string, std::uint16_t) {
    ++asked;
    resolution answer;
    answer.addresses = addresses_;
    co_return answer;
}

trust::trust()
    : authority(make_authority("Test Authority"))
    , server(make_certificate(certificate_wish(), &authority))
    , ca_file(authority.certificate_pem()) {}

const trust& usual_trust() {
    static const trust usual;
    return usual;
}

server_wish https_wish() {
    server_wish wish;
    wish.certificate = usual_trust().server;
    return wish;
}

transport_settings settings_for(const fault_server& server, const std::string& host) {
    transport_settings settings;
    settings.origin = "https://" + host + ":" + std::to_string(server.port());
    settings.ca_file = usual_trust().ca_file.path();
    settings.user_agent = "cannedd-test";
    return settings;
}

transport_settings plain_settings_for(const fault_server& server, const std::string& host) {
    auto settings = settings_for(server, host);
    settings.origin = "http://" + host + ":" + std::to_string(server.port());
    return settings;
}

void answer_all(peer& other) {
    while (other.read_request())
        other.send(ok_reply("hello"));
    if (other.heard_goodbye()) other.send_goodbye();
}

} // namespace cannedd::testing
