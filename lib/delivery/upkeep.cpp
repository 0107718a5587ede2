#include "delivery/upkeep.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace cannedd {
namespace {

constexpr milliseconds tick{1000};
constexpr milliseconds between_checkpoints{200};
// A checkpoint stops the loop for three syncs, and a message that comes meanwhile waits: while messages come
// one by one, the log is cut when that is worth it.
constexpr std::int64_t wal_bytes_worth_cutting = 4096 * 700;
constexpr milliseconds wal_at_rest{800};
// Below the thousand pages that let a producer's connection checkpoint by itself: this cannot wait.
constexpr std::int64_t wal_bytes_long = 4096 * 800;
// Each page of old rows is another one, and takes some 15 us.
constexpr std::int64_t wal_bytes_long_while_purging = 4096 * 250;
// After a neighbour's commit what it brought is sent first; our own commit then makes the log too long.
constexpr std::int64_t wal_bytes_long_by_others = 4096 * 900;
constexpr seconds hurry{1};
constexpr seconds between_purges{60};
constexpr seconds between_looks_at_disk{10};
// A slice stops the loop for about 2 ms and a sync.
constexpr milliseconds between_slices{30};
// A commit, a cut and a slice each stop the loop: what came meanwhile has its turn in between.
constexpr milliseconds breath{1};
constexpr int slice_rows = 100;
constexpr int expire_rows = 150;
constexpr seconds clock_tolerance{1};
// A thousand pages: from here on a producer's own checkpoint would set in.
constexpr std::int64_t wal_bytes_reported = 4096 * 1000;
constexpr seconds between_wal_reports{60};

row_words words_of(message_status to) {
    if (to == message_status::expired)
        return {"message expired before it could be sent", "messages expired before they could be sent"};
    if (to == message_status::held)
        return {"message held without a try of its own", "messages held without a try of their own"};
    if (to == message_status::cancelled)
        return {"message cancelled, as a person wanted while it was being sent",
                "messages cancelled, as a person wanted while they were being sent"};
    return {"message failed without a try of its own", "messages failed without a try of their own"};
}

} // namespace

upkeep::upkeep(delivery_context& context, std::function<void()> on_change)
    : context_(context), on_change_(std::move(on_change)), wake_(context.time.make_alarm()) {}

void upkeep::stop() {
    stopping_ = true;
    wake_->ring();
}

asio::awaitable<void> upkeep::run() {
    while (!stopping_) {
        const bool has_cut = look();
        if (has_cut) co_await breathe();
        if (!stopping_ && context_.health.ok()) purge(context_.time.wall(), context_.time.steady());
        auto pause = purge_more_ || fill_more_ || held_ > 0 || due_again_after_ ? between_slices : tick;
        const auto expiry = context_.store.next_expiry();
        if (expiry && *expiry) // in the year 9999, perhaps, where no steady clock can follow
            pause = std::clamp(**expiry - context_.time.wall(), between_slices, pause);
        if (std::exchange(rung_meanwhile_, false)) continue;
        const bool rung = co_await wake_->wait_until(context_.time.steady() + pause);
        if (rung && wal_is_long(too_long())) co_await breathe();
        rung_meanwhile_ = false;
    }
    tell_set_aside();
}

// Whoever stops us does not wait for it.
asio::awaitable<void> upkeep::breathe() {
    const auto until = context_.time.steady() + breath;
    while (!stopping_ && context_.time.steady() < until) {
        if (co_await wake_->wait_until(until)) rung_meanwhile_ = true;
    }
}

template<typename T>
bool upkeep::worked(const store_result<T>& answer) {
    if (!answer) context_.health.failed(answer.error());
    return answer.has_value();
}

bool upkeep::look() {
    watch_clock();
    check_health();
    if (!context_.health.ok()) return false;
    if (!context_.store.room_is_scarce()) context_.health.say_when_over();
    const auto now = context_.time.wall();
    const auto moment = context_.time.steady();
    if (due_again_after_) make_due_again(now);
    if (fill_more_) fill_expiries();
    expire(now);
    hold_unknown(now);
    if (moment - told_at_ >= tick) { // many slices are one line
        told_at_ = moment;
        tell_set_aside();
    }
    try_the_disk(moment);
    return checkpoint(moment);
}

