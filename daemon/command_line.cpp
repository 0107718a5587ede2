#include "command_line.hpp"

#include "exit_code.hpp"
#include "queue/sqlite_store.hpp"
#include "text/identifier.hpp"

#include <boost/program_options.hpp>

#include <sstream>

namespace cannedd {
namespace {

namespace po = boost::program_options;

// In few words; the page has all of it.
constexpr const char* more_help = R"(
Exit codes: 0 done; 1 --doctor found a fault; 64 usage; 65 --enqueue: a row was refused; 69 another cannedd has the
  database; 70 a bug; 74 the disk or the database failed; 75 what is left waits for a person; 78 configuration
Signals: SIGTERM, SIGINT: finish what is in flight, record it, exit 0; SIGHUP: read the configuration again
Pages: man cannedd (operating it), man cannedd.yaml (configuration), man cannedd-queue (the table `messages`)
)";

po::options_description options(command& asked) {
    po::options_description all("cannedd delivers canned messages into live Genesys Cloud conversations.\n"
                                "Without a task it runs until SIGTERM or SIGINT.\n\nOptions");
    auto add = all.add_options();
    add("config", po::value(&asked.config)->value_name("FILE"),
        "configuration (default /etc/cannedd/cannedd.yaml)");
    add("check-config", "check the configuration and the files it names, print every fault, start nothing");
    add("init", "create or migrate the database, then exit");
    add("drain", "run until no message is pending or sending, then exit");
    add("drain-wait", po::value(&asked.drain_wait_seconds)->value_name("SECONDS"),
        "with --drain: also wait for messages scheduled at most so far ahead (default 0)");
    add("enqueue", "read rows from standard input, a JSON object a line, and put them into the queue");
    add("csv", po::bool_switch(&asked.csv), "with --enqueue: the rows are CSV, the header names the columns");
    add("atomic", po::bool_switch(&asked.atomic), "with --enqueue: all rows or none");
    add("database", po::value(&asked.database)->value_name("FILE"),
        "with --enqueue and --salvage: the queue, so that no configuration is read");
    add("salvage", po::value(&asked.salvage_into)->value_name("NEW"),
        "copy what can be read of a damaged queue into the new file NEW, and say what was lost");
    add("add", po::bool_switch(&asked.add),
        "with --salvage: NEW is a queue that is there, for example a backup, and gets what it lacks");
    add("requeue-unproven",
        "after a restore: look up what is pending, being sent or unconfirmed in its conversation, before any "
        "of it is sent, then exit");
    add("reload", po::value(&asked.daemon)->value_name("PID"),
        "ask that running cannedd to read its configuration again; fails when it is refused");
    add("doctor", "look at everything the daemon depends on; changes nothing");
    add("conversation", po::value(&asked.conversation_id)->value_name("UUID"),
        "with --doctor: what would become of a message for this conversation on each route, and why; sends "
        "nothing");
    add("version", "print the version");
    add("help", "print this help");
    return all;
}

command_text mistake(const std::string& what) {
    return {"cannedd: " + what + "\nTry 'cannedd --help'.\n", static_cast<int>(exit_code::usage)};
}

} // namespace

std::variant<command, command_text> parse_command_line(int argc, const char* const* argv) {
    command asked;
    const auto all = options(asked);
    po::variables_map given;
    try {
        const po::positional_options_description none;
        po::store(po::command_line_parser(argc, argv).options(all).positional(none).run(), given);
        po::notify(given);
    } catch (const po::error& error) {
        return mistake(error.what());
    }
    if (given.contains("help")) {
        std::ostringstream text;
        text << all << more_help;
        return command_text{text.str(), 0};
    }
    if (given.contains("version"))
        return command_text{"cannedd " CANNEDD_VERSION " (SQLite " + sqlite_library_version() + ")\n", 0};
    int tasks = 0;
    const auto choose = [&](const char* name, task what) {
        if (!given.contains(name)) return;
        asked.what = what;
        ++tasks;
    };
    choose("check-config", task::check_config);
    choose("init", task::init);
    choose("drain", task::drain);
    choose("doctor", task::doctor);
    choose("enqueue", task::enqueue);
    choose("salvage", task::salvage);
    choose("requeue-unproven", task::requeue_unproven);
    choose("reload", task::reload);
    if (tasks > 1)
        return mistake(
            "--check-config, --init, --drain, --doctor, --enqueue, --salvage, --requeue-unproven and "
            "--reload exclude each other");
    if ((asked.csv || asked.atomic) && asked.what != task::enqueue)
        return mistake("--csv and --atomic go with --enqueue");
    if (asked.add && asked.what != task::salvage) return mistake("--add goes with --salvage");
    if (given.contains("database") && asked.what != task::enqueue && asked.what != task::salvage)
        return mistake("--database goes with --enqueue and --salvage");
    if (given.contains("drain-wait") && asked.what != task::drain)
        return mistake("--drain-wait goes with --drain");
    if (asked.what == task::reload && asked.daemon <= 1)
        return mistake("--reload takes the daemon's process id");
    if (asked.drain_wait_seconds < 0) return mistake("--drain-wait takes 0 or more seconds");
    if (given.contains("conversation") && asked.what != task::doctor)
        return mistake("--conversation goes with --doctor");
    if (given.contains("conversation") && !is_uuid(asked.conversation_id))
        return mistake("--conversation takes the UUID of a conversation");
    asked.conversation_id = lower_case(asked.conversation_id);
    return asked;
}

} // namespace cannedd
