#include "world.hpp"

#include "judgement.hpp"
#include "queue/sqlite_store.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>

namespace cannedd::simulation {
namespace {

constexpr steady_duration between_looks = milliseconds(500);
constexpr seconds daemons_tick{1}; // upkeep's
constexpr steady_duration apis_outlive_max = minutes(2);
constexpr int locks_a_moment_max = 20'000;

} // namespace

const std::string& template_database() {
    static const std::string image = [] {
        boost::asio::io_context context;
        virtual_time time(context);
        machine factory(time, dice(0));
        disk_vfs vfs("simulated-factory", factory);
        vfs.serve(std::make_shared<process>("factory"));
        logger quiet(log_level::error, [](const log_record&) {});
        store_settings where;
        where.database = database_file;
        where.vfs = vfs.name();
        open_sqlite_store(where, quiet).reset();
        {
            connection operators(database_file, vfs.name());
            for (int i = 0; i < 6; ++i) {
                const auto mark = "c" + std::to_string(i);
                operators.execute("INSERT INTO responses (name, text) VALUES ('greeting-" + mark + "', '" +
                                  mark + " good day')");
            }
        }
        return factory.files().find(database_file)->content();
    }();
    return image;
}

world::world(std::uint64_t seed, mutation how, bool traced)
    : plan_(make_plan(seed))
    , how_(how)
    , began_(time_.steady())
    , notes_(time_, traced)
    , machine_(time_, plan_.disk)
    , daemon_vfs_("simulated-daemon", machine_)
    , witness_vfs_("simulated-witness", machine_)
    , neighbours_(plan_, machine_, time_, agenda_, notes_)
    , server_(plan_, time_, agenda_, notes_)
    , witness_(time_, notes_, plan_.clock_steps.empty()) {
    // SQLite's own chance (the salts of the WAL) belongs to the process.
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(seed % 1'000'000'007) + 1, nullptr);
    machine_.files().put(database_file, template_database());
    neighbours_.is_served = [this] { return daemon_ != nullptr && !daemon_->ended(); };
    neighbours_.on_pause = [this](const std::string& account, bool paused) {
        const int turn = ++pause_turns_[account];
        if (!paused) witness_.knows_pause(account, false);
        const bool notices = plan_.troubles.empty() && plan_.stops.empty();
        if (paused && notices)
            agenda_.at(time_.steady() + milliseconds(260), [this, account, turn] {
                witness_.knows_pause(account, pause_turns_[account] == turn);
            });
        if (daemon_ && !dead_) daemon_->look();
    };
}

world::~world() {
    if (daemon_process_) machine_.kill(*daemon_process_);
    if (witness_process_) machine_.kill(*witness_process_);
    bury();
}

void world::run() {
    serve_all_accounts();
    plan_events();
    start_daemon();
    run_until(since_begin(plan_.active));
    calm_down();
    await_the_end();
    finish();
}

// --- what is planned

void world::plan_events() {
    for (std::size_t i = 0; i < plan_.rows.size(); ++i)
        agenda_.at(since_begin(plan_.rows[i].at), [this, i] {
            neighbours_.insert(i);
            if (i % 3 == 0 && daemon_ && !dead_) daemon_->look();
        });
    for (const auto& one : plan_.interventions)
        agenda_.at(since_begin(one.at), [this, what = one.what] { neighbours_.intervene(what); });
    for (const auto& one : plan_.clock_steps)
        agenda_.at(since_begin(one.at), [this, one] { step_clock(one); });
    for (const auto& one : plan_.troubles)
        agenda_.at(since_begin(one.at), [this, one] { plan_trouble(one); });
    for (const auto& one : plan_.reloads)
        agenda_.at(since_begin(one.at), [this, one] { write_configuration(one); });
    // The bookkeeping of the triggers, now and then.
    for (auto at = seconds(1); at < plan_.active; at += seconds(7))
        agenda_.at(since_begin(at), [this] { witness_.check_bookkeeping(); });
}

void world::plan_trouble(const planned_trouble& one) {
    using kind = planned_trouble::kind;
    const auto meet = [this, &one](disk_trouble what) {
        notes_.note("the disk begins to fail");
        const auto set = [this](disk_trouble to) {
            trouble_ = to;
            neighbours_.meet(to);
            if (daemon_process_) daemon_process_->trouble = to;
        };
        set(what);
        agenda_.at(time_.steady() + one.length, [set] { set(disk_trouble::none); });
    };
    switch (one.what) {
    case kind::lock: neighbours_.lock_for(one.length); break;
    case kind::reader: neighbours_.read_for(one.length); break;
    case kind::disk_full: meet(disk_trouble::full); break;
    case kind::write_fails: meet(disk_trouble::write_fails); break;
    case kind::sync_fails: meet(disk_trouble::sync_fails); break;
    case kind::outage: server_.outage(time_.steady() + one.length); break;
    case kind::last: break;
    }
}

void world::step_clock(const planned_clock_step& one) {
    notes_.note((one.asleep ? "the machine has slept " : "the clock is set by ") +
                std::to_string(one.by.count()) + " ms");
    if (one.asleep) {
        time_.suspend(one.by);
        return;
    }
    time_.step_wall(one.by);
    stepped_ += one.by;
}

void world::write_configuration(const planned_reload& one) {
    notes_.note("the configuration has " + std::to_string(one.accounts.size()) + " accounts now" +
                (one.changes_settings ? ", with other settings" : ""));
    file_.accounts = one.accounts;
    if (one.changes_settings) ++file_.version;
    if (daemon_ && !dead_ && !daemon_->ended()) daemon_->reload(file_);
}

void world::serve_all_accounts() {
    for (std::size_t account = 0; account < plan_.accounts.size(); ++account)
        file_.accounts.insert(account);
}

// --- time

void world::run_until(steady_time end) {
    while (true) {
        advance(time_.steady()); // what the last event made ready may plan the next one
        const auto moment = std::max(time_.steady(), std::min({end, agenda_.next(), time_.next_event()}));
        advance(moment);
        take_down_what_ended();
        const bool did = agenda_.do_one(moment);
        if (dead_) bury();
        if (!did && moment >= end && time_.next_event() > end) return;
    }
}

void world::advance(steady_time moment) {
    try {
        time_.run_until(moment);
    } catch (const std::logic_error& bug) {
        notes_.violate("bug", bug.what());
        strike(planned_stop());
    } catch (const std::runtime_error& trouble) { // the environment's trouble is a value once it runs
        notes_.violate("bug", std::string("the daemon ends by an exception: ") + trouble.what());
        strike(planned_stop());
    }
}

// --- the daemon's lives

void world::start_daemon() {
    ++lives_;
    neighbours_.power_back_if_down();
    daemon_process_ = std::make_shared<process>("daemon");
    daemon_process_->trouble = trouble_;
    daemon_process_->syncs = how_ != mutation::sync_does_nothing;
    daemon_process_->keeps_pages = how_ != mutation::pages_get_lost;
    daemon_process_->on_effect = [this](std::string_view) { on_effect(); };
    daemon_process_->on_lock = [this] { on_lock(); };
    daemon_vfs_.serve(daemon_process_);
    effects_ = 0;
    dead_ = false;
    choose_stop();
    notes_.note("the daemon starts, life " + std::to_string(lives_));
    daemon_life::surroundings around(plan_, how_, context_.get_executor(), time_, daemon_vfs_, server_,
                                     witness_, notes_);
    around.tamper = [this] { return witness_.looks() ? &witness_.eyes() : nullptr; };
    try {
        daemon_ = std::make_unique<daemon_life>(around, file_, plan_.daemon.fork());
        witness_process_ = std::make_shared<process>("witness");
        witness_vfs_.serve(witness_process_);
        witness_.look_through(std::make_unique<connection>(database_file, witness_vfs_.name()));
    } catch (const std::runtime_error& why) {
        notes_.note(std::string("it does not start: ") + why.what());
        if (daemon_process_->alive) {
            end_process(false);
            restart_in(seconds(1));
        }
        bury();
    }
}

void world::choose_stop() {
    next_stop_.reset();
    if (calm_ || stops_taken_ == plan_.stops.size()) return;
    const auto& next = plan_.stops[stops_taken_++];
    if (!next.at) {
        next_stop_ = next;
        return;
    }
    const auto when = std::max(since_begin(*next.at), time_.steady() + milliseconds(1));
    agenda_.at(when, [this, life = lives_, stop = next] {
        if (life != lives_ || !daemon_ || dead_ || calm_) return;
        strike(stop);
    });
}

void world::on_effect() {
    ++effects_;
    if (!next_stop_ || effects_ < next_stop_->effects || calm_) return;
    const auto stop = *next_stop_;
    next_stop_.reset();
    strike(stop);
}

// Who goes to the database again and again while time stands still has lost its way.
void world::on_lock() {
    if (locked_at_ != time_.steady()) locks_ = 0;
    locked_at_ = time_.steady();
    if (++locks_ != locks_a_moment_max) return;
    notes_.violate("spins", "the daemon goes round and lets no time pass");
    strike(planned_stop());
}

void world::strike(const planned_stop& how) {
    if (how.what == planned_stop::kind::drain) {
        notes_.note("SIGTERM");
        ++figures_.drains;
        if (how.effects > 0) { // a kill follows while it drains
            next_stop_ = how;
            next_stop_->what = planned_stop::kind::kill;
            next_stop_->effects += effects_;
        }
        daemon_->stop();
        restart_in(std::max(how.down_for, milliseconds(1)));
        return;
    }
    const bool with_power = how.what == planned_stop::kind::power_cut;
    notes_.note(with_power ? "power cut" : "kill -9");
    ++(with_power ? figures_.power_cuts : figures_.kills);
    end_process(with_power);
    if (how.reboots) time_.reboot("boot " + std::to_string(lives_));
    restart_in(std::max(how.down_for, milliseconds(1)));
}

void world::end_process(bool with_power) {
    server_.client_died();
    machine_.kill(*daemon_process_);
    if (witness_process_) machine_.kill(*witness_process_);
    if (with_power) {
        neighbours_.power_cut();
        machine_.cut_power();
    }
    dead_ = true;
}

void world::take_down_what_ended() {
    if (!dead_ && daemon_ && daemon_->ended()) {
        notes_.note(daemon_->ended_well() ? "the daemon has ended" : "the daemon ends and leaves doubt");
        if (daemon_->gave_up()) ++figures_.give_ups;
        if (daemon_->ended_well()) {
            daemon_->drop_engine();
            advance(time_.steady());
            if (daemon_->parts_alive()) notes_.violate("drain", "a task outlives the drain");
            witness_.check_bookkeeping();
            witness_.look_away();
        } else {
            end_process(false);
        }
        if (daemon_->gave_up()) restart_in(seconds(1));
        dead_ = true;
    }
    if (dead_) bury();
}

void world::bury() {
    advance(time_.steady()); // frames that have not begun, too: forget_waiters() wants nothing to be ready
    if (daemon_ && plan_.teardown.chance(0.5)) daemon_->drop_engine(); // in either order
    time_.forget_waiters();
    daemon_.reset();
    witness_.look_away();
    dead_ = false;
}

void world::restart_in(milliseconds span) {
    agenda_.at(time_.steady() + span, [this, life = lives_] {
        if (life != lives_ || finishing_) return; // somebody else has started it, or nobody wants it any more
        if (!daemon_)
            start_daemon();
        else
            restart_in(milliseconds(100)); // it still drains
    });
}

// --- the end

void world::calm_down() {
    notes_.note("calm");
    calm_ = true;
    next_stop_.reset();
    trouble_ = disk_trouble::none;
    neighbours_.meet(disk_trouble::none);
    if (daemon_process_) daemon_process_->trouble = disk_trouble::none;
    server_.calm();
    time_.step_wall(-stepped_);
    stepped_ = milliseconds(0);
    if (plan_.reloads.empty()) return;
    serve_all_accounts();
    if (daemon_ && !dead_ && !daemon_->ended()) daemon_->reload(file_);
}

milliseconds world::bound_ms() const {
    auto slowest = milliseconds(0);
    for (const auto& one : plan_.accounts) {
        const auto requests_a_row = 6;
        slowest = std::max(slowest, milliseconds(minutes(requests_a_row)) / one.rate.requests_per_minute);
    }
    const auto a_row = slowest + plan_.settle * 3 + plan_.limits.backoff.max + seconds(1);
    const auto rows = static_cast<std::int64_t>(plan_.rows.size());
    return minutes(6) + plan_.active + a_row * rows;
}

std::int64_t world::unfinished() {
    if (!witness_.looks()) return -1;
    return witness_.eyes().number(
        "SELECT coalesce(sum(messages), 0) FROM counters WHERE status IN ('pending', 'sending')");
}

void world::await_the_end() {
    const auto last = time_.steady() + bound_ms();
    auto resumes = time_.steady();
    while (time_.steady() < last) {
        if (time_.steady() >= resumes) { // also what the daemon itself has paused
            neighbours_.mend();
            resumes = time_.steady() + seconds(5);
        }
        run_until(time_.steady() + between_looks);
        if (unfinished() != 0 || agenda_.next() != steady_time::max()) continue;
        run_until(time_.steady() + daemons_tick * 2); // rows whose time is over are swept up too
        return;
    }
    const auto left = unfinished();
    if (daemon_) notes_.note("gates: " + daemon_->gates());
    std::string which;
    if (witness_.looks())
        witness_.eyes().query("SELECT id, status, due_at, coalesce(error, '') FROM messages WHERE status IN "
                              "('pending', 'sending')",
                              {}, [&](const connection::row& r) {
                                  which +=
                                      " " + std::to_string(r.number(0)) + " " + r.text(1) + " due in " +
                                      std::to_string(r.number(2) - time_.wall().time_since_epoch().count()) +
                                      " ms " + r.text(3) + ";";
                              });
    notes_.violate("stuck", std::to_string(left) + " rows have not come to an end:" + which);
}

// All that waits has come to its end: there is one API for each account of the file, and no more, as soon as
// the last request over a former one has had its answer (of a status, say, or for a row that was taken away).
void world::check_accounts() {
    const auto last = time_.steady() + apis_outlive_max;
    while (daemon_ && daemon_->apis_alive() > file_.accounts.size() && time_.steady() < last)
        run_until(time_.steady() + between_looks);
    if (!daemon_) return;
    std::set<std::string> served = daemon_->accounts();
    for (const auto number : file_.accounts)
        if (!served.contains(plan_.accounts.at(number).name))
            notes_.violate("unserved",
                           "an account of the file is not served: " + plan_.accounts.at(number).name);
    if (daemon_->apis_alive() > file_.accounts.size())
        notes_.violate("kept", std::to_string(daemon_->apis_alive()) + " APIs are there for " +
                                   std::to_string(file_.accounts.size()) + " accounts");
}

void world::finish() {
    finishing_ = true;
    witness_.check_bookkeeping();
    if (daemon_ && notes_.violations().empty()) check_accounts();
    if (daemon_) {
        daemon_->stop();
        run_until(time_.steady() + plan_.drain + seconds(1));
        if (daemon_) notes_.violate("hang", "the daemon does not end after SIGTERM");
    }
    if (daemon_) {
        end_process(false);
        bury();
    }
    judge(plan_, server_, neighbours_, witness_vfs_, notes_, figures_);
}

} // namespace cannedd::simulation
