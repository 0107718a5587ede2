#include "delivery_world.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <unistd.h>

namespace cannedd::test {

struct delivery_world::life {
    life(delivery_world& world, const std::filesystem::path& database, scripted_api* former)
        : log(log_level::debug, [&world](const log_record& record) { world.lines.push_back(record); })
        , store(open(database, log))
        , health(world.time, log, [&world](const std::string& why) { world.gave_up = why; })
        , recording(*store, health, world.time, observer)
        , gate("default", world.options_.rate, world.options_.breaker, recording, world.time, log, observer)
        , api(world.time, gate)
        , delivery(*store, health, recording, world.time, log, observer, options, book, [] { return 0.5; })
        , loop(delivery, world.context.get_executor())
        , keeping(delivery, [this] { loop.wake(); })
        , tasks(world.context.get_executor(), world.time) {
        if (former != nullptr) { // the world outside goes on
            api.shown = former->shown;
            api.customer = former->customer;
        }
        options.limits = world.options_.limits;
        options.retention.sent = options.retention.failed = options.retention.attempts =
            std::chrono::hours(24);
        delivery.at_step = world.at_step;
        store->register_accounts(std::vector<account_registration>{{"default", std::chrono::hours(1)}})
            .value();
        const auto rows = store->accounts().value();
        for (const auto& row : rows)
            gate.restore(row);
        recording.add_rider(gate);
        account_options chosen;
        chosen.default_route = route::message;
        chosen.pace = world.options_.pace;
        loop.add(std::make_unique<account>("default", chosen, gate, api));
        tasks.spawn(recording.run());
        tasks.spawn(keeping.run());
        tasks.spawn(loop.run());
    }

    static std::unique_ptr<message_store> open(const std::filesystem::path& database, logger& log) {
        store_settings where;
        where.database = database;
        return open_sqlite_store(where, log);
    }

    logger log;
    delivery_observer observer;
    std::unique_ptr<message_store> store;
    store_health health;
    recorder recording;
    account_gate gate;
    scripted_api api;
    delivery_options options;
    conversation_book book;
    delivery_context delivery;
    delivery_loop loop;
    upkeep keeping;
    task_group tasks;
};

delivery_world::delivery_world(world_options chosen) : options_(chosen) {
    std::string pattern = (std::filesystem::temp_directory_path() / "cannedd-delivery-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    logger quiet(log_level::error, nullptr);
    const auto made = life::open(database(), quiet);
    BOOST_REQUIRE(sqlite3_open(database().c_str(), &producer_) == SQLITE_OK);
    made->register_accounts(std::vector<account_registration>{{"default", std::chrono::hours(1)}}).value();
    // Rows are dated by the real clock, the daemon lives in virtual time: let it begin now.
    time.step_wall(std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now()) -
                   time.wall() + seconds(1));
}

delivery_world::~delivery_world() {
    if (life_) stop();
    sqlite3_close(producer_);
    std::filesystem::remove_all(folder_);
}

std::filesystem::path delivery_world::database() const {
    return folder_ / "queue.db";
}
scripted_api& delivery_world::api() {
    return life_->api;
}
account_gate& delivery_world::gate() {
    return life_->gate;
}
delivery_options& delivery_world::delivery() {
    return life_->options;
}
message_store& delivery_world::store() {
    return *life_->store;
}

void delivery_world::sql(const std::string& statement) {
    char* error = nullptr;
    const int code = sqlite3_exec(producer_, statement.c_str(), nullptr, nullptr, &error);
    const std::string words = error != nullptr ? error : "";
    sqlite3_free(error);
    BOOST_REQUIRE_MESSAGE(code == SQLITE_OK, statement << ": " << words);
    if (life_) {
        life_->loop.wake();
        life_->keeping.wake();
    }
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
    life_ = std::make_unique<life>(*this, database(), life_ ? &life_->api : nullptr);
    run_for(milliseconds(0));
}

void delivery_world::run_for(milliseconds span) {
    time.run_for(span);
}

void delivery_world::stop() {
    life_->loop.stop();
    run_for(seconds(60));
    life_->keeping.stop();
    life_->recording.stop();
    run_for(seconds(1));
    BOOST_TEST(life_->tasks.running() == 0u);
}

void delivery_world::restart() {
    stop();
    auto former = std::move(life_);
    life_ = std::make_unique<life>(*this, database(), &former->api);
    former.reset();
    run_for(milliseconds(0));
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
