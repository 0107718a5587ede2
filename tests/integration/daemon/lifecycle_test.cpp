// How the daemon starts, refuses to start, reloads, drains and reports.
#include "running_daemon.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>

#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {(std::istreambuf_iterator<char>(in)), {}};
}

void replace_in_config(const running_daemon& daemon, const std::string& from, const std::string& to) {
    auto text = content_of(daemon.config());
    const auto at = text.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    std::ofstream(daemon.config()) << text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(daemon_lifecycle_)

BOOST_AUTO_TEST_CASE(a_second_daemon_on_the_same_database_exits_69) {
    simulator genesys;
    running_daemon daemon(genesys);
    daemon.start();
    const auto second = daemon.run({});
    BOOST_TEST(second.status == (exit_status{69, {}}));
    BOOST_TEST(second.errors.find("another cannedd has the database") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_lock_file_that_is_deleted_lets_no_second_daemon_in) {
    simulator genesys;
    running_daemon daemon(genesys);
    daemon.start();
    const auto file = daemon.database().string() + ".lock";
    std::filesystem::remove(file);
    BOOST_TEST(daemon.run({}).status == (exit_status{69, {}}));
    std::filesystem::remove(file);
    daemon.process().wait_for_error_line(
        "the lock file was deleted or replaced; it is made and locked again");
    eventually([&] { return std::filesystem::exists(file); },
               "the lock file is there again"); // the line may be older
    BOOST_TEST(daemon.run({"--init"}).status == (exit_status{69, {}}));
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
    BOOST_TEST(daemon.run({"--drain"}).status == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(a_log_that_nobody_reads_stops_no_delivery) {
    simulator genesys(unlimited_org());
    running_daemon daemon(genesys, std::string(fast_delivery) + "log: {level: debug}\n",
                          running_daemon::account(genesys, "default", wide_rates));
    constexpr int conversations = 40;
    for (int c = 0; c < conversations; ++c)
        genesys.add_conversation({{"id", uuid('c', c)}, {"agent", uuid('a', c)}});
    daemon.start();
    constexpr int rows = 800; // a pipe takes 64 KiB, and each row is a line of more than 200 bytes
    std::string values;
    for (int n = 0; n < rows; ++n)
        values += std::string(n == 0 ? "" : ",") + "('" + uuid('c', n % conversations) + "', 'unread " +
                  std::to_string(n) + "')";
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES " + values);
    eventually([&] { return daemon.value("SELECT count(*) FROM messages WHERE status = 'sent'") == "800"; },
               "all sent while nobody reads the log");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(a_daemon_whose_streams_are_closed_writes_its_log_into_no_file_of_its_own) {
    simulator genesys;
    running_daemon daemon(genesys);
    process_options bare;
    bare.arguments = {"-c", R"(exec "$0" --drain --config "$1" <&- >&- 2>&-)", CANNEDD_BINARY,
                      daemon.config().string()};
    genesys.add_conversation({{"id", uuid('c', 0)}, {"agent", uuid('a', 0)}});
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 0) + "', 'unheard')");
    BOOST_TEST(run_process("/bin/bash", bare).status == (exit_status{0, {}}));
    BOOST_TEST(daemon.value("SELECT status FROM messages") == "sent");
    BOOST_TEST(content_of(daemon.database().string() + ".lock").find("level=") == std::string::npos);
    BOOST_TEST(daemon.value("PRAGMA integrity_check") == "ok");
}

BOOST_AUTO_TEST_CASE(exit_codes_of_mistakes) {
    simulator genesys;
    running_daemon daemon(genesys);
    BOOST_TEST(daemon.run({"--no-such-option"}).status == (exit_status{64, {}}));
    BOOST_TEST(daemon.run({"--init", "--drain"}).status == (exit_status{64, {}}));
    BOOST_TEST(daemon.run({"--drain-wait", "5"}).status == (exit_status{64, {}}));
    BOOST_TEST(daemon.run({"--version"}).status == (exit_status{0, {}}));
    const auto help = daemon.run({"--help"});
    BOOST_TEST(help.status == (exit_status{0, {}}));
    for (const char* words : {"Exit codes: 0 done", "78 configuration", "SIGHUP", "man cannedd.yaml"})
        BOOST_TEST(help.output.find(words) != std::string::npos, words);
    BOOST_TEST(daemon.run({"--check-config"}).status == (exit_status{0, {}}));
    replace_in_config(daemon, "database:", "dtabase:");
    const auto checked = daemon.run({"--check-config"});
    BOOST_TEST(checked.status == (exit_status{78, {}}));
    BOOST_TEST(checked.errors.find("cannedd.yaml:1: ") != std::string::npos);
    process_options nowhere;
    nowhere.arguments = {"--config", "/nowhere/cannedd.yaml"};
    BOOST_TEST(run_process(CANNEDD_BINARY, nowhere).status == (exit_status{78, {}}));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_a_database_exits_74) {
    simulator genesys;
    running_daemon daemon(genesys);
    replace_in_config(daemon, "queue.db", "other.db");
    daemon.directory().write("other.db", std::string(8192, 'x'));
    BOOST_TEST(daemon.run({}).status == (exit_status{74, {}}));
}

BOOST_AUTO_TEST_CASE(what_was_sent_is_not_looked_for_in_a_queue_that_is_not_there) {
    simulator genesys;
    running_daemon daemon(genesys);
    replace_in_config(daemon, "queue.db", "elsewhere.db");
    const auto refused = daemon.run({"--requeue-unproven"});
    BOOST_TEST(refused.status == (exit_status{78, {}}));
    BOOST_TEST(refused.errors.find("there is no queue at") != std::string::npos, refused.errors);
    BOOST_TEST(!std::filesystem::exists(daemon.directory().path() / "elsewhere.db"));
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_not_there_exits_74_and_says_how_it_must_be) {
    simulator genesys;
    running_daemon daemon(genesys);
    replace_in_config(daemon, "queue.db", "nowhere/queue.db");
    const auto refused = daemon.run({"--init"});
    BOOST_TEST(refused.status == (exit_status{74, {}}));
    BOOST_TEST(refused.errors.find("its directory must be there and belong to the daemon") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_metrics_port_that_is_taken_is_tried_again_while_delivery_goes_on) {
    auto first = std::make_unique<simulator>();
    simulator genesys;
    genesys.add_conversation({{"id", uuid('c', 1)}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys);
    const auto taken = first->url().substr(8); // https://127.0.0.1:PORT: somebody listens there
    replace_in_config(daemon, "metrics: {listen: ''}", "metrics: {listen: '" + taken + "'}");
    daemon.begin(); // which of this line and "ready" comes first is not promised
    daemon.process().wait_for_error_line("metrics are not served, delivery goes on");
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 1) + "', 'hello')");
    daemon.wait_for("SELECT status FROM messages", "sent");
    first.reset();
    const auto line = daemon.process().wait_for_error_line("metrics are served");
    BOOST_TEST(line.find(taken) != std::string::npos, line);
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(a_producers_lock_at_a_start_is_waited_for) {
    simulator genesys;
    genesys.add_conversation({{"id", uuid('c', 1)}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys);
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 1) + "', 'hello')");
    daemon.sql("BEGIN IMMEDIATE");
    daemon.begin();
    daemon.process().wait_for_error_line("another process holds the database's lock");
    daemon.sql("COMMIT");
    daemon.wait_for("SELECT status FROM messages", "sent");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(a_drain_whose_rest_waits_for_a_person_says_so_and_exits_75) {
    simulator genesys;
    running_daemon daemon(genesys);
    daemon.start();
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
    daemon.sql("UPDATE accounts SET paused = 1");
    for (int row = 0; row < 3; ++row)
        daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 1) + "', 'hello')");
    const auto left = daemon.run({"--drain"});
    BOOST_TEST(left.status == (exit_status{75, {}}));
    BOOST_TEST(left.errors.find("3 of account default (paused") != std::string::npos, left.errors);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_none_is_refused_by_the_check_and_by_a_reload_and_can_be_mended) {
    simulator genesys;
    genesys.add_conversation({{"id", uuid('c', 1)}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys);
    const auto garbage = daemon.directory() / "garbage.pem";
    std::ofstream(garbage)
        << "-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";
    const auto good = running_daemon::account(genesys, "second");
    auto bad = good;
    const auto at = bad.find("ca_file: ") + 9;
    bad.replace(at, bad.find('\n', at) - at, garbage.string());
    daemon.start();
    replace_in_config(daemon, "accounts:\n", "accounts:\n" + bad);
    BOOST_TEST(daemon.run({"--check-config"}).status == (exit_status{78, {}}));
    daemon.process().send_signal(SIGHUP);
    daemon.process().wait_for_error_line("nothing changes");
    replace_in_config(daemon, bad, good);
    daemon.process().send_signal(SIGHUP);
    daemon.process().wait_for_error_line("configuration was read again");
    daemon.sql("INSERT INTO messages (account, conversation_id, text) VALUES ('second', '" + uuid('c', 1) +
               "', 'hello')");
    daemon.wait_for("SELECT status FROM messages", "sent");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(a_renewed_ca_file_is_taken_by_a_reload) {
    simulator stranger;
    simulator genesys;
    genesys.add_conversation({{"id", uuid('c', 1)}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys, fast_delivery);
    const auto bundle = daemon.directory() / "bundle.pem";
    const auto copy = std::filesystem::copy_options::overwrite_existing;
    std::filesystem::copy_file(stranger.ca_file(), bundle, copy);
    replace_in_config(daemon, "ca_file: " + std::string(genesys.ca_file()), "ca_file: " + bundle.string());
    daemon.start();
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 1) + "', 'hello')");
    daemon.wait_for("SELECT error FROM messages", "tls");
    std::filesystem::copy_file(genesys.ca_file(), bundle, copy);
    daemon.process().send_signal(SIGHUP);
    daemon.wait_for("SELECT status FROM messages", "sent");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(a_bug_exits_70_and_what_was_in_flight_is_sent_once) {
    simulator genesys;
    genesys.add_conversation({{"id", uuid('c', 1)}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys, "delivery: {settle: 60ms}\n");
    process_options buggy;
    buggy.environment = {{"CANNEDD_DEBUG_BUG_AT", "after_answer"}};
    daemon.start(buggy);
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 1) + "', 'hello')");
    BOOST_TEST(daemon.process().wait() == (exit_status{70, {}}));
    BOOST_TEST(daemon.errors().find("this is a bug, please report it") != std::string::npos);
    BOOST_TEST(daemon.value("SELECT status FROM messages") == "sending");
    daemon.start();
    daemon.wait_for("SELECT status || verified FROM messages", "sent1");
    BOOST_TEST(genesys.transcript().size() == 1U);
}

BOOST_AUTO_TEST_CASE(sighup_takes_a_good_configuration_and_refuses_a_faulty_one) {
    simulator genesys;
    genesys.add_conversation({{"id", uuid('c', 1)}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys);
    daemon.start();
    replace_in_config(daemon, "metrics:", "delivery: {attempts: 0}\nmetrics:");
    daemon.process().send_signal(SIGHUP);
    daemon.process().wait_for_error_line("nothing changes");
    replace_in_config(daemon, "attempts: 0", "attempts: 3");
    replace_in_config(daemon, "accounts:\n", "accounts:\n" + running_daemon::account(genesys, "second"));
    daemon.process().send_signal(SIGHUP);
    daemon.process().wait_for_error_line("configuration was read again");
    daemon.sql("INSERT INTO messages (account, conversation_id, text) VALUES ('second', '" + uuid('c', 1) +
               "', 'hello')");
    daemon.wait_for("SELECT status FROM messages", "sent");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(drain_leaves_what_is_scheduled_further_ahead) {
    simulator genesys;
    genesys.add_conversation({{"id", uuid('c', 1)}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys);
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 1) + "', 'now')");
    daemon.sql("INSERT INTO messages (conversation_id, text, not_before) SELECT '" + uuid('c', 1) +
               "', 'later', created_at + 3600000 FROM messages");
    BOOST_TEST(daemon.run({"--drain", "--drain-wait", "5"}).status == (exit_status{0, {}}));
    BOOST_TEST(daemon.value("SELECT group_concat(status) FROM (SELECT status FROM messages ORDER BY id)") ==
               "sent,pending");
}

BOOST_AUTO_TEST_CASE(a_start_with_a_paused_account_says_why_nothing_leaves) {
    simulator genesys;
    running_daemon daemon(genesys);
    daemon.start();
    daemon.sql("UPDATE accounts SET paused = 1, paused_reason = 'holidays'");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
    daemon.start();
    BOOST_TEST(daemon.errors().find("the account is paused, its rows wait until paused is set to 0\" "
                                    "account=default reason=holidays") != std::string::npos,
               daemon.errors());
}

BOOST_AUTO_TEST_CASE(an_account_that_comes_back_by_a_reload_is_remembered) {
    simulator genesys;
    running_daemon daemon(genesys);
    const auto second = running_daemon::account(genesys, "second");
    replace_in_config(daemon, "accounts:\n", "accounts:\n" + second);
    daemon.start();
    daemon.sql("UPDATE accounts SET paused = 1 WHERE account = 'second'");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
    replace_in_config(daemon, second, "");
    daemon.start();
    BOOST_TEST(daemon.errors().find("the account is paused") == std::string::npos);
    replace_in_config(daemon, "accounts:\n", "accounts:\n" + second);
    daemon.process().send_signal(SIGHUP);
    daemon.process().wait_for_error_line("configuration was read again");
    BOOST_TEST(daemon.errors().find("the account is paused, its rows wait until paused is set to 0\" "
                                    "account=second") != std::string::npos,
               daemon.errors());
}

BOOST_AUTO_TEST_CASE(the_doctor_finds_what_is_well_and_what_is_not) {
    simulator genesys;
    running_daemon daemon(genesys);
    const auto well = daemon.run({"--doctor"});
    BOOST_TEST(well.status == (exit_status{0, {}}), well.output);
    for (const std::string line :
         {"ok    schema  version", "ok    pages  all make sense", "  space  ", "ok    token default",
          "ok    permission default  conversation:message:view", "ok    route default  agentless",
          "ok    clock default"})
        BOOST_TEST(well.output.find(line) != std::string::npos, line << " in\n" << well.output);
    genesys.faults(R"json([{"match": {"operation": "read_back"}, "do": {"status": 403}}])json");
    const auto forbidden = daemon.run({"--doctor"});
    BOOST_TEST(forbidden.status == (exit_status{1, {}}));
    BOOST_TEST(forbidden.output.find("fail  permission default  conversation:message:view") !=
                   std::string::npos,
               forbidden.output);
    replace_in_config(daemon, "client_secret_file: client_secret", "client_secret_file: wrong_secret");
    const auto refused = daemon.run({"--doctor"});
    BOOST_TEST(refused.status == (exit_status{1, {}}));
    BOOST_TEST(refused.output.find("fail  token default") != std::string::npos, refused.output);
}

BOOST_AUTO_TEST_CASE(the_doctor_tells_what_the_running_daemon_has_paused) {
    simulator genesys;
    genesys.add_conversation({{"id", uuid('c', 1)}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys);
    replace_in_config(daemon, "client_secret_file: client_secret", "client_secret_file: wrong_secret");
    daemon.start();
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 1) + "', 'hello')");
    daemon.wait_for("SELECT paused FROM accounts", "1");
    replace_in_config(daemon, "client_secret_file: wrong_secret", "client_secret_file: client_secret");
    const auto paused = daemon.run({"--doctor"});
    BOOST_TEST(paused.status == (exit_status{1, {}}));
    BOOST_TEST(paused.output.find("fail  account default  paused, nothing of it is sent: ") !=
                   std::string::npos,
               paused.output);
    daemon.stop(); // it has read the wrong secret, and would pause again
    daemon.sql("UPDATE accounts SET paused = 0");
    const auto mended = daemon.run({"--doctor"});
    BOOST_TEST(mended.status == (exit_status{0, {}}), mended.output);
}

BOOST_AUTO_TEST_CASE(the_database_may_be_written_by_its_group) {
    simulator genesys;
    running_daemon daemon(genesys);
    namespace fs = std::filesystem;
    BOOST_TEST((fs::status(daemon.database()).permissions() == fs::perms(0660)));
}

BOOST_AUTO_TEST_CASE(no_secret_and_no_text_is_logged) {
    simulator genesys;
    genesys.add_conversation({{"id", uuid('c', 1)}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys, "log: {level: debug}\n");
    genesys.faults(
        R"json([{"match": {"operation": "send", "nth": 1}, "do": {"status": 400, "body": "echo_token"}}])json");
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 1) +
               "', 'word-of-the-customer'), ('" + uuid('c', 1) + "', 'word-of-the-customer')");
    daemon.start();
    daemon.wait_for("SELECT group_concat(status) FROM (SELECT status FROM messages ORDER BY id)",
                    "failed,sent");
    daemon.stop();
    BOOST_TEST(daemon.errors().find("word-of-the-customer") == std::string::npos);
    BOOST_TEST(daemon.errors().find(simulator::client_secret) == std::string::npos);
    BOOST_TEST(daemon.value("SELECT error_detail LIKE '%***%' FROM messages WHERE id = 1") == "1");
}

BOOST_AUTO_TEST_CASE(root_leaves_no_file_of_its_own_in_a_directory_of_anothers) {
    constexpr uid_t nobody = 65534;
    if (::geteuid() != 0) {
        BOOST_TEST_MESSAGE("SKIPPED: only root can give a directory away");
        return;
    }
    simulator genesys;
    running_daemon daemon(genesys);
    const auto folder = daemon.directory() / "theirs";
    std::filesystem::create_directory(folder);
    for (const auto& way :
         {daemon.directory().path(), std::filesystem::path(genesys.ca_file()).parent_path()})
        std::filesystem::permissions(way, std::filesystem::perms(0755));
    BOOST_REQUIRE_EQUAL(::chown(folder.c_str(), nobody, nobody), 0);
    replace_in_config(daemon, daemon.database().string(), (folder / "queue.db").string());
    BOOST_TEST(daemon.run({"--init"}).status == (exit_status{0, {}}));
    daemon.start();
    daemon.process().send_signal(SIGHUP); // its secret is root's alone
    daemon.process().wait_for_error_line("the configuration was read again and is in force");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
    BOOST_TEST(daemon.run({"--drain"}).status == (exit_status{0, {}}));
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        struct stat found {};
        BOOST_REQUIRE_EQUAL(::stat(file.path().c_str(), &found), 0);
        BOOST_TEST(found.st_uid == nobody, file.path());
    }
}

BOOST_AUTO_TEST_SUITE_END()
