#include "delivery/store_health.hpp"

#include <algorithm>

namespace cannedd {

store_health::store_health(time_source& time, logger& log, std::function<void(const std::string&)> give_up,
                           std::function<void()> recovered)
    : time_(time), log_(log), give_up_(std::move(give_up)), recovered_(std::move(recovered)) {}

void store_health::failed(const store_fault& why) {
    const auto now = time_.steady();
    ++failures_;
    if (!since_) since_ = why.kind != store_trouble::busy && unsaid_ ? *unsaid_ : now; // it was not over
    trouble_ = why.detail;
    watch_serious(why, now);
    report(why, now);
    if (!serious_since_ || now - *serious_since_ < patience || given_up_) return;
    given_up_ = true;
    give_up_("the database has failed for 10 s: " + why.detail);
}

void store_health::watch_serious(const store_fault& why, steady_time now) {
    if (serious_since_ && now - serious_seen_ > between_signs) serious_since_.reset();
    if (why.kind == store_trouble::busy) return;
    if (!serious_since_) serious_since_ = now;
    serious_seen_ = now;
}

void store_health::report(const store_fault& why, steady_time now) {
    // A lock of some milliseconds is daily business; one that lasts is worth a line.
    const bool brief_lock = why.kind == store_trouble::busy && now - *since_ < std::chrono::seconds(1);
    if (brief_lock || (reported_at_ >= *since_ && now - reported_at_ < between_reports)) return;
    reported_at_ = now;
    log_.error("database trouble: nothing new is claimed until it ends",
               {{"trouble", name_of(why.kind)}, {"detail", why.detail}});
}

void store_health::worked() {
    const bool was_in_trouble = since_.has_value();
    if (since_ && reported_at_ >= *since_) {
        if (!unsaid_) unsaid_ = since_;
        over_at_ = time_.steady();
    }
    since_.reset();
    serious_since_.reset();
    failures_ = 0;
    if (was_in_trouble) recovered_();
}

void store_health::say_when_over() {
    if (since_ || !unsaid_ || time_.steady() - over_at_ < between_signs) return;
    unsaid_.reset();
    log_.notice("the database works again");
}

milliseconds store_health::pause_before_retry() const {
    if (serious_since_) return milliseconds(200);
    return milliseconds(std::min(20, 1 << std::min(failures_, 5)));
}

} // namespace cannedd
