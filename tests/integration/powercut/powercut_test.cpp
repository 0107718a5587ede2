// The power fails while the real daemon delivers and real producers write. Every write and sync of all of
// them is logged in order, with what customers see and producers are told; then images of the disk are built
// as a power cut at many moments could leave it, and each is opened and judged. The same judges must find
// faults when the daemon's commits are not synced, else they prove nothing.
#include "disk.hpp"
#include "integration/daemon/running_daemon.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr int conversations = 12;
constexpr int producers = 3;
constexpr int rows_of_each = 60;
constexpr int moments = 220; // at which the power is cut
constexpr survivors every_kind[] = {survivors::none, survivors::all, survivors::prefix, survivors::sectors,
                                    survivors::sectors};

std::uint64_t inode_of(const fs::path& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) throw std::runtime_error("no " + path.string());
    return found.st_ino;
}

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {(std::istreambuf_iterator<char>(in)), {}};
}

// For every process that is started while it lives.
class everywhere {
public:
    everywhere(std::string name, const std::string& value) : name_(std::move(name)) {
        if (const char* before = std::getenv(name_.c_str())) before_ = before;
        ::setenv(name_.c_str(), value.c_str(), 1);
    }
    ~everywhere() {
        if (before_)
            ::setenv(name_.c_str(), before_->c_str(), 1);
        else
            ::unsetenv(name_.c_str());
    }
    everywhere(const everywhere&) = delete;
    everywhere& operator=(const everywhere&) = delete;

private:
    std::string name_;
    std::optional<std::string> before_;
};

// Every process that is started while it lives writes the log.
class log_everywhere {
public:
    explicit log_everywhere(const fs::path& log)
        : asan_stands_back_("ASAN_OPTIONS", asan_options()) // it wants to be the first library
        , preloaded_("LD_PRELOAD", WRITE_LOG_LIBRARY)
        , log_("CANNEDD_WRITE_LOG", log.string()) {}

private:
    static std::string asan_options() {
        const char* before = std::getenv("ASAN_OPTIONS");
        return (before != nullptr ? std::string(before) + ":" : "") + "verify_asan_link_order=0";
    }
    everywhere asan_stands_back_, preloaded_, log_;
};

// What happened, as the log tells it.
struct logged_run {
    unsynced_disk disk{0}; // as it was when the log began
    std::vector<std::pair<record_head, std::string>> log;
};

void read_log(const std::string& bytes, logged_run& into) {
    for (std::size_t at = 0; at < bytes.size();) {
        record_head head;
        bytes.copy(reinterpret_cast<char*>(&head), sizeof head, at);
        into.log.emplace_back(head, bytes.substr(at + sizeof head, head.size));
        at += sizeof head + head.size;
    }
}

void run_producers(const running_daemon& daemon, const fs::path& told) {
    std::vector<std::unique_ptr<child_process>> running;
    for (int n = 0; n < producers; ++n) {
        process_options how;
        how.arguments = {daemon.database().string(), told.string(), "producer " + std::to_string(n),
                         std::to_string(conversations), std::to_string(rows_of_each)};
        running.push_back(std::make_unique<child_process>(POWERCUT_PRODUCER, std::move(how)));
    }
    process_options how; // many rows in one transaction, by the plain program
    how.arguments = {"-batch", "-bail", "-cmd", ".timeout 120000", daemon.database().string()};
    for (int batch = 0; batch < 3; ++batch) {
        how.input += "BEGIN IMMEDIATE;\n";
        for (int row = 0; row < 20; ++row)
            how.input += "INSERT INTO messages (conversation_id, text) VALUES ('" +
                         uuid('c', row % conversations) + "', 'shell " + std::to_string(batch) + " " +
                         std::to_string(row) + "');\n";
        how.input += "COMMIT;\n";
    }
    running.push_back(std::make_unique<child_process>("/usr/bin/sqlite3", std::move(how)));
    for (const auto& one : running)
        if (one->wait() != exit_status{0, {}})
            throw std::runtime_error("a producer failed: " + one->errors());
}

