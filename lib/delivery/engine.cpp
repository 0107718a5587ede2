#include "delivery/advice.hpp"
#include "delivery/engine_parts.hpp"

#include <algorithm>
#include <utility>

namespace cannedd {
namespace {

constexpr milliseconds between_drain_looks{250}; // at what is left, while draining
constexpr seconds memory_patience{2};            // for a last commit when no result waits for it
constexpr seconds between_clearings{1};          // of what retired accounts still hold

} // namespace

engine::parts::parts(surroundings around, delivery_options chosen)
    : store(std::move(around.store))
    , executor(around.executor)
    , time(around.time)
    , log(around.log)
    , observer(around.observer)
    , options(std::move(chosen))
    , health(
          time, log, [this](const std::string& why) { give_up(why); }, [this] { wake_claimers(); })
    , recording(*store, health, time, observer)
    , context(*store, health, recording, time, log, observer, options, book, std::move(around.chance))
    , deliveries(executor, time)
    , followings(executor, time)
    , runners(executor, time)
    , keeping(context, [this] { wake_claimers(); })
    , watch(*store, time, [this] { file_changed(); })
    , wake(time.make_alarm())
    , ended(time.make_alarm()) {
    context.at_step = std::move(around.at_step);
    recording.on_commit([this] { committed(); });
}

void engine::parts::own(const std::shared_ptr<parts>& self) {
    for (auto* group : {&deliveries, &followings, &runners})
        group->owned_by(self);
}

// --- the engine's face

engine::engine(surroundings around, delivery_options options)
    : parts_(std::make_shared<parts>(std::move(around), std::move(options))) {
    parts_->own(parts_);
}

engine::~engine() = default;

void engine::start(std::vector<account_plan> accounts) {
    parts_->wanted = parts_->prepare(std::move(accounts));
    parts_->begin();
}

void engine::reconfigure(delivery_options options, std::vector<account_plan> accounts,
                         std::function<void()> applied) {
    auto fresh = parts_->prepare(std::move(accounts));
    fresh.options = std::move(options);
    fresh.applied = std::move(applied);
    if (parts_->wanted &&
        parts_->wanted->applied) // that one's configuration never was, but who asked is answered
        fresh.applied = [before = std::move(parts_->wanted->applied), last = std::move(fresh.applied)] {
            before();
            if (last) last();
        };
    parts_->wanted = std::move(fresh);
    parts_->wake->ring();
}

void engine::drain(milliseconds horizon) {
    parts_->drain_horizon = horizon;
    parts_->wake->ring();
}

void engine::stop(milliseconds patience) {
    parts_->stop(parts_->time.steady() + patience);
}

asio::awaitable<engine::ending> engine::ended() {
    const auto mine = parts_;
    while (!mine->has_ended)
        co_await mine->ended->wait_until(steady_time::max());
    co_return mine->end;
}

void engine::hint() {
    parts_->watch.hint();
}

void engine::on_delivering(std::function<void()> notify) {
    parts_->delivering = std::move(notify);
}

void engine::for_each_account(const std::function<void(const account_state&)>& visit) const {
    for (const auto& [name, line] : parts_->lines) {
        if (line->retired() && !line->has_api()) continue;
        visit({name, line->gate(), line->attempts(), line->claims().in_doubt()});
    }
}

std::size_t engine::in_flight() const {
    return parts_->deliveries.running();
}

store_health_report engine::health() const {
    store_health_report told;
    told.ok = parts_->health.ok();
    if (!told.ok) told.trouble = parts_->health.trouble();
    return told;
}

std::int64_t engine::wal_bytes() const {
    return parts_->keeping.wal_bytes();
}

message_store& engine::store() {
    return *parts_->store;
}

// --- its life

void engine::parts::begin() {
    runners.spawn(recording.run());
    runners.spawn(supervise());
}

asio::awaitable<void> engine::parts::supervise() {
    while (!stop_deadline) {
        const bool waits_for_database = wanted && !put_in_force();
        if (!wanted && !proves && !std::exchange(is_delivering, true)) {
            runners.spawn(keeping.run());
            runners.spawn(watch.run());
            if (delivering) delivering();
        }
        let_go_of_retired();
        if (drain_horizon && is_delivering) look_at_drain();
        if (stop_deadline) break;
        auto again =
            steady_time::max(); // apart from the awaiting statement: g++ 12 evaluates both arms of a `?`
        const auto pause = look_again_after();
        if (pause) again = time.steady() + *pause;
        if (waits_for_database) again = time.steady() + health.pause_before_retry();
        co_await wake->wait_until(again);
    }
    co_await finish();
}

// Nothing: whoever changes something rings.
std::optional<milliseconds> engine::parts::look_again_after() const {
    if (drain_horizon) return between_drain_looks;
    const bool holds = std::any_of(lines.begin(), lines.end(), [](const auto& line) {
        return line.second->retired() && line.second->has_api();
    });
    return holds ? std::optional<milliseconds>(between_clearings) : std::nullopt;
}

// Of a paused account nothing is read back: that is for a person, too.
std::size_t engine::parts::doubts_of_paused() const {
    std::size_t doubts = 0;
    for (const auto& [name, line] : lines)
        if (line->gate().paused()) doubts += line->claims().in_doubt();
    return doubts;
}

void engine::parts::look_at_drain() {
    const auto unread = doubts_of_paused();
    if (deliveries.running() > unread || !health.ok()) return;
    const auto left = store->work_left(time.wall() + *drain_horizon);
    if (!left)
        health.failed(left.error());
    else if (left->sending <= static_cast<std::int64_t>(unread))
        end_drain(*left);
}

// What can go without a person is waited for: a retry, the rate, a pause that the API wanted.
void engine::parts::end_drain(const rest_of_work& left) {
    std::string waits;
    const auto name = [&](const std::string& account, std::int64_t messages, const std::string& why) {
        waits += (waits.empty() ? "" : "; ") + std::to_string(messages) + " of account " + account + " (" +
                 why + ")";
    };
    for (const auto& [account, line] : lines)
        if (const auto doubts = line->claims().in_doubt(); doubts > 0)
            name(account, static_cast<std::int64_t>(doubts), "in doubt, and paused: " + unpausing(account));
    for (const auto& rows : left.pending) {
        const auto line = lines.find(rows.account);
        const bool configured = line != lines.end() && !line->second->retired();
        if (configured && !line->second->gate().paused()) return;
        if (!configured) return; // they are about to be held
        name(rows.account, rows.messages, "paused: " + unpausing(rows.account));
    }
    for (const auto& rows : left.unknown)
        name(rows.account, rows.messages, "not configured: add it, then set its rows to pending");
    if (!waits.empty()) {
        end.how = ending::kind::waits_for_a_person;
        end.why = "what is left waits for a person: " + waits;
    }
    stop(time.steady() + options.drain);
}

void engine::parts::give_up(const std::string& why) {
    end.how = ending::kind::gave_up;
    end.why = why;
    stop(time.steady());
}

void engine::parts::stop(steady_time deadline) {
    if (stop_deadline && *stop_deadline <= deadline) return;
    stop_deadline = deadline;
    for (auto& [name, line] : lines)
        line->stop();
    for (const auto& one : proofs)
        one->stop();
    deliveries.hurry();
    wake->ring();
}

asio::awaitable<void> engine::parts::finish() {
    bool all_ended = co_await deliveries.wait_until_empty(*stop_deadline);
    all_ended = co_await followings.wait_until_empty(*stop_deadline) && all_ended;
    if (!all_ended && !health.given_up())
        log.warning("the time to drain is over; what was not answered is verified at the next start",
                    {{"in_flight", deliveries.running()}});
    keeping.stop();
    watch.stop();
    end.in_doubt = deliveries.running() > 0;
    // What the gates remember is not worth more: the file holds a lease for what may have left since.
    if (!end.in_doubt) stop_deadline = std::min(*stop_deadline, time.steady() + memory_patience);
    const bool recorded = co_await recording.close(*stop_deadline);
    end.all_ended = all_ended && recorded;
    if (end.all_ended) store->checkpoint(log_room::given_back);
    has_ended = true;
    ended->ring();
}

// --- neighbours

void engine::parts::file_changed() {
    keeping.tell_operator_changes();
    const auto paused = store->paused_accounts();
    const auto waiting = store->pending_accounts();
    if (!paused || !waiting) {
        health.failed(paused ? waiting.error() : paused.error());
        return;
    }
    for (auto& [name, line] : lines)
        line->gate().set_paused(paused->contains(name));
    for (const auto& name : *waiting)
        if (const auto line = lines.find(name); line != lines.end()) line->second->claims().wake();
    keeping.others_committed();
}

void engine::parts::committed() {
    watch.committed();
    for (const auto& name : store->take_who_came_first())
        if (const auto line = lines.find(name); line != lines.end()) line->second->claims().wake();
    keeping.committed();
}

void engine::parts::wake_claimers() {
    for (auto& [name, line] : lines)
        line->claims().wake();
}

} // namespace cannedd