void upkeep::hold_unknown(wall_time now) {
    const auto held = context_.store.hold_unknown_accounts(now);
    if (!worked(held)) return;
    held_ += *held;
    if (*held > 0) {
        on_change_();
    } else if (const auto all = std::exchange(held_, 0); all > 0) {
        context_.log.error("rows name an account that is not configured; they are held", {{"messages", all}});
    }
}

// An idle daemon writes nothing, and would learn with the next message that there is no room for it.
void upkeep::try_the_disk(steady_time moment) {
    if (moment - disk_tried_at_ < between_looks_at_disk) return;
    disk_tried_at_ = moment;
    if (!context_.store.room_is_scarce()) return;
    const auto probe = context_.store.apply({});
    if (!probe && probe.error().kind != store_trouble::busy) context_.health.failed(probe.error());
}

void upkeep::check_health() {
    const auto file = context_.store.check_file();
    if (!worked(file) || context_.health.ok()) return;
    // A write shows whether the disk takes writes again.
    const auto probe = context_.store.apply({});
    if (worked(probe)) {
        context_.health.worked();
        on_change_();
    }
}

// Looked at with each commit, so that no due time is written by a clock that nobody has seen.
// Due times are wall time. After a step back those of before it lie ahead, by hours perhaps; at start it is
// not known whether there was one, but no retry waits longer than the longest backoff.
void upkeep::watch_clock() {
    const auto now = context_.time.wall();
    const auto moment = context_.time.steady();
    const auto ahead = now.time_since_epoch() - std::chrono::floor<milliseconds>(moment.time_since_epoch());
    if (!clock_ahead_) due_again_after_ = now + context_.options.limits.backoff.max;
    if (clock_ahead_ && ahead < *clock_ahead_ - clock_tolerance) {
        context_.log.warning("the clock was set back: rows whose time had come by the old one are due now",
                             {{"by_ms", (*clock_ahead_ - ahead).count()}});
        due_again_after_ = now;
    }
    clock_ahead_ = ahead;
}

void upkeep::make_due_again(wall_time now) {
    clock_set_back step;
    step.now = now;
    step.latest = std::max(now, *due_again_after_);
    const change slice = step;
    const auto changed = context_.store.apply(std::span(&slice, 1));
    if (!worked(changed)) return;
    if (!changed->front()) due_again_after_.reset();
    on_change_();
}

void upkeep::expire(wall_time now) {
    take_set_aside();
    const auto expired = context_.store.expire(now, expire_rows);
    if (!worked(expired) || *expired == 0) return;
    std::map<std::string, std::size_t> by_account;
    for (const auto& row : take_set_aside())
        ++by_account[row.account];
    for (const auto& [account, messages] : by_account)
        context_.observer.ended(account, row_end::expired, messages);
    on_change_();
}

void upkeep::look_at_new_accounts() {
    fill_more_ = true;
    wake_->ring();
}

void upkeep::fill_expiries() {
    const auto filled = context_.store.fill_expiries(expire_rows);
    fill_more_ = !worked(filled) || *filled > 0;
}

// Behind a reader that lasts there is no hurry: it would have to end first.
bool upkeep::wal_is_long(std::int64_t bytes) const {
    const bool given_up = blocked_since_ != steady_time{} && context_.time.steady() - blocked_since_ > hurry;
    return !given_up && context_.store.wal_bytes() >= bytes;
}

// Nobody tried them just now, so no line of a try tells what became of them.
std::vector<set_aside_row> upkeep::take_set_aside() {
    auto rows = context_.store.take_set_aside();
    for (const auto& row : rows) {
        std::vector<log_field> fields{{"id", row.id},
                                      {"account", row.account},
                                      {"conversation", row.lane},
                                      {"status", name_of(row.to)}};
        if (row.error) fields.emplace_back("error", name_of(*row.error));
        set_aside_.add(words_of(row.to), std::move(fields));
    }
    return rows;
}

