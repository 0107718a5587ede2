#include "simulator/server.hpp"

#include "simulator/api.hpp"
#include "simulator/connection.hpp"
#include "simulator/control.hpp"
#include "simulator/encoding.hpp"
#include "time/no_throw.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <iostream>
#include <set>

namespace cannedd::sim {
namespace {

namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
constexpr std::size_t request_bytes_max = 16 * 1024 * 1024;

using parser_type = http::request_parser<http::string_body>;

std::string text(boost::beast::string_view from) {
    return std::string(from.data(), from.size());
}

request plain(http::request<http::string_body>&& from) {
    request out;
    out.method = text(from.method_string());
    const auto target = text(from.target());
    const auto mark = target.find('?');
    out.path = target.substr(0, mark);
    if (mark != std::string::npos) out.query = form_fields(std::string_view(target).substr(mark + 1));
    for (const auto& field : from)
        out.headers.emplace_back(text(field.name_string()), text(field.value()));
    out.body = std::move(from.body());
    return out;
}

const char* reason(int status) {
    const auto text = http::obsolete_reason(static_cast<http::status>(status));
    return text.data();
}

// The answer's bytes; its declared length may be wrong on purpose.
std::string serialized(const reply& r, bool with_body, bool keep_alive, const std::string& wrong_length) {
    auto length = r.body.size();
    if (wrong_length == "short") length = length / 2;
    if (wrong_length == "long") length += 100;
    std::string out = "HTTP/1.1 " + std::to_string(r.status) + " " + reason(r.status) + "\r\n";
    for (const auto& [name, value] : r.headers)
        out += name + ": " + value + "\r\n";
    out += "Content-Length: " + std::to_string(length) + "\r\n";
    if (!keep_alive) out += "Connection: close\r\n";
    out += "\r\n";
    if (with_body) out += r.body;
    return out;
}

class beast_server final : public server {
public:
    beast_server(asio::io_context& context, world& in, const certificates& certs, tcp::endpoint api_at,
                 tcp::endpoint control_at)
        : context_(context)
        , in_(in)
        , api_(in)
        , control_(in)
        , tls_(asio::ssl::context::tls_server)
        , api_door_(context)
        , control_door_(context)
        , port_holder_(context)
        , control_called_(context, steady_time::max()) {
        tls_.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
        tls_.use_certificate_chain(asio::buffer(certs.leaf_pem));
        tls_.use_private_key(asio::buffer(certs.key_pem), asio::ssl::context::pem);
        api_at_ = open(api_door_, api_at);
        control_at_ = open(control_door_, control_at);
        // Bound and never listening: the port stays ours while the door is closed.
        port_holder_.open(api_at_.protocol());
        share_port(port_holder_.native_handle());
        port_holder_.bind(api_at_);
        run(accept(true));
        run(accept(false));
    }

    tcp::endpoint api_endpoint() const override { return api_at_; }
    tcp::endpoint control_endpoint() const override { return control_at_; }

    void stop() override {
        stopping_ = true;
        control_called_.cancel();
        boost::system::error_code ignored;
        api_door_.close(ignored);
        control_door_.close(ignored);
        for (auto* one : std::set<connection*>(connections_))
            one->close();
    }

private:
    static void share_port(int socket) {
        const int on = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    }

    static tcp::endpoint open(tcp::acceptor& door, const tcp::endpoint& at) {
        door.open(at.protocol());
        door.set_option(tcp::acceptor::reuse_address(true));
        share_port(door.native_handle());
        door.bind(at);
        door.listen();
        return door.local_endpoint();
    }

    void run(asio::awaitable<void> what) {
        auto report = [](std::exception_ptr problem) {
            if (!problem) return;
            try {
                std::rethrow_exception(problem);
            } catch (const std::exception& e) {
                std::cerr << "genesys-simulator: " << e.what() << std::endl;
            }
        };
        asio::co_spawn(context_, std::move(what), report);
    }

    asio::awaitable<void> accept(bool is_api) {
        auto& door = is_api ? api_door_ : control_door_;
        while (!stopping_ && door.is_open()) {
            auto [error, socket] = co_await door.async_accept(no_throw);
            if (error) continue;
            if (is_api && !in_.accepting) continue;
            auto peer = is_api ? make_tls_connection(std::move(socket), tls_)
                               : make_plain_connection(std::move(socket));
            run(serve(std::move(peer), is_api));
        }
    }

    // Opens or closes the API's door as the world wants it, so that connecting is refused by the system
    // itself.
    void mind_the_door(const connection& asking) {
        boost::system::error_code ignored;
        if (!in_.accepting && api_door_.is_open()) {
            api_door_.close(ignored);
            for (auto* one : std::set<connection*>(api_connections_))
                if (one != &asking) one->close();
        } else if (in_.accepting && !api_door_.is_open() && !stopping_) {
            open(api_door_, api_at_);
            run(accept(true));
        }
    }

    asio::awaitable<void> serve(std::unique_ptr<connection> peer, bool is_api) {
        connections_.insert(peer.get());
        if (is_api) api_connections_.insert(peer.get());
        if (!stopping_) co_await converse(*peer, is_api);
        peer->close();
        api_connections_.erase(peer.get());
        connections_.erase(peer.get());
    }

