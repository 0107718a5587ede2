#include "application.hpp"

#include "account_plans.hpp"
#include "delivery/engine.hpp"
#include "delivery/task_group.hpp"
#include "directory_hints.hpp"
#include "kill_switch.hpp"
#include "lock_keeper.hpp"
#include "log_output.hpp"
#include "page/status_pages.hpp"
#include "process_environment.hpp"
#include "service/notifier.hpp"
#include "service/reload_door.hpp"
#include "service/reloading.hpp"
#include "service/status.hpp"
#include "start_checks.hpp"
#include "store_opening.hpp"
#include "time/no_throw.hpp"
#include "work_progress.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <optional>

namespace cannedd {
namespace {

engine::surroundings surroundings_of(std::unique_ptr<message_store> store, asio::io_context& context,
                                     time_source& time, logger& log, delivery_observer& observer) {
    return {.store = std::move(store),
            .executor = context.get_executor(),
            .time = time,
            .log = log,
            .observer = observer,
            .chance = random_chance(),
            .at_step = kill_switch_from_environment()};
}

std::unique_ptr<message_store> open_store(const settings& configured, const time_source& time, logger& log,
                                          database_lock& lock) {
    store_settings where;
    where.database = configured.database;
    where.earlier_life = earlier_life_of(configured.database, lock.remembers());
    auto opened = open_store_patiently(where, time, log);
    lock.remember();
    return opened;
}

exit_code code_of(engine::ending::kind how) {
    switch (how) {
    case engine::ending::kind::gave_up: return exit_code::database;
    case engine::ending::kind::waits_for_a_person: return exit_code::waits_for_a_person;
    case engine::ending::kind::stopped: break;
    }
    return exit_code::done;
}

} // namespace

// What frames of the loop refer to stands before the loop; the loop goes before it (~parts).
struct application::parts {
    parts(command asked_, settings configured_, database_lock& lock);
    ~parts();

    exit_code run();
    void begin();
    asio::awaitable<void> supervise();
    asio::awaitable<void> listen_to_signals();
    void close();
    bool proves() const { return asked.what == task::requeue_unproven; }
    void tell_of_proof();

