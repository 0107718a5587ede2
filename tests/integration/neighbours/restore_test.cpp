// A backup is put in place, rightly or under a running daemon; a file is damaged, lost or dumped. Nobody
// reads a text twice, and nobody is left without a word.
#include "service.hpp"

#include <fstream>

namespace {

using namespace cannedd;
namespace fs = std::filesystem;

fs::path beside(service& of, const std::string& name) {
    return of.database().parent_path() / name;
}

void move_aside(service& of) {
    fs::create_directory(beside(of, "aside"));
    for (const std::string ending : {"", "-wal", "-shm"}) {
        const fs::path file = of.database().string() + ending;
        if (fs::exists(file)) fs::rename(file, beside(of, "aside") / file.filename());
    }
}

// As cp does: the same file, other bytes.
void copy_over(const fs::path& from, const fs::path& to) {
    std::ifstream in(from, std::ios::binary);
    std::ofstream(to, std::ios::binary | std::ios::trunc) << in.rdbuf();
}

void check_ended_by_it(service& one, const std::string& sentence) {
    one.process().wait_for_error_line(sentence);
    BOOST_TEST(one.process().wait() == (exit_status{74, {}}), one.process().errors());
}

} // namespace

BOOST_AUTO_TEST_SUITE(neighbours_restore_)

BOOST_AUTO_TEST_CASE(what_was_sent_since_the_backup_is_found_and_not_said_again) {
    simulator genesys;
    service one(genesys);
    one.insert(12);
    const auto backup = beside(one, "backup.db");
    one.shell("VACUUM INTO '" + backup.string() + "'");
    one.start();
    one.wait_until_seen();
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
    move_aside(one);
    fs::copy_file(backup, one.database());
    std::vector<std::string> texts;
    BOOST_TEST(one.shell(one.insert_words(2, texts)) == ""); // and these were not
    BOOST_TEST(one.shell("SELECT count(*) FROM messages WHERE status = 'pending'") == "14\n");
    const auto proved = one.run({"--requeue-unproven"});
    BOOST_TEST(proved.status == (exit_status{0, {}}), proved.errors);
    BOOST_TEST(says(proved.errors, "found_and_sent=12 not_found_and_pending=2"), proved.errors);
    BOOST_TEST(one.shell("SELECT status, verified, count(*) FROM messages GROUP BY 1, 2") ==
               "pending|0|2\nsent|1|12\n");
    one.start();
    one.wait_until_seen();
    eventually([&] { return one.shell("SELECT count(*) FROM messages WHERE status = 'sent'") == "14\n"; },
               "all recorded");
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
    one.check_all_sent_once();
}

BOOST_AUTO_TEST_CASE(a_restore_under_a_running_daemon_ends_it_before_anything_is_said_twice) {
    simulator genesys;
    const std::vector<std::string> ways{"cp", ".restore"};
    for (std::size_t n = 0; n < ways.size(); ++n) {
        service one(genesys, static_cast<int>(n));
        one.insert(6);
        const auto backup = beside(one, "backup.db");
        one.shell("VACUUM INTO '" + backup.string() + "'");
        one.start();
        one.wait_until_seen();
        one.wait_for("SELECT count(*) FROM messages WHERE status = 'sent'", "6");
        if (ways[n] == "cp")
            copy_over(backup, one.database());
        else
            BOOST_TEST(one.shell(".restore '" + backup.string() + "'") == "");
        check_ended_by_it(one, ways[n] == "cp" ? "was written over, and not by SQLite,"
                                               : "was set back to an earlier state");
        for (const auto& text : genesys.texts_seen())
            BOOST_TEST(one.times_seen(text) == 1, text);
    }
}