// With each look, not with each commit: so that many which end one by one are many.
void upkeep::tell_set_aside() {
    take_set_aside();
    set_aside_.tell(context_.log);
}

// Before delivery looks at what has changed, so that a row's replay stands before its next try.
void upkeep::tell_operator_changes() {
    const auto changes = context_.store.take_operator_changes();
    if (!worked(changes)) return;
    for (const auto& it : *changes) {
        std::vector<log_field> fields{{"was", name_of(it.from)}, {"status", name_of(it.to)}};
        if (it.messages > 1) {
            fields.emplace_back("messages", it.messages);
            context_.log.write_fields(log_level::info, "messages were changed by an operator",
                                      std::move(fields));
            continue;
        }
        fields.insert(fields.begin(), {{"id", it.id}, {"account", it.account}, {"conversation", it.lane}});
        const auto* const words = it.from == message_status::sending
                                      ? "message to be stopped, if it does not arrive"
                                      : "message changed by an operator";
        context_.log.write_fields(log_level::info, words, std::move(fields));
    }
}

std::int64_t upkeep::too_long() const {
    return purge_more_ ? wal_bytes_long_while_purging : wal_bytes_long;
}

void upkeep::committed() {
    watch_clock();
    if (wal_is_long(too_long())) wake_->ring();
}

void upkeep::others_committed() {
    watch_clock();
    if (wal_is_long(wal_bytes_long_by_others)) wake_->ring();
}

// Cutting an empty log would wake every watcher of it. One that is cut for its length is about to be written
// again; at rest its room is given back, with the texts that were in it.
std::optional<log_room> upkeep::worth_cutting(steady_time now) {
    const auto before = std::exchange(wal_bytes_, context_.store.wal_bytes());
    if (wal_bytes_ != before) wal_grew_at_ = now;
    if (wal_bytes_ >= std::min(wal_bytes_worth_cutting, too_long())) return log_room::kept;
    const bool has_room = wal_bytes_ > 0 || log_keeps_room_;
    const bool rests = now - wal_grew_at_ >= wal_at_rest;
    return has_room && rests ? std::optional(log_room::given_back) : std::nullopt;
}

bool upkeep::checkpoint(steady_time now) {
    if (now - checkpointed_at_ < between_checkpoints && !wal_is_long(too_long())) return false;
    const auto room = worth_cutting(now);
    if (!room) return false;
    checkpointed_at_ = now;
    const auto report = context_.store.checkpoint(*room);
    if (!report) {
        if (report.error().kind != store_trouble::busy) context_.health.failed(report.error());
        return true;
    }
    wal_bytes_ = report->wal_bytes;
    if (report->complete) {
        log_keeps_room_ = *room == log_room::kept;
        blocked_since_ = {};
        return true;
    }
    if (blocked_since_ == steady_time{}) blocked_since_ = now;
    if (wal_bytes_ < wal_bytes_reported || now - blocked_reported_at_ < between_wal_reports) return true;
    blocked_reported_at_ = now;
    const auto blocked_s = std::chrono::duration_cast<seconds>(now - blocked_since_).count();
    context_.log.warning(
        "a reader keeps the write-ahead log from being cut: find the connection with an open transaction "
        "(fuser on the database file) and end it",
        {{"wal_bytes", wal_bytes_}, {"blocked_s", blocked_s}});
    return true;
}

void upkeep::purge(wall_time now, steady_time moment) {
    const steady_duration pause = purge_more_ ? between_slices : between_purges;
    if (purged_at_ != steady_time{} && moment - purged_at_ < pause) return;
    const auto gone = context_.store.purge(now, context_.options.retention, slice_rows);
    if (!gone && gone.error().kind == store_trouble::busy) { // behind producers that commit all the time
        purge_more_ = false;
        purged_at_ = {}; // with the next look, not in a minute
        return;
    }
    purged_at_ = moment;
    purge_more_ = worked(gone) && *gone >= slice_rows;
}

} // namespace cannedd