// Traffic with faults and one restart, logged. synchronous: empty, NORMAL or OFF.
logged_run run_and_log(const std::string& synchronous) {
    const temp_directory kept;
    const auto log = kept.write("write.log", "");
    const log_everywhere logged(log);
    simulator_options org;
    org.plan = "rate: {limit: 1000000}\n";
    simulator genesys(std::move(org));
    for (int c = 0; c < conversations; ++c)
        genesys.add_conversation({{"id", uuid('c', c)}, {"agent", uuid('a', c)}});
    genesys.faults(R"json([
        {"match": {"operation": "send", "probability": 0.05}, "do": "process_then_close"},
        {"match": {"operation": "send", "probability": 0.05}, "do": "close_before_processing"},
        {"match": {"operation": "send", "probability": 0.4}, "do": {"process_then_delay": 10}}])json");
    running_daemon daemon(
        genesys, "delivery: {settle: 60ms, backoff: {base: 20ms, max: 200ms}, breaker: {failures: 1000}}\n",
        running_daemon::account(genesys, "default",
                                "    rate: {requests_per_minute: 100000, burst: 10000}\n"
                                "    conversation_rate: {messages_per_minute: 60000, burst: 1000}\n"));
    logged_run run;
    run.disk = unsynced_disk(inode_of(daemon.directory().path()));
    run.disk.add_synced("queue.db", inode_of(daemon.database()), bytes_of(daemon.database()));
    const everywhere of("CANNEDD_WRITE_LOG_OF", daemon.directory().path().string());
    process_options how;
    how.environment["CANNEDD_SYNCHRONOUS"] = synchronous;
    daemon.start(how);
    run_producers(daemon, kept / "told");
    daemon.stop();
    daemon.start(how);
    daemon.wait_for("SELECT count(*) FROM messages WHERE status = 'sent'",
                    std::to_string(producers * rows_of_each + 60));
    daemon.stop();
    read_log(bytes_of(log), run);
    return run;
}

// A configuration whose database is in `folder`.
std::string configuration_for(const simulator& genesys, const fs::path& folder, const fs::path& secret) {
    return "database: " + (folder / "queue.db").string() + "\naccounts:\n" +
           running_daemon::account(genesys, "default", "", secret.string()) + "metrics: {listen: ''}\n";
}

finished_process make_queue(const fs::path& config) {
    process_options how;
    how.arguments = {"--init", "--config", config.string()};
    return run_process(CANNEDD_BINARY, std::move(how));
}

struct row {
    std::string status, remote_message_id;
    int attempts = 0;
};

struct finding {
    std::string integrity; // "ok", or what SQLite says
    std::map<std::string, row> rows;
};

std::string column(sqlite3_stmt* of, int number) {
    const auto* text = sqlite3_column_text(of, number);
    return text != nullptr ? reinterpret_cast<const char*>(text) : "";
}

void put_on_disk(const disk_image& image, const fs::path& folder) {
    for (const std::string name : {"queue.db", "queue.db-wal", "queue.db-shm", "queue.db-journal"})
        fs::remove(folder / name);
    for (const auto& [name, bytes] : image) {
        std::ofstream out(folder / name, std::ios::binary);
        out << bytes;
    }
}