BOOST_AUTO_TEST_CASE(what_can_be_read_of_a_damaged_queue_is_copied_and_can_go_on) {
    simulator genesys;
    service one(genesys);
    one.insert(400);
    one.shell("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto leaf = one.shell("SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf' "
                                "ORDER BY path LIMIT 1 OFFSET 3");
    {
        std::fstream file(one.database(), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp((std::stoll(leaf) - 1) * 4096);
        file << std::string(4096, '\x5a');
    }
    const auto refused = one.run();
    BOOST_TEST(refused.status == (exit_status{74, {}}));
    BOOST_TEST(says(refused.errors, "cannedd --salvage"), refused.errors);
    const auto fresh = beside(one, "fresh.db");
    const auto done = one.run({"--salvage", fresh.string()});
    BOOST_TEST(done.status == (exit_status{0, {}}), done.errors);
    BOOST_TEST(says(done.output, " at most are lost (id "), done.output);
    BOOST_TEST(says(done.output, "the damaged file counted 400 messages"), done.output);
    BOOST_TEST(one.run({"--salvage", fresh.string()}).status == (exit_status{74, {}}));
    move_aside(one);
    fs::rename(fresh, one.database());
    BOOST_TEST(one.shell("SELECT DISTINCT status FROM messages") == "held\n");
    one.start();
    BOOST_TEST(one.run({"--salvage", fresh.string()}).status == (exit_status{69, {}}));
    const auto some = one.shell("SELECT text FROM messages LIMIT 1");
    BOOST_TEST(one.times_seen(some.substr(0, some.size() - 1)) == 0);
    BOOST_TEST(one.shell("UPDATE messages SET status = 'pending' WHERE id = 1") == "");
    eventually([&] { return one.times_seen(some.substr(0, some.size() - 1)) == 1; }, "the replayed one");
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(a_queue_that_was_lost_is_not_taken_for_a_new_one) {
    simulator genesys;
    service one(genesys);
    BOOST_TEST(one.run({"--drain"}).status == (exit_status{0, {}}));
    move_aside(one);
    auto lost = one.run({"--drain"});
    BOOST_TEST(lost.status == (exit_status{74, {}}));
    BOOST_TEST(says(lost.errors, "its lock file shows that there was one"), lost.errors);
    std::ofstream(one.database()) << "";
    BOOST_TEST(one.run({"--drain"}).status == (exit_status{74, {}}));
    const auto made = one.run({"--init"});
    BOOST_TEST(made.status == (exit_status{0, {}}));
    BOOST_TEST(says(made.errors, "the queue is new and empty"), made.errors);
    BOOST_TEST(one.run({"--drain"}).status == (exit_status{0, {}}));
    // Without the lock file: by what else an earlier one left.
    fs::remove(one.database());
    fs::remove(one.database().string() + ".lock");
    fs::create_directory(beside(one, "private"));
    std::ofstream(beside(one, "private") / "default.refresh_token") << "kept";
    lost = one.run({"--drain"});
    BOOST_TEST(lost.status == (exit_status{74, {}}));
    BOOST_TEST(says(lost.errors, "private shows that there was one"), lost.errors);
}

BOOST_AUTO_TEST_CASE(a_dump_of_the_shell_is_refused_with_what_it_lacks_and_then_taken) {
    simulator genesys;
    service one(genesys);
    one.insert(3);
    process_options dump;
    dump.arguments = {"-c", "sqlite3 queue.db .dump >dump.sql && mkdir -p aside && mv queue.db* aside/ && "
                            "sqlite3 queue.db <dump.sql"};
    dump.directory = one.database().parent_path();
    BOOST_REQUIRE(run_process("/bin/sh", dump).status == (exit_status{0, {}}));
    const auto refused = one.run({"--drain"});
    BOOST_TEST(refused.status == (exit_status{74, {}}));
    BOOST_TEST(says(refused.errors, "PRAGMA application_id = 1667329636; PRAGMA user_version = "),
               refused.errors);
    BOOST_TEST(one.shell("PRAGMA application_id = 1667329636; PRAGMA user_version = 1") == "");
    BOOST_TEST(one.run({"--drain"}).status == (exit_status{0, {}}));
    one.check_all_sent_once();
}

BOOST_AUTO_TEST_SUITE_END()
