#include "net/https_transport.hpp"

#include "net/chunk_head.hpp"
#include "net/dialler.hpp"
#include "net/pool.hpp"
#include "net/request_text.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <charconv>
#include <stdexcept>

namespace cannedd {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t connections_most = 256;
constexpr std::size_t read_bytes = 16 * 1024; // a TLS record
constexpr int interim_replies_max = 8;
constexpr std::size_t usual_headers = 16;
constexpr seconds idle_margin{2}; // ahead of the moment when the server said it would hang up

// Reads one reply from the bytes as they arrive; interim ones (1xx) are passed over.
class reply_reader {
public:
    explicit reply_reader(const transport_settings& limits) : limits_(limits) { begin(); }

    bool head_read() const { return head_read_; }
    bool whole() const { return head_read_ && parser_->is_done(); }
    // Not empty: what arrived is no reply, or a larger one than is accepted.
    const std::string& wrong() const { return wrong_; }
    bool is_too_large() const { return too_large_; }
    // The server has said that nothing more comes (of TLS: a connection that broke does not say so), which
    // ends a reply that has neither a length nor chunks.
    void end() {
        boost::system::error_code error;
        if (head_read_ && !parser_->chunked() && !parser_->content_length()) parser_->put_eof(error);
    }
    // The connection can carry another request after it.
    bool reusable() const { return whole() && parser_->keep_alive() && pending_.empty(); }

    void add(std::string_view bytes) {
        pending_.append(bytes);
        boost::system::error_code error;
        while (wrong_.empty() && !pending_.empty() && !whole() && !error) {
            pending_.erase(0, parser_->put(boost::asio::buffer(pending_), error));
            if (is_of_chunk_head(error) && with_plain_chunk_head(pending_))
                error = {};
            else if (error && error != http::error::need_more)
                wrong_ = words(error);
            else if (!head_read_ && parser_->is_header_done())
                end_head();
            else
                check_sizes();
        }
    }

    http_reply take() {
        http_reply reply;
        if (!head_read_) return reply;
        auto& message = parser_->get();
        reply.status = message.result_int();
        reply.headers.reserve(usual_headers);
        for (const auto& field : message.base())
            reply.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
        reply.body = std::move(message.body());
        return reply;
    }

private:
    using parser = http::response_parser<http::string_body>;

    // Not eager: it stops after the head, so that a head which was read is known as such whatever follows.
    void begin() {
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(limits_.header_bytes_max));
        parser_->body_limit(boost::none); // looked at here, where the head is known to be whole
    }

    void end_head() {
        const auto status = parser_->get().result_int();
        head_read_ = status >= 200;
        if (head_read_) {
            if (parser_->content_length().value_or(0) > limits_.body_bytes_max) refuse_size();
            return;
        }
        if (status == 101 || ++interim_replies_ > interim_replies_max)
            wrong_ = "the server switched protocols, or sent interim replies without end";
        begin();
    }

    void check_sizes() {
        if (!head_read_) return;
        if (parser_->get().body().size() > limits_.body_bytes_max) refuse_size();
        if (pending_.size() > limits_.header_bytes_max)
            wrong_ = too_large("head of a chunk", limits_.header_bytes_max);
    }

    static bool is_of_chunk_head(const boost::system::error_code& error) {
        return error == http::error::bad_chunk || error == http::error::bad_chunk_extension;
    }

    void refuse_size() {
        wrong_ = too_large("reply", limits_.body_bytes_max);
        too_large_ = true;
    }

    static std::string too_large(const std::string& what, std::size_t bytes_max) {
        return "the " + what + " is larger than " + std::to_string(bytes_max) + " bytes";
    }

    std::string words(const boost::system::error_code& error) const {
        if (error == http::error::header_limit)
            return too_large("head of the reply", limits_.header_bytes_max);
        return "the reply is not HTTP: " + error.message();
    }

    const transport_settings& limits_;
    std::optional<parser> parser_;
    std::string pending_; // arrived, not yet parsed
    std::string wrong_;
    int interim_replies_ = 0;
    bool head_read_ = false;
    bool too_large_ = false; // the body
};

// How long the server keeps an idle connection, if it says so (`Keep-Alive: timeout=N`).
std::optional<seconds> servers_patience(const http_reply& reply) {
    const auto header = reply.header("Keep-Alive");
    if (!header) return std::nullopt;
    constexpr std::string_view key = "timeout=";
    const auto at = header->find(key);
    if (at == header->npos) return std::nullopt;
    const auto number = header->substr(at + key.size());
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc{}) return std::nullopt;
    return seconds(value);
}

steady_duration idle_time(const http_reply& reply, steady_duration wanted) {
    const auto patience = servers_patience(reply);
    return patience ? std::min<steady_duration>(wanted, *patience - idle_margin) : wanted;
}

dial_plan plan_for(const transport_settings& settings) {
    dial_plan plan;
    plan.to = parse_origin(settings.origin).value();
    if (!settings.proxy.empty()) plan.proxy = parse_proxy(settings.proxy.reveal()).value();
    plan.ca_file = settings.ca_file;
    plan.user_agent = settings.user_agent;
    plan.dns_ttl = settings.dns_ttl;
    plan.dns_timeout = settings.dns_timeout;
    return plan;
}

