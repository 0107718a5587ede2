#include "delivery/store_health.hpp"

#include <algorithm>

namespace cannedd {

store_health::store_health(time_source& time, logger& log, std::function<void(const std::string&)> give_up)
    : time_(time), log_(log), give_up_(std::move(give_up)) {}

void store_health::failed(const store_fault& why) {
    const auto now = time_.steady();
    ++failures_;
    if (!since_) since_ = now;
    const bool serious = why.kind != store_trouble::busy;
    if (serious && !serious_since_) serious_since_ = now;
    report(why, now);
    if (serious_since_ && now - *serious_since_ >= patience && !given_up_) {
        given_up_ = true;
        give_up_("the database has failed for 10 s: " + why.detail);
    }
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
    if (since_ && reported_at_ >= *since_) log_.notice("the database works again");
    since_.reset();
    serious_since_.reset();
    failures_ = 0;
}

milliseconds store_health::pause_before_retry() const {
    if (serious_since_) return milliseconds(200);
    return milliseconds(std::min(20, 1 << std::min(failures_, 5)));
}

} // namespace cannedd