    asio::awaitable<void> converse(connection& peer, bool is_api) {
        if (is_api) {
            in_.memory.count("connections");
            const bool shaken = co_await shake_hands(peer);
            if (!shaken) co_return;
        }
        std::string unread;
        while (!stopping_) {
            request req;
            bool keep_alive = true;
            const bool whole = co_await read_request(peer, unread, req, keep_alive);
            if (!whole) break;
            bool go_on = false;
            if (control::concerns(req))
                go_on = co_await answer_control(peer, req, keep_alive);
            else if (is_api)
                go_on = co_await answer_api(peer, req, keep_alive);
            if (!go_on) break;
        }
    }

    asio::awaitable<bool> shake_hands(connection& peer) {
        fault_subject subject;
        subject.operation = "connect";
        const auto planned = in_.faults.decide(subject);
        if (planned && planned->delay.count() > 0) co_await peer.wait(planned->delay);
        const auto kind = planned ? planned->handshake : handshake_fault::none;
        if (kind == handshake_fault::reset) peer.reset();
        if (kind == handshake_fault::stall) co_await peer.wait_for_end();
        if (kind != handshake_fault::none) co_return false;
        const bool shaken = co_await peer.handshake();
        in_.memory.count(shaken ? "handshakes" : "handshakes_failed");
        co_return shaken;
    }

    asio::awaitable<bool> read_request(connection& peer, std::string& unread, request& into,
                                       bool& keep_alive) {
        parser_type parser;
        parser.eager(true);
        parser.body_limit(request_bytes_max);
        std::array<char, 16 * 1024> piece{};
        while (true) {
            boost::system::error_code error;
            while (!unread.empty() && !parser.is_done() && !error)
                unread.erase(0, parser.put(asio::buffer(unread), error));
            if (parser.is_done()) break;
            if (error && error != http::error::need_more) {
                in_.memory.violation(
                    json::object{{"violations", json::array{"no HTTP: " + error.message()}}});
                co_return false;
            }
            const auto size = co_await peer.read_some(piece);
            if (size == 0) co_return false;
            unread.append(piece.data(), size);
        }
        keep_alive = parser.get().keep_alive();
        into = plain(parser.release());
        co_return true;
    }

    asio::awaitable<bool> answer_control(connection& peer, const request& req, bool keep_alive) {
        const auto answer = control_.answer(req);
        mind_the_door(peer); // before the caller may rely on it
        control_called_.cancel();
        const auto bytes = serialized(answer, true, keep_alive, {});
        const bool written = co_await peer.write(bytes);
        co_return keep_alive ? written : false;
    }

    asio::awaitable<bool> answer_api(connection& peer, const request& req, bool keep_alive) {
        auto t = api_.begin(req);
        const fault planned = t.planned && !t.refused ? *t.planned : fault();
        if (planned.delay.count() > 0) co_await peer.wait(planned.delay);
        if (stopping_) co_return false;
        const auto answer = api_.finish(req, t);
        if (planned.held) co_await hold();
        if (planned.delay_after.count() > 0) co_await peer.wait(planned.delay_after);
        const auto bytes = serialized(answer, req.method != "HEAD", keep_alive, planned.wrong_length);
        co_return co_await end_as_planned(peer, planned, bytes) && keep_alive;
    }

    // Until the rules are replaced.
    asio::awaitable<void> hold() {
        const auto rules = in_.faults.generation();
        while (!stopping_ && in_.faults.generation() == rules)
            co_await control_called_.async_wait(no_throw);
    }

    asio::awaitable<bool> end_as_planned(connection& peer, const fault& planned, const std::string& bytes) {
        switch (planned.end) {
        case ending::close: co_await peer.say_goodbye(); co_return false;
        case ending::reset: peer.reset(); co_return false;
        case ending::never: co_await peer.wait_for_end(); co_return false;
        case ending::truncate: {
            const auto half = bytes.substr(0, truncated_size(bytes));
            co_await peer.write(half);
            co_return false;
        }
        default: break;
        }
        bool written = true;
        if (planned.drip.count() > 0)
            written = co_await drip(peer, bytes, planned.drip);
        else
            written = co_await peer.write(bytes);
        if (planned.end == ending::close_idle) co_await peer.say_goodbye();
        const bool kept = planned.end == ending::answer && planned.wrong_length.empty();
        co_return kept ? written : false;
    }

    // In the middle of the body; where there is none, in the middle of the head.
    static std::size_t truncated_size(const std::string& bytes) {
        const auto head = bytes.find("\r\n\r\n") + 4;
        return head < bytes.size() ? head + (bytes.size() - head) / 2 : head / 2;
    }

    static asio::awaitable<bool> drip(connection& peer, const std::string& bytes, milliseconds pause) {
        for (const char c : bytes) {
            const std::string one(1, c);
            const bool written = co_await peer.write(one);
            if (!written) co_return false;
            co_await peer.wait(pause);
        }
        co_return true;
    }

    asio::io_context& context_;
    world& in_;
    api api_;
    control control_;
    asio::ssl::context tls_;
    tcp::acceptor api_door_, control_door_;
    tcp::socket port_holder_;
    tcp::endpoint api_at_, control_at_;
    asio::steady_timer control_called_; // it never expires; each control call cancels it
    std::set<connection*> connections_, api_connections_;
    bool stopping_ = false;
};

} // namespace

std::unique_ptr<server> make_server(asio::io_context& context, world& in, const certificates& certs,
                                    tcp::endpoint api_at, tcp::endpoint control_at) {
    return std::make_unique<beast_server>(context, in, certs, std::move(api_at), std::move(control_at));
}

} // namespace cannedd::sim
