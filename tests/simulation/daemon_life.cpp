#include "daemon_life.hpp"

#include "neighbours.hpp"
#include "queue/sqlite_store.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>

namespace cannedd::simulation {
namespace {

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

class daemon_life::model_factory final : public api_factory {
public:
    model_factory(daemon_life& life, std::string account, int version)
        : life_(life), account_(std::move(account)), version_(version) {}

    std::shared_ptr<conversation_api> make(request_gate& gate) const override {
        return life_.make_api(account_, gate);
    }
    bool makes_the_same(const api_factory& other) const override {
        return dynamic_cast<const model_factory&>(other).version_ == version_;
    }

private:
    daemon_life& life_;
    std::string account_;
    int version_;
};

daemon_life::daemon_life(const surroundings& around, const configuration& file, dice chance)
    : around_(around)
    , dice_(chance)
    , process_(around.vfs.serving())
    , log_(log_into(around.notes))
    , machine_(std::in_place, engine_surroundings(), options()) {
    machine_->start(plans(file)); // from here on nothing throws: coroutines have been spawned
    asio::co_spawn(around_.executor, await_the_end(), [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
    });
}

daemon_life::~daemon_life() = default;

engine::surroundings daemon_life::engine_surroundings() {
    const auto alive = std::make_shared<char>();
    parts_alive_ = alive;
    return {.store = open_store(around_, log_),
            .executor = around_.executor,
            .time = around_.time,
            .log = log_,
            .observer = observer_,
            .chance = [this, alive] { return dice_.fraction(); },
            .at_step = [this](step at) { process_->effect(name_of(at)); }};
}

delivery_options daemon_life::options() const {
    const auto& chosen = around_.chosen;
    delivery_options all;
    all.limits = chosen.limits;
    all.settle = chosen.settle;
    all.drain = chosen.drain;
    all.follow_status = chosen.follows;
    all.retention.sent = all.retention.failed = all.retention.attempts = std::chrono::hours(720);
    if (around_.how == mutation::resend_without_verify) all.limits.doubt = doubt_policy::resend;
    if (around_.how == mutation::impatient_reading) {
        all.settle = milliseconds(1);
        all.reads_before_absent = 1;
    }
    return all;
}

std::vector<account_plan> daemon_life::plans(const configuration& file) {
    std::vector<account_plan> all;
    for (const auto number : file.accounts) {
        const auto& wanted = around_.chosen.accounts.at(number);
        account_plan one;
        one.name = wanted.name;
        one.options = wanted.options;
        one.rate = wanted.rate;
        if (around_.how == mutation::limiter_bypassed) one.rate.requests_per_minute *= 10;
        one.breaker = around_.chosen.breaker;
        one.expire_after = wanted.expire_after;
        one.api = std::make_shared<model_factory>(*this, wanted.name, file.version);
        all.push_back(std::move(one));
    }
    return all;
}

std::shared_ptr<conversation_api> daemon_life::make_api(const std::string& account, request_gate& gate) {
    const auto api = std::make_shared<genesys_client_model>(account, around_.server, gate, around_.time,
                                                            process_, around_.sees, dice_.fork());
    api->names_agents_rooms_otherwise = around_.how == mutation::book_forgets;
    api->unread_is_dropped = around_.how == mutation::unread_says_absent;
    api->kept_is_taken_literally = around_.how == mutation::kept_says_other;
    api->nearly_is_dropped = around_.how == mutation::nearly_says_other;
    api->stamps_are_taken_literally = around_.how == mutation::stamps_believed;
    api->listing_is_believed = around_.how == mutation::listing_believed;
    apis_.emplace_back(api);
    if (around_.how == mutation::replaced_kept) kept_.push_back(api);
    return api;
}

std::size_t daemon_life::apis_alive() const {
    return static_cast<std::size_t>(
        std::count_if(apis_.begin(), apis_.end(), [](const auto& one) { return !one.expired(); }));
}

std::set<std::string> daemon_life::accounts() const {
    std::set<std::string> served;
    machine_->for_each_account([&](const engine::account_state& one) { served.insert(one.name); });
    return served;
}

void daemon_life::reload(const configuration& file) {
    auto all = plans(file);
    if (around_.how == mutation::reload_drops_account && all.size() > 1) all.pop_back();
    machine_->reconfigure(options(), std::move(all), [] {});
}

void daemon_life::stop() {
    if (around_.how == mutation::sigterm_ignored) return;
    machine_->stop(around_.chosen.drain);
}

std::string daemon_life::gates() const {
    std::string all;
    const auto now = around_.time.steady();
    machine_->for_each_account([&](const engine::account_state& one) {
        const auto& gate = one.gate;
        const auto opens_in = std::chrono::ceil<milliseconds>(gate.opens(now) - now).count();
        all += one.name + (gate.open(now) ? " open" : " shut, opens in " + std::to_string(opens_in) + " ms") +
               (gate.paused() ? ", paused" : "") + (gate.breaker_open() ? ", breaker" : "") +
               (gate.blocked() ? ", blocked" : "") + ", balance " + std::to_string(gate.balance()) + "; ";
    });
    return all + (machine_->health().ok ? "" : "the database is in trouble, ") +
           std::to_string(machine_->in_flight()) + " in flight";
}

asio::awaitable<void> daemon_life::await_the_end() {
    const auto end = co_await machine_->ended();
    end_ = end;
}

} // namespace cannedd::simulation