    command asked;
    settings configured;
    log_output lines;
    logger log;
    metrics numbers;
    std::unique_ptr<asio::io_context> context;
    std::unique_ptr<time_source> time;
    std::optional<task_group> tasks;
    std::optional<recent_activity> lately;
    std::optional<service_notifier> notifier;
    std::unique_ptr<engine> machine;
    std::unique_ptr<lock_keeper> keeper;
    std::unique_ptr<directory_hints> hints;
    std::unique_ptr<status_pages> pages;
    std::unique_ptr<metrics_endpoint> endpoint;
    std::optional<service_status> status;
    std::optional<reloading> reloads;
    std::optional<reload_door> door;
    std::unique_ptr<work_progress> progress;
    std::unique_ptr<asio::signal_set> signals;
    engine::ending end;
    bool over = false;
};

application::parts::parts(command asked_, settings configured_, database_lock& lock)
    : asked(std::move(asked_))
    , configured(std::move(configured_))
    , lines(configured.format)
    , log(configured.level, lines.sink())
    , numbers(sqlite_library_version())
    , context(std::make_unique<asio::io_context>(1))
    , time(make_system_time(context->get_executor()))
    , tasks(std::in_place, context->get_executor(), *time)
    , lately(std::in_place, numbers, *time)
    , notifier(std::in_place, *time)
    , machine(std::make_unique<engine>(
          surroundings_of(open_store(configured, *time, log, lock), *context, *time, log, *lately),
          configured.delivery))
    , keeper(std::make_unique<lock_keeper>(lock, *time, log))
    , hints(std::make_unique<directory_hints>(context->get_executor(), configured.database.parent_path(), log,
                                              [this] { machine->hint(); }))
    , pages(std::make_unique<status_pages>(numbers, *lately, *machine, *time, configured))
    , signals(std::make_unique<asio::signal_set>(*context, SIGTERM, SIGINT, SIGHUP)) {
    const auto page = [this](const std::string& path) { return pages->answer(path); };
    if (!configured.metrics_listen.empty())
        endpoint = std::make_unique<metrics_endpoint>(context->get_executor(), *time, log,
                                                      configured.metrics_listen, page);
    status.emplace(*machine, endpoint.get(), *notifier, *time);
    reloads.emplace(reloading::surroundings{.file = asked.config,
                                            .configured = configured,
                                            .machine = *machine,
                                            .numbers = numbers,
                                            .status = *status,
                                            .notifier = *notifier,
                                            .executor = context->get_executor(),
                                            .time = *time,
                                            .log = log});
    if (proves()) reloads->close("cannedd looks for what was sent");
    door.emplace(context->get_executor(), *time, log,
                 [this](const reload_door::told& told) { reloads->read_again(told); });
    if (asked.what == task::drain)
        progress = std::make_unique<work_progress>(
            "draining", [this] { return left_to_drain(*machine); }, *time, log);
    if (proves())
        progress = std::make_unique<work_progress>(
            "looking for what was sent", [this] { return machine->proved().left; }, *time, log);
}

application::parts::~parts() {
    signals.reset();
    door.reset();
    reloads.reset();
    status.reset();
    endpoint.reset();
    hints.reset();
    keeper.reset();
    machine.reset(); // its parts stay until their last frame has gone
    progress.reset();
    notifier.reset(); // what has an alarm goes before the loop that drives it
    tasks.reset();
    context.reset();
}

void application::parts::begin() {
    if (endpoint) tasks->spawn(endpoint->run()); // first: whoever waits for readiness may scrape
    machine->on_delivering([this] {
        status->ready();
        log.notice("ready");
    });
    numbers.reloaded(true, time->wall());
    numbers.certificates(certificates_of(configured));
    try {
        auto plans = account_plans_of(configured, context->get_executor(), *time, log);
        if (proves())
            machine->prove(std::move(plans));
        else
            machine->start(std::move(plans));
    } catch (const std::runtime_error& refused) {
        throw unusable_setting(refused.what());
    }
    if (asked.what == task::drain) machine->drain(seconds(asked.drain_wait_seconds));
    tasks->spawn(lines.run(*time));
    tasks->spawn(keeper->run());
    tasks->spawn(hints->run());
    tasks->spawn(notifier->feed_watchdog());
    tasks->spawn(status->run());
    tasks->spawn(door->run());
    tasks->spawn(listen_to_signals());
    if (progress) tasks->spawn(progress->run());
    tasks->spawn(supervise());
}

exit_code application::parts::run() {
    log.notice("cannedd starts", {{"version", CANNEDD_VERSION},
                                  {"database", configured.database.string()},
                                  {"accounts", configured.accounts.size()}});
    begin();
    while (!over)
        context->run_one();
    if (end.all_ended) { // connections say goodbye
        machine.reset();
        context->run();
    }
    const auto exit = code_of(end.how);
    if (!end.why.empty()) log.error("cannedd gives up", {{"why", end.why}});
    log.notice(end.in_doubt ? "cannedd has ended with messages in doubt" : "cannedd has ended",
               {{"exit", static_cast<int>(exit)}});
    return exit;
}

asio::awaitable<void> application::parts::supervise() {
    end = co_await machine->ended();
    if (proves()) tell_of_proof();
    if (notifier->is_heard()) notifier->status(status->last_line());
    close();
    over = true;
}

void application::parts::close() {
    lines.stop();
    keeper->stop();
    hints->stop();
    notifier->stop();
    status->stop();
    door->stop();
    if (endpoint) endpoint->stop();
    if (progress) progress->stop();
    boost::system::error_code ignored;
    signals->cancel(ignored);
}

void application::parts::tell_of_proof() {
    const auto told = machine->proved();
    log.notice("what this file takes for unsent was looked for in its conversations",
               {{"found_and_sent", told.found},
                {"not_found_and_pending", told.absent},
                {"not_to_be_told_and_unconfirmed", told.untold},
                {"not_looked_for", told.left}});
    if (told.left == 0 || end.how != engine::ending::kind::stopped) return;
    end.how = engine::ending::kind::waits_for_a_person;
    end.why = std::to_string(told.left) + " messages were not looked for: run it again before cannedd starts";
}

asio::awaitable<void> application::parts::listen_to_signals() {
    while (true) {
        const auto [error, number] = co_await signals->async_wait(no_throw);
        if (error) co_return;
        if (number == SIGHUP) {
            reloads->read_again([](const std::string&) {});
            continue;
        }
        reloads->close("cannedd is stopping");
        status->stop(); // what is told from here on is that it stops
        log.notice("stopping: attempts in flight finish, nothing more is claimed",
                   {{"signal", number}, {"in_flight", machine->in_flight()}});
        notifier->stopping();
        machine->stop(configured.delivery.drain);
    }
}

application::application(command asked, settings configured, database_lock& lock)
    : parts_(std::make_unique<parts>(std::move(asked), std::move(configured), lock)) {}

application::~application() = default;

exit_code application::run() {
    return parts_->run();
}

} // namespace cannedd
