#include "application.hpp"

#include "account_service.hpp"
#include "change_watch.hpp"
#include "delivery/delivery_loop.hpp"
#include "delivery/upkeep.hpp"
#include "kill_switch.hpp"
#include "log_output.hpp"
#include "process_environment.hpp"
#include "queue/sqlite_store.hpp"
#include "rooms_settings.hpp"
#include "service_notifier.hpp"
#include "start_checks.hpp"
#include "status_pages.hpp"
#include "time/no_throw.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <cstdlib>

namespace cannedd {
namespace {

// Without the source file and line that Boost adds to them.
std::string words_of(const std::exception& failed) {
    const auto* of_system = dynamic_cast<const boost::system::system_error*>(&failed);
    return of_system != nullptr ? of_system->code().message() : failed.what();
}

std::unique_ptr<message_store> open_store(const settings& configured, logger& log) {
    store_settings where;
    where.database = configured.database;
    return open_sqlite_store(where, log);
}

} // namespace

struct application::parts {
    parts(command asked_, settings configured_);

    exit_code run();

    // start
    void register_accounts();
    void add_account(const account_settings& wanted, const std::vector<account_row>& remembered);
    void build_service(const account_settings& wanted);
    void listen_for_scrapes();
    asio::awaitable<void> supervise();
    // while running
    asio::awaitable<void> listen_to_signals();
    void reload();
    void apply(settings fresh);
    void give_up(const std::string& why);
    // end
    asio::awaitable<void> close();

    command asked;
    settings configured;
    logger log;
    std::unique_ptr<message_store> store;