// As the next start would.
finding open_queue_at(const fs::path& folder) {
    finding found;
    sqlite3* connection = nullptr;
    sqlite3_open_v2((folder / "queue.db").c_str(), &connection, SQLITE_OPEN_READWRITE, nullptr);
    const auto each = [&](const char* query, auto&& act) {
        sqlite3_stmt* prepared = nullptr;
        int code = sqlite3_prepare_v2(connection, query, -1, &prepared, nullptr);
        while (code == SQLITE_OK && (code = sqlite3_step(prepared)) == SQLITE_ROW) {
            act(prepared);
            code = SQLITE_OK;
        }
        if (code != SQLITE_DONE) found.integrity = sqlite3_errmsg(connection);
        sqlite3_finalize(prepared);
    };
    each("PRAGMA integrity_check(1)", [&](sqlite3_stmt* answer) { found.integrity = column(answer, 0); });
    if (found.integrity == "ok")
        each("SELECT text, status, coalesce(remote_message_id, ''), attempts FROM messages",
             [&](sqlite3_stmt* it) {
                 found.rows[column(it, 0)] = row{column(it, 1), column(it, 2), sqlite3_column_int(it, 3)};
             });
    sqlite3_close(connection);
    return found;
}

// What the world outside knows at some moment.
struct witnesses {
    std::map<std::string, std::string> seen; // text -> message id, by customers
    std::set<std::string> told;              // to producers: it is committed

    void take(const record_head& head, const std::string& bytes) {
        std::istringstream lines(bytes);
        for (std::string line; std::getline(lines, line);) {
            if (line.empty()) continue;
            if (head.kind == record_kind::told) told.insert(line);
            if (head.kind != record_kind::seen) continue;
            const auto message = boost::json::parse(line);
            seen[message.at("text").as_string().c_str()] = message.at("message_id").as_string().c_str();
        }
    }
};

struct verdicts {
    int images = 0, unsound = 0, lost = 0, forgotten = 0, contradicted = 0;
    std::size_t most_unsynced = 0;
    std::string first;

    void note(int& count, const std::string& what) {
        ++count;
        if (first.empty()) first = what;
    }
    int all() const { return unsound + lost + forgotten + contradicted; }
};

void judge(const finding& found, const witnesses& world, verdicts& so_far) {
    ++so_far.images;
    if (found.integrity != "ok") return so_far.note(so_far.unsound, "not sound: " + found.integrity);
    for (const auto& text : world.told)
        if (!found.rows.contains(text))
            so_far.note(so_far.lost, "lost, though the producer was told: " + text);
    for (const auto& [text, id] : world.seen) {
        const auto at = found.rows.find(text);
        if (at == found.rows.end()) {
            so_far.note(so_far.lost, "lost, though the customer has seen it: " + text);
            continue;
        }
        const auto& [status, remote, attempts] = at->second;
        if (status != "sending" && status != "sent" && status != "unconfirmed")
            so_far.note(so_far.forgotten, "the customer has seen it, and it is " + status + " with " +
                                              std::to_string(attempts) + " attempts: " + text);
        if (status == "sent" && !remote.empty() && remote != id)
            so_far.note(so_far.contradicted, "another id than the customer's: " + text);
    }
    for (const auto& [text, it] : found.rows)
        if (it.status == "sent" && !world.seen.contains(text))
            so_far.note(so_far.contradicted, "sent, and no customer has seen it: " + text);
}

// Half of the moments are those at which a customer has just seen a message: then most is at stake.
std::set<std::size_t> choose_moments(const logged_run& run, std::mt19937& chance) {
    std::vector<std::size_t> just_seen;
    for (std::size_t at = 0; at < run.log.size(); ++at)
        if (run.log[at].first.kind == record_kind::seen) just_seen.push_back(at);
    BOOST_REQUIRE(just_seen.size() >= 200U);
    std::set<std::size_t> chosen;
    for (int n = 0; n < moments / 2; ++n) {
        chosen.insert(just_seen[chance() % just_seen.size()]);
        chosen.insert(chance() % run.log.size());
    }
    return chosen;
}

