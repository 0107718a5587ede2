// An HTTP answer -> facts -> outcome. Input: status and, of a broken answer, the number of its fault; headers
// up to an empty line; the body.
#include "oauth/reply_facts.hpp"
#include "policy/outcome.hpp"
#include "property.hpp"

using namespace cannedd;
using fuzz::must;

namespace {

constexpr std::string_view password = "correct-horse-battery", said = "Your order is ready";

http_exchange exchange_in(fuzz::input& in) {
    http_exchange exchange;
    const auto first = in.line();
    exchange.reached = phase::replied;
    exchange.reply.status = std::abs(fuzz::number_in(first) % 1'000);
    if (const auto blank = first.find(' '); blank != std::string::npos)
        exchange.fault = static_cast<transport_fault>(fuzz::number_in(first.substr(blank + 1)) & 7);
    for (auto line = in.line(); !line.empty(); line = in.line()) {
        const auto colon = std::min(line.find(':'), line.size());
        exchange.reply.headers.emplace_back(line.substr(0, colon),
                                            line.substr(std::min(colon + 1, line.size())));
    }
    exchange.reply.body = in.rest();
    return exchange;
}

bool is_token(std::string_view text) {
    return text.size() <= 80 &&
           std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c < 0x7F; });
}

void check_words(const request_facts& facts) {
    must(fuzz::is_one_line(facts.detail), "a detail is one line of UTF-8", facts.detail);
    must(facts.detail.size() <= scrubber::detail_bytes_max, "a detail is short", facts.detail);
    must(facts.detail.find(password) == std::string::npos, "a detail holds no secret", facts.detail);
    must(facts.detail.find(said) == std::string::npos, "a detail holds no text of a message", facts.detail);
    must(is_token(facts.api_code), "a code is one word", facts.api_code);
    must(is_token(facts.correlation_id), "a correlation id is one word", facts.correlation_id);
}

void check_outcome(const request_facts& facts) {
    const auto sent = classify(facts, request_kind::send);
    const auto looked_up = classify(facts, request_kind::look_up);
    const bool success = facts.http_status >= 200 && facts.http_status < 300;
    const bool clear = facts.http_status >= 400 && facts.http_status < 500;
    must((sent == outcome::accepted) ==
             (success && facts.reply_whole && facts.fault == transport_fault::none),
         "accepted is a 2xx that was read to its end, and nothing else");
    must(sent == outcome::accepted || sent == outcome::indeterminate || clear,
         "a send that was answered by no 4xx may have been processed");
    must(looked_up != outcome::indeterminate, "a look-up is never in doubt");
    must(sent == outcome::accepted || !facts.detail.empty(), "whatever is not accepted has its sentence");
    must(!name_of(error_of(facts)).empty(), "an error has a name");
}

void check_numbers(const request_facts& facts, const http_reply& reply) {
    constexpr int most = 1'000'000'001;
    if (facts.retry_after)
        must(facts.retry_after->count() >= 0 && *facts.retry_after <= std::chrono::hours(24),
             "Retry-After is between now and a day", std::to_string(facts.retry_after->count()));
    const auto rate = rate_headers_of(reply);
    for (const auto& number : {rate.allowed, rate.count})
        must(number.value_or(0) >= 0 && number.value_or(0) <= most, "a rate is a plain number");
    must(!rate.reset || (rate.reset->count() >= 0 && rate.reset->count() <= most), "so is its reset");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const auto exchange = exchange_in(in);
    scrubber hidden;
    hidden.hide(secret(std::string(password)));
    hidden.hide_text(said);
    const wall_time now{std::chrono::seconds(1'750'000'000)};
    for (const auto due : {due_body::object, due_body::json_or_nothing, due_body::token}) {
        const auto facts = facts_of(exchange, parse_answer(exchange.reply.body), due, hidden, now);
        check_words(facts);
        check_outcome(facts);
        check_numbers(facts, exchange.reply);
        must(!facts.not_the_apis || (facts.http_status >= 400 && facts.http_status < 500),
             "only a 4xx is an edge's");
        must(!facts.reply_whole || facts.fault == transport_fault::none, "a broken answer is not whole");
    }
    return 0;
}
