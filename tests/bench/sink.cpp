// sink CA_FILE
// The server that everything is measured against: TLS, HTTP/1.1, keep-alive, one thread, and as little work a
// request as can be. Prints "ready PORT". Lines on stdin, answered on stdout:
//   reset       forgets what came
//   report      counts, and the first and last arrival, as JSON
//   wait N      the same, as soon as N messages have come
//   list FILE   writes the arrival of each text; then the same
//   serves N    from now on the user whose token it is serves the first N conversations of account 0, and the
//               list of his own shows them; before, it shows none
// Ends with its stdin.
#include "bench/arrivals.hpp"
#include "bench/sink_answers.hpp"
#include "support/certificates.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <ctime>
#include <fstream>
#include <iostream>
#include <memory>

#include <unistd.h>

namespace cannedd::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::int64_t steady_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * std::int64_t(1'000'000'000) + now.tv_nsec;
}

class server_clock {
public:
    const std::string& date() {
        const auto now = std::time(nullptr);
        if (now != last_) {
            last_ = now;
            std::tm parts{};
            ::gmtime_r(&now, &parts);
            text_.resize(64);
            text_.resize(std::strftime(text_.data(), text_.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
        }
        return text_;
    }

private:
    std::time_t last_ = 0;
    std::string text_;
};

struct shared_state {
    arrivals seen;
    server_clock clock;
    std::uint64_t serial = 0; // never reset: ids are unique
    std::size_t awaited = 0;  // messages; 0: nobody waits
    std::size_t served = 0;   // conversations that the list of the user's own shows
};

void report(const shared_state& state) {
    state.seen.report(std::cout, steady_ns());
    std::cout.flush();
}

std::string answer_to(shared_state& state, const request_view& request) {
    const auto& date = state.clock.date();
    if (request.what != operation::message) state.seen.other_request();
    switch (request.what) {
    case operation::token: return token_answer(date);
    case operation::conversation: return conversation_answer(request.conversation_id, date);
    case operation::list: return list_answer(state.served, date);
    case operation::message: break;
    case operation::other: return not_found_answer(date);
    }
    if (const auto number = text_number(request.body)) state.seen.came(*number, steady_ns());
    if (state.awaited != 0 && state.seen.messages() >= state.awaited) {
        state.awaited = 0;
        report(state);
    }
    return message_answer(request.conversation_id, ++state.serial, date);
}

class session : public std::enable_shared_from_this<session> {
public:
    session(tcp::socket socket, asio::ssl::context& tls, shared_state& state)
        : stream_(std::move(socket), tls), state_(state) {}

    void run() {
        stream_.async_handshake(asio::ssl::stream_base::server,
                                [self = shared_from_this()](error_code failed) {
                                    if (!failed) self->read();
                                });
    }

private:
    void read() {
        stream_.async_read_some(asio::buffer(piece_),
                                [self = shared_from_this()](error_code failed, std::size_t size) {
                                    if (failed) return;
                                    self->input_.append(self->piece_.data(), size);
                                    self->answer();
                                });
    }
    void answer() {
        output_.clear();
        std::string_view rest = input_;
        while (const auto request = first_request(rest)) {
            output_ += answer_to(state_, *request);
            rest.remove_prefix(request->size);
        }
        input_.erase(0, input_.size() - rest.size());
        if (output_.empty()) return read();
        asio::async_write(stream_, asio::buffer(output_),
                          [self = shared_from_this()](error_code failed, std::size_t) {
                              if (!failed) self->read();
                          });
    }

    asio::ssl::stream<tcp::socket> stream_;
    shared_state& state_;
    std::array<char, 16384> piece_{};
    std::string input_, output_;
};

class server {
public:
    server(asio::io_context& loop, asio::ssl::context& tls, shared_state& state)
        : loop_(loop)
        , tls_(tls)
        , state_(state)
        , acceptor_(loop, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)) {
        accept();
    }
    unsigned port() const { return acceptor_.local_endpoint().port(); }

private:
    void accept() {
        acceptor_.async_accept(loop_, [this](error_code failed, tcp::socket socket) {
            if (!failed) {
                socket.set_option(tcp::no_delay(true));
                std::make_shared<session>(std::move(socket), tls_, state_)->run();
            }
            accept();
        });
    }

    asio::io_context& loop_;
    asio::ssl::context& tls_;
    shared_state& state_;
    tcp::acceptor acceptor_;
};

class commands {
public:
    commands(asio::io_context& loop, shared_state& state)
        : loop_(loop), input_(loop, ::dup(STDIN_FILENO)), state_(state) {
        next();
    }

private:
    void next() {
        asio::async_read_until(input_, buffer_, '\n', [this](error_code failed, std::size_t) {
            if (failed) return loop_.stop();
            std::istream lines(&buffer_);
            std::string line;
            std::getline(lines, line);
            obey(line);
            next();
        });
    }
    void obey(const std::string& line) {
        const auto word = line.substr(0, line.find(' '));
        const auto rest = line.substr(std::min(word.size() + 1, line.size()));
        if (word == "reset") state_.seen.forget();
        if (word == "serves") state_.served = std::stoul(rest);
        if (word == "wait" && std::stoul(rest) > state_.seen.messages()) {
            state_.awaited = std::stoul(rest);
            return;
        }
        if (word == "list") {
            std::ofstream file(rest);
            state_.seen.list(file);
        }
        report(state_);
    }

    asio::io_context& loop_;
    asio::posix::stream_descriptor input_;
    asio::streambuf buffer_;
    shared_state& state_;
};

void serve(const char* ca_file) {
    const auto authority = testing::make_authority("cannedd bench");
    const auto own = testing::make_certificate({}, &authority);
    std::ofstream(ca_file) << authority.certificate_pem();
    asio::ssl::context tls(asio::ssl::context::tls_server);
    const auto certificate = own.certificate_pem();
    const auto key = own.key_pem();
    tls.use_certificate_chain(asio::buffer(certificate));
    tls.use_private_key(asio::buffer(key), asio::ssl::context::pem);

    asio::io_context loop(1);
    shared_state state;
    server listening(loop, tls, state);
    commands obeyed(loop, state);
    std::cout << "ready " << listening.port() << std::endl;
    loop.run();
}

} // namespace
} // namespace cannedd::bench

int main(int count, char** values) {
    if (count != 2) {
        std::cerr << "usage: sink CA_FILE\n";
        return 64;
    }
    cannedd::bench::serve(values[1]);
    return 0;
}
