// Times and durations as others write them: time stamps, HTTP dates, Retry-After, `expire_after: 90m`.
#include "config/duration.hpp"
#include "oauth/reply_facts.hpp"
#include "property.hpp"
#include "text/timestamps.hpp"

using namespace cannedd;
using fuzz::must;

namespace {

void check_timestamp(const std::string& text) {
    const auto time = parse_timestamp(text);
    if (!time) return;
    const auto written = to_timestamp(*time);
    must(parse_timestamp(written) == time, "a time stamp that is written is read as the same", written);
    must(written.size() == 24, "a time stamp has four digits of a year", written);
}

void check_http_date(const std::string& text) {
    const auto time = parse_http_date(text);
    if (!time) return;
    const auto written = to_timestamp(*time);
    must(parse_timestamp(written) == time, "a date is a time stamp too", written);
    must(written.ends_with(".000Z"), "a date has whole seconds", written);
}

void check_retry_after(const std::string& text, const std::string& date) {
    http_exchange exchange;
    exchange.reached = phase::replied;
    exchange.reply.status = 429;
    exchange.reply.headers.emplace_back("Retry-After", text);
    exchange.reply.headers.emplace_back("Date", date);
    const wall_time now{std::chrono::seconds(1'750'000'000)};
    const auto wait =
        facts_of(exchange, parse_answer(exchange.reply.body), due_body::object, scrubber(), now).retry_after;
    if (wait)
        must(wait->count() >= 0 && *wait <= std::chrono::hours(24), "Retry-After is between now and a day",
             std::to_string(wait->count()));
}

void check_duration(const std::string& text) {
    const auto duration = parse_duration(text);
    if (!duration) return;
    must(duration->count() >= 0, "a duration is not negative");
    must(parse_duration(to_text(*duration)) == duration, "a duration that is written is read as the same",
         to_text(*duration));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const auto text = in.line();
    check_timestamp(text);
    check_http_date(text);
    check_duration(text);
    check_retry_after(text, in.rest());
    return 0;
}
