#include "delivery_world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

#include <unistd.h>

namespace cannedd::test {

class delivery_world::scripted_factory final : public api_factory {
public:
    scripted_factory(delivery_world& world, std::string account, int version)
        : world_(world), account_(std::move(account)), version_(version) {}

    std::shared_ptr<conversation_api> make(request_gate& gate) const override {
        if (world_.broken_accounts.contains(account_))
            throw std::runtime_error("its certificate is no certificate");
        return world_.make_api(account_, gate);
    }
    bool makes_the_same(const api_factory& other) const override {
        return dynamic_cast<const scripted_factory&>(other).version_ == version_;
    }

private:
    delivery_world& world_;
    std::string account_;
    int version_;
};

struct delivery_world::life {
    explicit life(delivery_world& world)
        : log(log_level::debug, [&world](const log_record& record) { world.lines.push_back(record); })
        , machine(std::in_place, surroundings_of(world), world.delivery()) {}

    engine::surroundings surroundings_of(delivery_world& world) {
        return {.store = open(world.database(), log),
                .executor = world.context.get_executor(),
                .time = world.time,
                .log = log,
                .observer = world.seen,
                .chance = [] { return 0.5; },
                .at_step = world.at_step};
    }
    static std::unique_ptr<message_store> open(const std::filesystem::path& database, logger& log) {
        store_settings where;
        where.database = database;
        return open_sqlite_store(where, log);
    }

    logger log;
    std::optional<engine> machine;
};

delivery_world::delivery_world(world_options chosen) : options_(chosen) {
    std::string pattern = (std::filesystem::temp_directory_path() / "cannedd-delivery-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    logger quiet(log_level::error, nullptr);
    const auto made = life::open(database(), quiet);
    BOOST_REQUIRE(sqlite3_open(database().c_str(), &producer_) == SQLITE_OK);
    std::vector<account_registration> known;
    for (const auto& name : options_.accounts)
        known.push_back({.account = name, .expire_after = std::chrono::hours(1)});
    made->register_accounts(known).value();
    // Rows are dated by the real clock, the daemon lives in virtual time: let it begin now.
    time.step_wall(std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now()) -
                   time.wall() + seconds(1));
}

delivery_world::~delivery_world() {
    if (life_) stop();
    if (life_) crash(true);
    sqlite3_close(producer_);
    std::filesystem::remove_all(folder_);
}

std::filesystem::path delivery_world::database() const {
    return folder_ / "queue.db";
}
engine& delivery_world::machine() {
    return *life_->machine;
}
scripted_api& delivery_world::api(const std::string& account) {
    return *apis_.at(account);
}
const account_gate& delivery_world::gate(const std::string& account) {
    const account_gate* found = nullptr;
    life_->machine->for_each_account([&](const engine::account_state& one) {
        if (one.name == account) found = &one.gate;
    });
    BOOST_REQUIRE(found != nullptr);
    return *found;
}
message_store& delivery_world::store() {
    return life_->machine->store();
}
std::size_t delivery_world::apis_alive() const {
    return static_cast<std::size_t>(
        std::count_if(used_apis_.begin(), used_apis_.end(), [](const auto& one) { return !one.expired(); }));
}

delivery_options delivery_world::delivery() const {
    delivery_options chosen;
    chosen.limits = options_.limits;
    chosen.follow_status = options_.follow_status;
    chosen.retention.sent = chosen.retention.failed = chosen.retention.attempts = options_.retention;
    return chosen;
}

std::vector<account_plan> delivery_world::plans(const std::vector<std::string>& accounts, int version) {
    std::vector<account_plan> all;
    for (const auto& name : accounts) {
        account_plan one;
        one.name = name;
        one.options.default_route = route::message;
        one.options.pace = options_.pace;
        one.options.waits_for_ended = options_.waits_for_ended;
        one.options.connections = options_.connections;
        one.options.burst = options_.rate.burst;
        one.rate = options_.rate;
        one.breaker = options_.breaker;
        one.api = std::make_shared<scripted_factory>(*this, name, version);
        all.push_back(std::move(one));
    }
    return all;
}

// The world outside goes on, whoever looks at it.
std::shared_ptr<conversation_api> delivery_world::make_api(const std::string& account, request_gate& gate) {
    auto api = std::make_shared<scripted_api>(time, gate);
    auto& latest = apis_[account];
    if (latest) {
        api->shown = latest->shown;
        api->customer = latest->customer;
    }
    latest = api;
    auto* const used = api.get();
    const auto held = std::make_shared<std::shared_ptr<scripted_api>>(std::move(api));
    used_apis_.emplace_back(held);
    return {held, used};
}

void delivery_world::sql(const std::string& statement) {
    char* error = nullptr;
    const int code = sqlite3_exec(producer_, statement.c_str(), nullptr, nullptr, &error);
    const std::string words = error != nullptr ? error : "";
    sqlite3_free(error);
    BOOST_REQUIRE_MESSAGE(code == SQLITE_OK, statement << ": " << words);
    if (life_) life_->machine->hint();
}

std::string delivery_world::value(const std::string& query) {
    sqlite3_stmt* prepared = nullptr;
    BOOST_REQUIRE_MESSAGE(sqlite3_prepare_v2(producer_, query.c_str(), -1, &prepared, nullptr) == SQLITE_OK,
                          sqlite3_errmsg(producer_));
    std::string answer = "none";
    if (sqlite3_step(prepared) == SQLITE_ROW) {
        const auto* text = sqlite3_column_text(prepared, 0);
        answer = text != nullptr ? reinterpret_cast<const char*>(text) : "NULL";
    }
    sqlite3_finalize(prepared);
    return answer;
}

void delivery_world::insert(const std::string& conversation, const std::string& text,
                            const std::string& more_columns, const std::string& more_values) {
    sql("INSERT INTO messages (conversation_id, text" + more_columns + ") VALUES ('" + conversation + "', '" +
        text + "'" + more_values + ")");
}

void delivery_world::start() {
    begin(false);
}

void delivery_world::prove() {
    begin(true);
}

void delivery_world::begin(bool proves) {
    ending.reset();
    life_ = std::make_unique<life>(*this);
    auto accounts = plans(options_.accounts, 1);
    if (proves)
        life_->machine->prove(std::move(accounts));
    else
        life_->machine->start(std::move(accounts));
    asio::co_spawn(context, await_the_end(), [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
    });
    run_for(milliseconds(0));
}

asio::awaitable<void> delivery_world::await_the_end() {
    const auto end = co_await life_->machine->ended();
    ending = end;
}

void delivery_world::reload(const std::vector<std::string>& accounts, int version) {
    life_->machine->reconfigure(delivery(), plans(accounts, version), [this] { ++reloads_in_force; });
}

void delivery_world::run_for(milliseconds span) {
    time.run_for(span);
}

void delivery_world::stop() {
    life_->machine->stop(seconds(60));
    run_for(seconds(61));
    BOOST_TEST(ending.has_value());
    BOOST_TEST(life_->machine->in_flight() == 0u);
}

void delivery_world::crash(bool engine_first) {
    if (engine_first) life_->machine.reset();
    time.forget_waiters();
    life_.reset();
}

void delivery_world::restart() {
    stop();
    crash(true);
    start();
}

std::string status_of(delivery_world& world, int id) {
    return world.value("SELECT status FROM messages WHERE id = " + std::to_string(id));
}

std::string texts(const std::vector<delivered_text>& seen) {
    std::string all;
    for (const auto& s : seen)
        all += (all.empty() ? "" : " ") + s.text;
    return all;
}

} // namespace cannedd::test
