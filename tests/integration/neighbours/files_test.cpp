// The files of the queue: made so that every neighbour may write, and refused, untouched and with a sentence,
// when somebody has spoiled them.
#include "service.hpp"

#include <csignal>
#include <cstring>
#include <fstream>

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr unsigned producer_id = 65533;

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {(std::istreambuf_iterator<char>(in)), {}};
}

unsigned mode_of(const fs::path& file) {
    struct stat found {};
    BOOST_REQUIRE(::stat(file.c_str(), &found) == 0);
    return found.st_mode & 07777U;
}

unsigned group_of(const fs::path& file) {
    struct stat found {};
    BOOST_REQUIRE(::stat(file.c_str(), &found) == 0);
    return found.st_gid;
}

fs::path with_ending(const fs::path& database, const std::string& ending) {
    return database.string() + ending;
}

// A directory as systemd/cannedd.tmpfiles makes it: setgid, for daemon and producers.
fs::path make_state_directory(service& of) {
    const auto state = of.files().directory() / "state";
    fs::create_directory(state);
    if (may_choose_users()) BOOST_REQUIRE(::chown(state.c_str(), service_id, service_id) == 0);
    BOOST_REQUIRE(::chmod(state.c_str(), 02770) == 0);
    return state;
}

void check_refused(const finished_process& run, const std::string& sentence) {
    BOOST_TEST(run.status == (exit_status{74, {}}));
    BOOST_TEST(says(run.errors, sentence), run.errors);
}

// A small file system of the test's own.
class small_disk {
public:
    explicit small_disk(fs::path at) : at_(std::move(at)) {
        fs::create_directory(at_);
        mounted_ = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, "size=3m") == 0;
    }
    ~small_disk() {
        if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
    }
    small_disk(const small_disk&) = delete;
    small_disk& operator=(const small_disk&) = delete;
    bool mounted() const { return mounted_; }

private:
    fs::path at_;
    bool mounted_ = false;
};

fs::path fill_up(const fs::path& disk) {
    auto ballast = disk / "ballast";
    std::ofstream file(ballast, std::ios::binary);
    while (file << std::string(4096, 'x') << std::flush) {
    }
    return ballast;
}

// A daemon that runs, and whose queue has a disk of its own.
struct on_a_small_disk {
    on_a_small_disk() {
        BOOST_REQUIRE(disk.mounted());
        one.move_database(place / "queue.db");
        one.start();
    }
    simulator genesys;
    service one{genesys};
    const fs::path place = one.files().directory() / "disk";
    const small_disk disk{place};
};

boost::test_tools::assertion_result needs_mount(boost::unit_test::test_unit_id) {
    const temp_directory folder;
    boost::test_tools::assertion_result may(small_disk(folder / "disk").mounted());
    may.message() << "SKIPPED: the small file system that this test fills cannot be mounted";
    return may;
}

} // namespace

BOOST_AUTO_TEST_SUITE(neighbours_files_)

BOOST_AUTO_TEST_CASE(every_file_of_the_queue_is_its_groups_whatever_the_umask) {
    simulator genesys;
    fs::permissions(genesys.directory(), fs::perms(0755)); // root acts as the directory's owner
    for (const std::string umask : {"022", "077"}) {
        service one(genesys, umask == "022" ? 0 : 1);
        fs::permissions(one.files().directory().path(), fs::perms(0755));
        const auto state = make_state_directory(one);
        one.run_behind({"/bin/bash", "-c", "umask " + umask + "; exec \"$@\"", "bash"});
        one.move_database(state / "queue.db");
        one.start();
        std::vector<std::string> texts;
        BOOST_TEST(one.shell("SELECT count(*) FROM messages") == "0\n");
        for (const std::string ending : {"", "-wal", "-shm"}) {
            const auto file = with_ending(one.database(), ending);
            BOOST_TEST(mode_of(file) == 0660U, file << " has mode " << std::oct << mode_of(file));
            BOOST_TEST(group_of(file) == group_of(state));
        }
        BOOST_TEST(one.stop() == (exit_status{0, {}}));
    }
}

BOOST_AUTO_TEST_CASE(a_producer_killed_as_the_last_user_locks_nobody_out,
                     *boost::unit_test::precondition(needs_users)) {
    simulator genesys;
    fs::permissions(genesys.directory(), fs::perms(0755));
    service one(genesys);
    const auto state = make_state_directory(one);
    give(one.files().directory().path(), service_id, service_id);
    BOOST_REQUIRE(::chmod(one.files().directory().path().c_str(), 0755) == 0);
    one.run_behind(as_user(service_id, service_id));
    one.move_database(state / "queue.db");
    std::vector<std::string> texts;
    process_options how;
    how.arguments = as_user(producer_id, service_id);
    how.arguments.erase(how.arguments.begin());
    // It has committed, is in its next transaction, and its -wal and -shm are left behind.
    for (const auto& word : {std::string("/usr/bin/sqlite3"), std::string("-batch"), std::string("-bail"),
                             one.database().string()})
        how.arguments.push_back(word);
    how.input = one.insert_words(3, texts) +
                "\nBEGIN IMMEDIATE;\nDELETE FROM messages;\n.print there\n.shell sleep 60\n";
    child_process producer(as_user(producer_id, service_id).front(), how);
    producer.wait_for_line("there");
    producer.kill();
    BOOST_TEST(fs::exists(with_ending(one.database(), "-wal")));
    one.start();
    one.wait_until_seen();
    BOOST_TEST(one.stop() == (exit_status{0, {}}), one.process().errors());
    one.check_all_sent_once();
}