verdicts cut_power_at_many_moments(logged_run run) {
    const auto seed = std::random_device()();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 chance(seed);
    const auto chosen = choose_moments(run, chance);
    const temp_directory disk;
    const fs::path memory = "/dev/shm";
    const auto folder = fs::is_directory(memory) ? memory / disk.path().filename() : disk.path();
    fs::create_directories(folder);
    verdicts found;
    witnesses world;
    for (std::size_t at = 0; at < run.log.size(); ++at) {
        const auto& [head, bytes] = run.log[at];
        run.disk.take(head, bytes);
        world.take(head, bytes);
        if (!chosen.contains(at)) continue;
        found.most_unsynced = std::max(found.most_unsynced, run.disk.unsynced_operations());
        for (const auto kind : every_kind) {
            put_on_disk(run.disk.cut_power(kind, chance), folder);
            judge(open_queue_at(folder), world, found);
        }
    }
    fs::remove_all(folder);
    BOOST_TEST_MESSAGE(found.images << " images of " << run.log.size() << " records, at most "
                                    << found.most_unsynced << " operations not synced: " << found.unsound
                                    << " not sound, " << found.lost << " lost, " << found.forgotten
                                    << " forgotten, " << found.contradicted << " contradicted. "
                                    << found.first);
    return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(powercut_)

BOOST_AUTO_TEST_CASE(no_power_cut_loses_a_message_or_forgets_that_a_customer_saw_it) {
    const auto found = cut_power_at_many_moments(run_and_log(""));
    BOOST_TEST(found.images >= 900);
    BOOST_TEST(found.most_unsynced > 0U);
    BOOST_TEST(found.all() == 0, found.first);
}

BOOST_AUTO_TEST_CASE(commits_that_are_not_synced_are_found_out) {
    const auto found = cut_power_at_many_moments(run_and_log("NORMAL"));
    BOOST_TEST(found.forgotten > 0);
    BOOST_TEST(found.unsound == 0, found.first); // lost, but sound: NORMAL's own promise
}

BOOST_AUTO_TEST_CASE(checkpoints_that_are_not_synced_are_found_out) {
    const auto found = cut_power_at_many_moments(run_and_log("OFF"));
    BOOST_TEST(found.unsound > 0);
}

BOOST_AUTO_TEST_CASE(a_power_cut_while_the_queue_is_made_leaves_one_that_the_next_start_completes) {
    constexpr std::size_t images_wanted = 60;
    simulator genesys;
    const temp_directory kept, fresh, cut;
    const auto secret = kept.write("client_secret", simulator::client_secret);
    ::chmod(secret.c_str(), 0600);
    logged_run run;
    run.disk = unsynced_disk(inode_of(fresh.path()));
    {
        const log_everywhere logged(kept.write("write.log", ""));
        const everywhere of("CANNEDD_WRITE_LOG_OF", fresh.path().string());
        const auto made =
            make_queue(kept.write("fresh.yaml", configuration_for(genesys, fresh.path(), secret)));
        BOOST_REQUIRE_MESSAGE((made.status == exit_status{0, {}}), made.errors);
    }
    read_log(bytes_of(kept / "write.log"), run);
    const auto seed = std::random_device()();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 chance(seed);
    std::set<disk_image> images;
    for (const auto& [head, bytes] : run.log) {
        run.disk.take(head, bytes);
        for (const auto kind : every_kind)
            images.insert(run.disk.cut_power(kind, chance));
    }
    std::vector<disk_image> shuffled(images.begin(), images.end());
    std::ranges::shuffle(shuffled, chance);
    shuffled.resize(std::min(shuffled.size(), images_wanted));
    const auto config = kept.write("cut.yaml", configuration_for(genesys, cut.path(), secret));
    for (const auto& image : shuffled) {
        put_on_disk(image, cut.path());
        const auto completed = make_queue(config);
        BOOST_TEST((completed.status == exit_status{0, {}}), completed.errors);
        BOOST_TEST(open_queue_at(cut.path()).integrity == "ok");
    }
    BOOST_TEST_MESSAGE(images.size() << " different images of " << run.log.size() << " records, "
                                     << shuffled.size() << " tried");
    BOOST_TEST(shuffled.size() > 20U);
}

BOOST_AUTO_TEST_SUITE_END()