class https_transport final : public http_transport {
public:
    https_transport(asio::any_io_executor executor, time_source& time, logger& log,
                    transport_settings settings, std::shared_ptr<name_lookup> lookup)
        : time_(time)
        , log_(log)
        , settings_(std::move(settings))
        , origin_(parse_origin(settings_.origin).value())
        , host_header_(origin_.host_header())
        , dialler_(executor, time, log, std::move(lookup), plan_for(settings_))
        , pool_(std::make_shared<connection_pool>(executor, time, settings_.connections)) {}
    ~https_transport() override { pool_->close(); }

    asio::awaitable<http_exchange> exchange(http_request request, steady_time deadline) override;
    void close() override { pool_->close(); }

private:
    asio::awaitable<void> exchange(const http_request& request, steady_time deadline, http_exchange& told);
    asio::awaitable<void> open(connection_pool::lease& place, steady_time deadline, http_exchange& told);
    asio::awaitable<void> converse(connection& line, std::string_view text, reply_reader& reader,
                                   http_exchange& told);
    void tell_fault(const connection& line, const transfer& step, const reply_reader& reader,
                    http_exchange& told);

    time_source& time_;
    logger& log_;
    const transport_settings settings_;
    const origin origin_;
    const std::string host_header_;
    dialler dialler_;
    std::shared_ptr<connection_pool> pool_;
};

void fail(http_exchange& told, transport_fault fault, std::string detail) {
    told.fault = fault;
    told.detail = std::move(detail);
}

asio::awaitable<http_exchange> https_transport::exchange(http_request request, steady_time deadline) {
    const auto began = time_.steady();
    http_exchange told;
    co_await exchange(request, deadline, told);
    told.took = time_.steady() - began;
    if (log_.enabled(log_level::debug))
        log_.debug("request", {{"origin", origin_.authority()},
                               {"reached", name_of(told.reached)},
                               {"fault", name_of(told.fault)},
                               {"status", told.reply.status}});
    co_return told;
}

asio::awaitable<void> https_transport::exchange(const http_request& request, steady_time deadline,
                                                http_exchange& told) {
    const auto text = request_text(request, host_header_, settings_.user_agent);
    if (!text) {
        fail(told, transport_fault::connect,
             "not sent: the request's target or a header holds a control character");
        co_return;
    }
    auto place = co_await pool_->take(deadline);
    if (!place) {
        fail(told, transport_fault::timeout,
             "no connection to " + origin_.authority() + " became free in time");
        co_return;
    }
    if (!place->line) co_await open(*place, deadline, told);
    if (!place->line) co_return;

    told.reached = phase::not_written;
    if (time_.steady() >= deadline) {
        fail(told, transport_fault::timeout, "the deadline came before the request was written");
        co_return;
    }
    auto& line = *place->line;
    line.expires_at(deadline);
    reply_reader reader(settings_);
    co_await converse(line, *text, reader, told);
    told.reply = reader.take();
    const auto idle = idle_time(told.reply, settings_.idle);
    const bool reusable = told.fault == transport_fault::none && reader.reusable() && !line.expired();
    if (reusable && idle > steady_duration::zero()) place->keep(idle);
}

asio::awaitable<void> https_transport::open(connection_pool::lease& place, steady_time deadline,
                                            http_exchange& told) {
    if (time_.steady() >= deadline) {
        fail(told, transport_fault::timeout, "the deadline came before a connection was begun");
        co_return;
    }
    auto opened = co_await dialler_.dial(deadline);
    place.line = std::move(opened.line);
    if (opened.why) fail(told, opened.why->fault, std::move(opened.why->detail));
}

// From its first byte on nobody can tell how much of the request the server has: what breaks now ends as
// `written`.
asio::awaitable<void> https_transport::converse(connection& line, std::string_view text, reply_reader& reader,
                                                http_exchange& told) {
    told.reached = phase::written;
    auto step = co_await line.write(text);
    std::array<char, read_bytes> space;
    while (!step.error && !reader.whole() && reader.wrong().empty()) {
        step = co_await line.read_some(space);
        reader.add(std::string_view(space.data(), step.bytes));
        if (step.error == asio::error::eof) reader.end();
    }
    if (reader.head_read()) told.reached = phase::replied;
    if (!reader.whole()) tell_fault(line, step, reader, told);
}

void https_transport::tell_fault(const connection& line, const transfer& step, const reply_reader& reader,
                                 http_exchange& told) {
    const auto who = origin_.authority();
    if (!reader.wrong().empty()) {
        const auto fault = reader.is_too_large() ? transport_fault::too_large : transport_fault::bad_reply;
        fail(told, fault, who + ": " + reader.wrong());
    } else if (line.expired()) {
        fail(told, transport_fault::timeout,
             who + (reader.head_read() ? " did not finish its reply in time" : " did not answer in time"));
    } else {
        const auto when = reader.head_read() ? " in the middle of the reply" : " before the reply";
        fail(told, transport_fault::connection_lost,
             who + ": connection lost" + when + ": " + words_of(step.error));
    }
}

} // namespace

std::unique_ptr<http_transport> make_https_transport(asio::any_io_executor executor, time_source& time,
                                                     logger& log, transport_settings settings,
                                                     std::shared_ptr<name_lookup> lookup) {
    if (settings.connections < 1 || settings.connections > connections_most)
        throw std::runtime_error("connections must be 1 to " + std::to_string(connections_most));
    if (!lookup) lookup = make_system_lookup();
    return std::make_unique<https_transport>(std::move(executor), time, log, std::move(settings),
                                             std::move(lookup));
}

} // namespace cannedd
