// Entry point: reads the command line and the configuration, then hands over. Exit codes: exit_code.hpp.
#include "acting_owner.hpp"
#include "application.hpp"
#include "command_line.hpp"
#include "config/database_path.hpp"
#include "config/settings.hpp"
#include "doctor/doctor.hpp"
#include "enqueue.hpp"
#include "exit_code.hpp"
#include "log_output.hpp"
#include "process_environment.hpp"
#include "queue/sqlite_store.hpp"
#include "salvage.hpp"
#include "service/reload_request.hpp"
#include "start_checks.hpp"
#include "store_opening.hpp"

#include <boost/asio/io_context.hpp>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>
#include <variant>

namespace {

using namespace cannedd;

int exit_with(exit_code code) {
    return static_cast<int>(code);
}

// What ends a start: the journal takes a priority from the front of a line (sd-daemon(3)).
std::ostream& complain() {
    static const bool to_journal = std::getenv("JOURNAL_STREAM") != nullptr;
    return std::cerr << (to_journal ? "<3>" : "");
}

void print(const std::vector<config_fault>& faults) {
    for (const auto& fault : faults)
        complain() << to_line(fault) << '\n';
}

int no_queue(const settings& configured) {
    complain() << "cannedd: there is no queue at " << configured.database.string()
               << ": put the copy there first, then look for what was sent\n";
    return exit_with(exit_code::configuration);
}

int check_config() {
    std::cout << "the configuration is good\n";
    return exit_with(exit_code::done);
}

int locked_by_another(const settings& configured) {
    complain() << "cannedd: another cannedd has the database " << configured.database.string()
               << ": stop it first, or give this one a database of its own\n";
    return exit_with(exit_code::locked);
}

// A queue that is lost, not new, is the one thing that it does not ask about.
int init(const settings& configured, database_lock& lock) {
    log_output lines(configured.format);
    logger log(configured.level, lines.sink());
    boost::asio::io_context context;
    const auto time = make_system_time(context.get_executor());
    store_settings where;
    where.database = configured.database;
    const auto store = open_store_patiently(where, *time, log);
    lock.remember();
    std::cout << configured.database.string() << " is ready\n";
    return exit_with(exit_code::done);
}

// Asio names the system call that failed; what helps is the limit.
std::string with_remedy(std::string sentence) {
    const bool says_it = sentence.find("LimitNOFILE") != std::string::npos;
    if (!says_it && sentence.find(std::strerror(EMFILE)) != std::string::npos)
        sentence += ": raise the limit of open files (LimitNOFILE in the unit, ulimit -n)";
    return sentence;
}

// What needs the database alone, and no secret.
int on_the_database(const command& asked) {
    auto database = asked.database;
    if (database.empty()) {
        const auto named = database_named_in(asked.config);
        if (const auto* faults = std::get_if<std::vector<config_fault>>(&named)) {
            print(*faults);
            return exit_with(exit_code::configuration);
        }
        database = std::get<std::filesystem::path>(named);
    }
    boost::asio::io_context context;
    const auto time = make_system_time(context.get_executor());
    if (asked.what == task::salvage) return exit_with(run_salvage(asked, database, *time));
    const acting_owner owner(database.parent_path());
    return exit_with(run_enqueue(asked, database, *time));
}

int start(const command& asked) {
    auto checks = start_checks();
    checks.database_directory = asked.what == task::check_config;
    auto loaded = load_settings(asked.config, environment_of_process(), checks);
    if (const auto* faults = std::get_if<std::vector<config_fault>>(&loaded)) {
        print(*faults);
        return exit_with(exit_code::configuration);
    }
    auto configured = std::move(std::get<settings>(loaded));
    if (asked.what == task::check_config) return check_config();
    if (asked.what == task::doctor)
        return run_doctor(configured, asked.config, asked.conversation_id, std::cout);
    const acting_owner owner(configured.database.parent_path());
    if (asked.what == task::requeue_unproven && !std::filesystem::exists(configured.database))
        return no_queue(configured);
    auto lock = database_lock::acquire(configured.database);
    if (!lock) return locked_by_another(configured);
    if (asked.what == task::init) return init(configured, *lock);
    if (asked.what == task::run) std::signal(SIGTERM, [](int) { std::_Exit(0); }); // until somebody listens
    ask_for_short_slices();
    application daemon(asked, std::move(configured), *lock);
    return exit_with(daemon.run());
}

int run(const command& asked) {
    if (asked.what == task::enqueue || asked.what == task::salvage) return on_the_database(asked);
    if (asked.what == task::reload) return exit_with(ask_to_reload(asked.daemon));
    return start(asked);
}

} // namespace

int main(int argc, char** argv) {
    open_missing_standard_streams(); // before anything else takes their numbers
    std::signal(SIGHUP, SIG_IGN);    // until somebody listens: a reload that comes too early must end nobody
    std::signal(SIGPIPE, SIG_IGN);
    use_sqlite_from_one_thread_only(); // what resolves names in threads of its own needs none
    const auto parsed = parse_command_line(argc, argv);
    if (const auto* text = std::get_if<command_text>(&parsed)) {
        (text->exit == 0 ? std::cout : std::cerr) << text->text;
        return text->exit;
    }
    const auto& asked = std::get<command>(parsed);
    try {
        return run(asked);
    } catch (const unusable_setting& refused) {
        complain() << "cannedd: " << with_remedy(refused.what()) << '\n';
        return exit_with(exit_code::configuration);
    } catch (const std::runtime_error& failed) { // the environment, at start
        complain() << "cannedd: " << with_remedy(failed.what()) << '\n';
        return exit_with(exit_code::database);
    } catch (const std::exception& bug) {
        complain() << "cannedd: this is a bug, please report it: " << bug.what() << '\n';
        return exit_with(exit_code::bug);
    }
}