BOOST_AUTO_TEST_CASE(a_backup_that_root_restored_is_refused_with_the_commands_that_mend_it,
                     *boost::unit_test::precondition(needs_users)) {
    simulator genesys;
    fs::permissions(genesys.directory(), fs::perms(0755));
    service one(genesys);
    one.insert(1);
    give(one.files().directory().path(), service_id, service_id);
    one.run_behind(as_user(service_id, service_id));
    give(one.database(), 0, 0);
    BOOST_REQUIRE(::chmod(one.database().c_str(), 0644) == 0);
    const auto before = bytes_of(one.database());
    check_refused(one.run(), "chown cannedd:cannedd and chmod 660");
    BOOST_TEST((bytes_of(one.database()) == before));
    give(one.database(), service_id, service_id);
    BOOST_REQUIRE(::chmod(one.database().c_str(), 0660) == 0);
    one.start();
    one.wait_until_seen();
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(garbage_in_a_page_is_found_at_start_and_the_file_is_left_as_it_is) {
    simulator genesys;
    service one(genesys);
    one.insert(200);
    one.shell("PRAGMA wal_checkpoint(TRUNCATE)");
    {
        std::fstream file(one.database(), std::ios::in | std::ios::out | std::ios::binary);
        const auto pages = static_cast<int>(fs::file_size(one.database()) / 4096);
        for (int page = pages / 2; page < pages; page += 3) {
            file.seekp(page * 4096);
            file << std::string(512, '\x5a');
        }
    }
    const auto before = bytes_of(one.database());
    check_refused(one.run(), "restore a backup");
    BOOST_TEST((bytes_of(one.database()) == before));
}

BOOST_AUTO_TEST_CASE(a_foreign_trigger_or_a_view_in_a_tables_place_is_refused_at_start) {
    simulator genesys;
    service one(genesys);
    one.files().sql("CREATE TRIGGER send_for_ever AFTER UPDATE ON messages WHEN NEW.status = 'sent' BEGIN "
                    "UPDATE messages SET status = 'pending' WHERE id = NEW.id; END");
    check_refused(one.run(), "the trigger send_for_ever on messages is not cannedd's: drop it");
    one.files().sql("DROP TRIGGER send_for_ever");
    BOOST_TEST(one.run({"--drain"}).status == (exit_status{0, {}}));
    one.files().sql("ALTER TABLE responses RENAME TO hidden; CREATE VIEW responses AS SELECT * FROM hidden");
    check_refused(one.run(), "responses");
}

BOOST_AUTO_TEST_CASE(a_disk_that_fails_while_the_database_is_made_leaves_no_half_made_queue) {
    simulator genesys;
    service one(genesys);
    const auto flag = one.files().directory().write("syncs_fail", "");
    one.preload(FAILING_DISK);
    one.set("CANNEDD_FAIL_SYNCS_WHILE", flag.string());
    std::string words;
    try {
        one.move_database(one.files().directory() / "new.db");
    } catch (const std::runtime_error& refused) {
        words = refused.what();
    }
    BOOST_TEST(says(words, "new.db"), words);
    BOOST_TEST((says(words, "the disk failed") || says(words, "refused WAL mode")), words);
    fs::remove(flag);
    BOOST_TEST(one.run({"--init"}).status == (exit_status{0, {}}));
    BOOST_TEST(one.shell("PRAGMA journal_mode") == "wal\n");
}

BOOST_AUTO_TEST_CASE(a_neighbour_cannot_take_the_database_out_of_wal_mode) {
    simulator genesys;
    service one(genesys);
    one.insert(2);
    // Down: it can; the start undoes it.
    BOOST_TEST(one.shell("PRAGMA journal_mode = delete") != "wal\n");
    one.start();
    BOOST_TEST(one.shell("PRAGMA journal_mode") == "wal\n");
    // Running: SQLite refuses.
    BOOST_TEST(says(one.shell("PRAGMA busy_timeout = 0; PRAGMA journal_mode = delete"), "locked"));
    one.insert(2);
    one.wait_until_seen();
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
    one.check_all_sent_once();
}

BOOST_AUTO_TEST_CASE(a_truncated_shared_memory_file_costs_a_restart_and_nothing_else) {
    simulator genesys;
    service one(genesys);
    one.start();
    std::vector<std::string> texts;
    // By another process: whoever has mapped the file dies with SIGBUS.
    one.shell(one.insert_words(5, texts));
    one.wait_until_seen();
    fs::resize_file(with_ending(one.database(), "-shm"), 0);
    const auto how = one.process().wait();
    const exit_status sanitizers_end{1, {}}; // which catches the signal
    BOOST_TEST((how == exit_status{{}, SIGBUS} || how == sanitizers_end), how);
    one.start();
    BOOST_TEST(one.shell(one.insert_words(5, texts)) == "");
    one.wait_until_seen();
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
    one.check_all_sent_once();
}

BOOST_AUTO_TEST_CASE(too_few_descriptors_at_start_are_one_clear_line) {
    simulator genesys;
    service one(genesys);
    int refused = 0;
    for (int limit = 4; limit <= 40; ++limit) {
        one.run_behind({"/bin/bash", "-c", "ulimit -n " + std::to_string(limit) + "; exec \"$@\"", "bash"});
        const auto run = one.run({"--drain"});
        if (run.status == exit_status{0, {}}) break;
        if (says(run.errors, "error while loading shared libraries")) continue;
        ++refused;
        BOOST_TEST((run.status == exit_status{74, {}} || run.status == exit_status{78, {}}),
                   limit << " descriptors: " << run.status << '\n'
                         << run.errors);
        const auto last = run.errors.rfind('\n', run.errors.size() - 2);
        const auto line = run.errors.substr(last == std::string::npos ? 0 : last + 1);
        BOOST_TEST_MESSAGE(limit << " descriptors: " << run.status << ": " << line);
        BOOST_TEST(!says(run.errors, "terminate called"), run.errors);
        BOOST_TEST(says(line, "LimitNOFILE"), line);
    }
    BOOST_TEST(refused > 0);
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_is_waited_out, on_a_small_disk,
                        *boost::unit_test::precondition(needs_mount)) {
    genesys.faults(R"json([{"match": {"operation": "send"}, "do": "process_then_hold"}])json");
    std::vector<std::string> texts;
    BOOST_TEST(one.shell(one.insert_words(40, texts)) == "");
    eventually([&] { return one.shell("SELECT count(*) FROM messages WHERE status = 'sending'") == "8\n"; },
               "each conversation has one on its way");
    const auto ballast = fill_up(place);
    genesys.faults("[]");
    one.process().wait_for_error_line("the disk is full: free some space");
    BOOST_TEST(
        says(one.shell("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 0) + "', 'x')"),
             "full"));
    fs::remove(ballast);
    one.wait_until_seen();
    eventually([&] { return one.shell("SELECT count(*) FROM messages WHERE status = 'sent'") == "40\n"; },
               "all recorded");
    BOOST_TEST(one.shell("SELECT count(*) FROM messages WHERE attempts <> 1 OR verified") == "0\n");
    one.process().wait_for_error_line("the database works again");
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
    one.check_all_sent_once();
}

BOOST_AUTO_TEST_CASE(rows_that_find_no_room_are_told_by_the_last_line_that_did,
                     *boost::unit_test::precondition(needs_mount)) {
    simulator genesys;
    service one(genesys);
    const small_disk disk(one.files().directory() / "disk");
    BOOST_REQUIRE(disk.mounted());
    one.move_database(one.files().directory() / "disk" / "queue.db");
    process_options options;
    options.arguments = {"--enqueue", "--database", one.database().string()};
    for (int n = 0; n < 3000; ++n)
        options.input +=
            R"({"conversation_id":")" + uuid('c', 1) + R"(","text":")" + std::string(900, 'x') + "\"}\n";
    const auto run = run_process(CANNEDD_BINARY, options);
    check_refused(run, "the disk is full");
    const auto there = one.shell("SELECT count(*) FROM messages");
    const auto rows = there.substr(0, there.find('\n'));
    BOOST_TEST(std::stoi(rows) >= 500);
    BOOST_TEST(run.output ==
               "enqueued " + rows + ", already there 0, refused 0: nothing after line " + rows + "\n");
}

// Nobody writes anything.
BOOST_FIXTURE_TEST_CASE(an_idle_daemon_notices_a_full_disk_and_that_it_is_not_full_any_more, on_a_small_disk,
                        *boost::unit_test::precondition(needs_mount)) {
    const auto log = with_ending(one.database(), "-wal");
    eventually([&] { return fs::file_size(log) == 0; }, "what it still sets free is free");
    const auto ballast = fill_up(place);
    one.process().wait_for_error_line("the disk is full: free some space");
    fs::remove(ballast);
    one.process().wait_for_error_line("the database works again");
    std::vector<std::string> texts;
    BOOST_TEST(one.shell(one.insert_words(1, texts)) == "");
    one.wait_until_seen();
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_SUITE_END()
