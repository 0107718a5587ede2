#include "daemon_life.hpp"

#include "neighbours.hpp"
#include "queue/sqlite_store.hpp"

namespace cannedd::simulation {
namespace {

constexpr milliseconds tick{250};

std::unique_ptr<message_store> open_store(const daemon_life::surroundings& around, logger& log) {
    store_settings where;
    where.database = database_file;
    where.vfs = around.vfs.name();
    return broken(around.how, open_sqlite_store(where, log), around.tamper);
}

logger log_into(journal& notes) {
    if (!notes.wanted()) return logger(log_level::error, [](const log_record&) {});
    return logger(log_level::info, [&notes](const log_record& record) {
        std::string line = "log: " + record.text;
        for (const auto& field : record.fields)
            line += " " + field.key + "=" + field.value;
        notes.note(line);
    });
}

} // namespace

daemon_life::daemon_life(const surroundings& around, dice chance)
    : around_(around)
    , dice_(chance)
    , process_(around.vfs.serving())
    , log_(log_into(around.notes))
    , store_(open_store(around_, log_))
    , health_(around.time, log_,
              [this](const std::string&) {
                  gave_up_ = true;
                  loop_.stop();
              })
    , recording_(*store_, health_, around.time, observer_)
    , delivery_(*store_, health_, recording_, around.time, log_, observer_, options_, book_,
                [this] { return dice_.fraction(); })
    , loop_(delivery_, around.executor)
    , keeping_(delivery_, [this] { loop_.wake(); })
    , hinted_(around.time.make_alarm())
    , tasks_(around.executor, around.time) {
    const auto& chosen = around_.chosen;
    options_.limits = chosen.limits;
    options_.settle = chosen.settle;
    options_.drain = chosen.drain;
    options_.follow_status = chosen.follows;
    options_.retention.sent = options_.retention.failed = options_.retention.attempts =
        std::chrono::hours(720);
    if (around_.how == mutation::resend_without_verify) options_.limits.doubt = doubt_policy::resend;
    if (around_.how == mutation::impatient_reading) {
        options_.settle = milliseconds(1);
        options_.reads_before_absent = 1;
    }
    recording_.on_commit([this] { keeping_.committed(); });
    delivery_.at_step = [this](step at) { process_->effect(name_of(at)); };
    const auto remembered = store_->accounts().value();
    std::vector<account_registration> known;
    for (const auto& wanted : chosen.accounts)
        known.push_back({.account = wanted.name, .expire_after = wanted.expire_after});
    store_->register_accounts(known).value();
    for (const auto& wanted : chosen.accounts) // from here on nothing throws: coroutines have been spawned
        add_account(wanted, remembered);
    tasks_.spawn(recording_.run());
    tasks_.spawn(keeping_.run());
    tasks_.spawn(watch());
    tasks_.spawn(supervise());
}

void daemon_life::add_account(const planned_account& wanted, const std::vector<account_row>& remembered) {
    auto rate = wanted.rate;
    if (around_.how == mutation::limiter_bypassed) rate.requests_per_minute *= 10;
    auto& gate = gates_[wanted.name];
    gate = std::make_unique<account_gate>(wanted.name, rate, around_.chosen.breaker, recording_, around_.time,
                                          log_, observer_);
    for (const auto& row : remembered)
        if (row.memory.account == wanted.name && around_.how != mutation::forget_bucket) gate->restore(row);
    recording_.add_rider(*gate);
    auto& api = apis_[wanted.name];
    api = std::make_unique<genesys_client_model>(wanted.name, around_.server, *gate, around_.time, process_,
                                                 around_.sees, dice_.fork());
    if (around_.how == mutation::book_forgets)
        api->on_resolved = [this](const std::string& conversation) { book_.leave(conversation); };
    api->unread_is_dropped = around_.how == mutation::unread_says_absent;
    loop_.add(std::make_unique<account>(wanted.name, wanted.options, *gate, *api));
}

void daemon_life::stop() {
    if (around_.how == mutation::sigterm_ignored) return;
    loop_.stop();
}

std::string daemon_life::gates() const {
    std::string all;
    const auto now = around_.time.steady();
    for (const auto& [name, gate] : gates_) {
        const auto opens_in = std::chrono::ceil<milliseconds>(gate->opens(now) - now).count();
        all += name + (gate->open(now) ? " open" : " shut, opens in " + std::to_string(opens_in) + " ms") +
               (gate->paused() ? ", paused" : "") + (gate->breaker_open() ? ", breaker" : "") +
               (gate->blocked() ? ", blocked" : "") + ", balance " + std::to_string(gate->balance()) + "; ";
    }
    return all + (health_.ok() ? "" : "the database is in trouble, ") + std::to_string(loop_.in_flight()) +
           " in flight";
}

asio::awaitable<void> daemon_life::supervise() {
    co_await loop_.run();
    well_ = loop_.in_flight() == 0;
    if (around_.how != mutation::upkeep_goes_on) keeping_.stop();
    if (gave_up_)
        recording_.stop();
    else
        co_await recording_.close();
    stopping_ = true;
    hinted_->ring();
    if (gave_up_) well_ = false;
    if (well_) store_->checkpoint();
    ended_ = true;
}

asio::awaitable<void> daemon_life::watch() {
    while (!stopping_) {
        co_await hinted_->wait_until(around_.time.steady() + tick);
        const auto version = store_->data_version();
        if (!version || *version == version_) continue;
        version_ = *version;
        loop_.wake();
        keeping_.wake();
    }
}

} // namespace cannedd::simulation