    asio::io_context context{1};
    std::unique_ptr<time_source> time;
    metrics numbers;
    store_health health;
    recorder recording;
    delivery_options options;
    conversation_book book;
    delivery_context delivery;
    std::map<std::string, std::unique_ptr<account_gate>> gates;
    std::map<std::string, std::unique_ptr<account_service>> services;
    std::vector<std::unique_ptr<account_service>>
        replaced; // by a reload: attempts in flight may still use them
    delivery_loop loop;
    upkeep keeping;
    status_pages pages;
    change_watch watch;
    service_notifier notifier;
    std::unique_ptr<metrics_endpoint> endpoint;
    asio::signal_set signals;
    task_group tasks;
    exit_code exit = exit_code::done;
};

application::parts::parts(command asked_, settings configured_)
    : asked(std::move(asked_))
    , configured(std::move(configured_))
    , log(configured.level, stderr_sink(configured.format))
    , store(open_store(configured, log))
    , time(make_system_time(context.get_executor()))
    , numbers(sqlite_library_version())
    , health(*time, log, [this](const std::string& why) { give_up(why); })
    , recording(*store, health, *time, numbers)
    , options(delivery_options_of(configured))
    , delivery(*store, health, recording, *time, log, numbers, options, book, random_chance())
    , loop(delivery, context.get_executor())
    , keeping(delivery, [this] { loop.wake(); })
    , pages(numbers, *store, health, gates, keeping, *time)
    , watch(context.get_executor(), *store, *time, configured.database.parent_path(),
            [this] {
                loop.wake();
                keeping.wake();
            })
    , notifier(*time)
    , signals(context, SIGTERM, SIGINT, SIGHUP)
    , tasks(context.get_executor(), *time) {
    delivery.at_step = kill_switch_from_environment();
    recording.on_commit([this] { keeping.committed(); });
    register_accounts();
    std::vector<account_row> remembered = store->accounts().value();
    try {
        for (const auto& [name, wanted] : configured.accounts)
            add_account(wanted, remembered);
        if (!configured.metrics_listen.empty()) listen_for_scrapes();
    } catch (
        const std::exception& refused) { // the file is well formed, but this machine cannot do what it says
        throw unusable_setting(refused.what());
    }
}

// --- start

void application::parts::listen_for_scrapes() {
    const auto page = [this](const std::string& path) { return pages.answer(path); };
    try {
        endpoint = std::make_unique<metrics_endpoint>(context.get_executor(), *time,
                                                      configured.metrics_listen, page);
    } catch (const std::exception& refused) {
        throw std::runtime_error("metrics.listen " + configured.metrics_listen + " cannot be used (" +
                                 words_of(refused) + "): give it another port, or leave it empty");
    }
}

void application::parts::build_service(const account_settings& wanted) {
    const auto kept = configured.database.parent_path() / "private";
    auto fresh = std::make_unique<account_service>(context.get_executor(), *time, log, *gates.at(wanted.name),
                                                   wanted, configured.delivery.request_timeout, kept);
    auto& place = services[wanted.name];
    if (place) {
        place->close();
        replaced.push_back(std::move(place));
    }
    place = std::move(fresh);
}

void application::parts::register_accounts() {
    std::vector<account_registration> known;
    for (const auto& [name, wanted] : configured.accounts)
        known.push_back({.account = name, .expire_after = wanted.expire_after});
    store->register_accounts(known).value();
}

void application::parts::add_account(const account_settings& wanted,
                                     const std::vector<account_row>& remembered) {
    auto gate = std::make_unique<account_gate>(wanted.name, rate_of(wanted), breaker_of(configured.delivery),
                                               recording, *time, log, numbers);
    for (const auto& row : remembered) {
        if (row.memory.account != wanted.name) continue;
        gate->restore(row);
        if (row.paused)
            log.warning("the account is paused, its rows wait until paused is set to 0",
                        {{"account", wanted.name}, {"reason", row.paused_reason}});
    }
    recording.add_rider(*gate);
    auto& placed = *(gates[wanted.name] = std::move(gate));
    build_service(wanted);
    loop.add(std::make_unique<account>(wanted.name, account_options_of(wanted), placed,
                                       services.at(wanted.name)->api()));
}

exit_code application::parts::run() {
    log.notice("cannedd starts", {{"version", CANNEDD_VERSION},
                                  {"database", configured.database.string()},
                                  {"accounts", configured.accounts.size()}});
    tasks.spawn(recording.run());
    tasks.spawn(keeping.run());
    tasks.spawn(watch.listen());
    tasks.spawn(watch.poll());
    tasks.spawn(notifier.feed_watchdog());
    tasks.spawn(listen_to_signals());
    if (endpoint) {
        log.notice("metrics are served", {{"address", endpoint->address()}});
        tasks.spawn(endpoint->run());
    }
    tasks.spawn(supervise());
    context.run();
    log.notice("cannedd has ended", {{"exit", static_cast<int>(exit)}});
    return exit;
}

asio::awaitable<void> application::parts::supervise() {
    notifier.ready("delivering");
    log.notice("ready");
    if (asked.what == task::drain)
        co_await loop.drain(std::chrono::seconds(asked.drain_wait_seconds));
    else
        co_await loop.run();
    co_await close();
}

// --- while running

asio::awaitable<void> application::parts::listen_to_signals() {
    while (true) {
        const auto [error, number] = co_await signals.async_wait(no_throw);
        if (error) co_return;
        if (number == SIGHUP) {
            reload();
            continue;
        }
        log.notice("stopping: attempts in flight finish, nothing more is claimed",
                   {{"signal", number}, {"in_flight", loop.in_flight()}});
        notifier.stopping();
        loop.stop();
    }
}

void application::parts::reload() {
    notifier.reloading();
    auto loaded = load_settings(asked.config, environment_of_process(), start_checks());
    if (const auto* faults = std::get_if<std::vector<config_fault>>(&loaded)) {
        for (const auto& fault : *faults)
            log.error("the new configuration is refused; nothing changes",
                      {{"file", fault.file}, {"line", fault.line}, {"fault", fault.message}});
    } else {
        try {
            apply(std::move(std::get<settings>(loaded)));
            log.notice("the configuration was read again");
        } catch (const std::runtime_error& failed) {
            log.error("the new configuration cannot be used in full", {{"fault", failed.what()}});
        }
    }
    notifier.ready("delivering");
}

void application::parts::apply(settings fresh) {
    if (fresh.database != configured.database || fresh.metrics_listen != configured.metrics_listen)
        log.warning("database and metrics.listen change at the next start only");
    fresh.database = configured.database;
    fresh.metrics_listen = configured.metrics_listen;
    const auto before = std::exchange(configured, std::move(fresh));
    log.set_threshold(configured.level);
    options = delivery_options_of(configured);
    register_accounts();
    for (const auto& [name, wanted] : configured.accounts) {
        if (!gates.contains(name)) {
            add_account(wanted, store->accounts().value()); // it may have been here before
            continue;
        }
        gates.at(name)->change(rate_of(wanted), breaker_of(configured.delivery));
        build_service(wanted);
        loop.change(name, account_options_of(wanted), services.at(name)->api());
    }
    for (const auto& [name, gone] : before.accounts)
        if (!configured.accounts.contains(name))
            log.warning("the account is gone from the configuration; it is served until the next start",
                        {{"account", name}});
    loop.wake();
}

void application::parts::give_up(const std::string& why) {
    log.error("giving up; what was sent and could not be recorded is verified at the next start",
              {{"why", why}});
    exit = exit_code::database;
    loop.stop();
}

// --- end

asio::awaitable<void> application::parts::close() {
    const bool all_ended = loop.in_flight() == 0;
    keeping.stop();
    if (exit == exit_code::done)
        co_await recording.close(); // what the gates remember, with nothing in flight
    else
        recording.stop();
    watch.stop();
    notifier.stop();
    if (endpoint) endpoint->stop();
    boost::system::error_code ignored;
    signals.cancel(ignored);
    for (auto& [name, service] : services)
        service->close();
    for (auto& service : replaced)
        service->close();
    if (exit == exit_code::done) store->checkpoint();
    if (!all_ended || exit != exit_code::done) {
        // Frames still wait for the network or for a recorder that has given up: what they know is in the
        // file as `sending`.
        store.reset();
        log.notice("cannedd has ended with messages in doubt", {{"exit", static_cast<int>(exit)}});
        std::_Exit(static_cast<int>(exit));
    }
}

application::application(command asked, settings configured)
    : parts_(std::make_unique<parts>(std::move(asked), std::move(configured))) {}

application::~application() = default;

exit_code application::run() {
    return parts_->run();
}

} // namespace cannedd
