// --enqueue: rows from a pipe into the queue, with no secret and no daemon.
#include "running_daemon.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

namespace {

using namespace cannedd;

std::string row(int conversation, const std::string& text, const std::string& key = "") {
    return R"({"conversation_id":")" + uuid('c', conversation) + R"(","text":")" + text + '"' +
           (key.empty() ? "" : R"(,"dedup_key":")" + key + '"') + "}\n";
}

finished_process enqueue(const running_daemon& daemon, const std::string& input,
                         std::vector<std::string> more = {}) {
    process_options options;
    options.arguments = {"--enqueue", "--config", daemon.config().string()};
    options.arguments.insert(options.arguments.end(), more.begin(), more.end());
    options.input = input;
    return run_process(CANNEDD_BINARY, options);
}

} // namespace

BOOST_AUTO_TEST_SUITE(enqueue_)

BOOST_AUTO_TEST_CASE(each_refused_row_is_told_by_its_line_and_the_others_are_there) {
    simulator genesys;
    running_daemon daemon(genesys);
    std::filesystem::remove(daemon.directory() / "client_secret"); // none is needed
    const auto input = row(1, "one", "k1") + "{\"conversation_id\":\"42\",\"text\":\"x\"}\n" + "nonsense\n" +
                       row(2, "two", "k2");
    const auto first = enqueue(daemon, input);
    BOOST_TEST(first.status == (exit_status{65, {}}));
    BOOST_TEST(first.output == "enqueued 2, already there 0, refused 2\n");
    BOOST_TEST(first.errors ==
               "line 2: conversation_id must be a UUID\n"
               "line 3: must be one JSON object: {\"conversation_id\": \"...\", \"text\": \"...\"}\n");
    const auto again = enqueue(daemon, row(1, "one", "k1") + row(2, "two", "k2"));
    BOOST_TEST(again.status == (exit_status{0, {}}));
    BOOST_TEST(again.output == "enqueued 0, already there 2, refused 0\n");
    BOOST_TEST(daemon.value("SELECT count(*) FROM messages") == "2");
}

BOOST_AUTO_TEST_CASE(csv_as_copy_writes_it_needs_no_configuration) {
    simulator genesys;
    running_daemon daemon(genesys);
    std::filesystem::remove(daemon.config());
    const auto csv = "dedup_key,conversation_id,text,tag\noutbox-1," + uuid('c', 1) +
                     ",\"two\nlines\",\noutbox-2," + uuid('c', 1) + ",\"She said \"\"hi\"\"\",x\n";
    const auto done = enqueue(daemon, csv, {"--csv", "--database", daemon.database().string()});
    BOOST_TEST(done.status == (exit_status{0, {}}), done.errors);
    BOOST_TEST(daemon.value("SELECT text FROM messages WHERE tag IS NULL") == "two\nlines");
    BOOST_TEST(daemon.value("SELECT text FROM messages WHERE tag = 'x'") == "She said \"hi\"");
    BOOST_TEST(enqueue(daemon, csv, {"--csv"}).status == (exit_status{78, {}}));
    const auto header = enqueue(daemon, "txt\nx\n", {"--csv", "--database", daemon.database().string()});
    BOOST_TEST(header.status == (exit_status{65, {}}));
    BOOST_TEST(header.errors.starts_with("line 1: there is no column 'txt' for producers"), header.errors);
}

BOOST_AUTO_TEST_CASE(atomic_is_all_or_none_and_tells_of_every_row_that_is_refused) {
    simulator genesys;
    running_daemon daemon(genesys);
    const auto none =
        enqueue(daemon, row(1, "one") + "nonsense\n" + row(2, "") + row(3, "three"), {"--atomic"});
    BOOST_TEST(none.status == (exit_status{65, {}}));
    BOOST_TEST(none.errors.find("line 2: must be one JSON object") != std::string::npos, none.errors);
    BOOST_TEST(none.errors.find("line 3: text must be 1 to 4000 characters") != std::string::npos,
               none.errors);
    BOOST_TEST(none.output == "enqueued 0, already there 0, refused 2: nothing was inserted\n");
    BOOST_TEST(daemon.value("SELECT count(*) FROM messages") == "0");
    BOOST_TEST(enqueue(daemon, row(1, "one") + row(3, "three"), {"--atomic"}).status == (exit_status{0, {}}));
    BOOST_TEST(daemon.value("SELECT count(*) FROM messages") == "2");
}

BOOST_AUTO_TEST_CASE(a_row_from_a_pipe_that_stays_open_is_sent_at_once) {
    simulator genesys;
    genesys.add_conversation({{"id", uuid('c', 1)}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys);
    daemon.start();
    const auto rows = daemon.directory().write("rows", row(1, "hello"));
    process_options pipe;
    pipe.directory = daemon.directory().path();
    // Nobody ever writes into the pipe that is read behind the row.
    pipe.arguments = {"-c", "mkfifo silence; { cat rows; exec cat silence; } | exec " CANNEDD_BINARY
                            " --enqueue --config cannedd.yaml"};
    child_process producing("/bin/sh", pipe);
    daemon.wait_for("SELECT status FROM messages", "sent");
    BOOST_TEST(producing.running());
    process_options end;
    end.directory = daemon.directory().path();
    end.arguments = {"-c", ": >silence"};
    run_process("/bin/sh", end);
    BOOST_TEST(producing.wait() == (exit_status{0, {}}));
    BOOST_TEST(producing.output() == "enqueued 1, already there 0, refused 0\n");
}

BOOST_AUTO_TEST_CASE(what_is_repeated_after_a_kill_is_there_once) {
    constexpr int rows = 20'000;
    simulator genesys;
    running_daemon daemon(genesys);
    std::string input;
    for (int i = 0; i < rows; ++i)
        input += row(1 + i % 100, "number " + std::to_string(i), "topic-0-" + std::to_string(i));
    process_options options;
    options.arguments = {"--enqueue", "--config", daemon.config().string()};
    options.input = input;
    {
        child_process producing(CANNEDD_BINARY, options);
        eventually([&] { return daemon.value("SELECT count(*) > 1000 FROM messages") == "1"; }, "rows");
        producing.kill();
    }
    const auto first = std::stoi(daemon.value("SELECT count(*) FROM messages"));
    BOOST_TEST(first < rows); // else the kill came too late to show anything
    const auto again = enqueue(daemon, input);
    BOOST_TEST(again.output == "enqueued " + std::to_string(rows - first) + ", already there " +
                                   std::to_string(first) + ", refused 0\n");
    BOOST_TEST(daemon.value("SELECT count(*) || ' ' || count(DISTINCT dedup_key) FROM messages") ==
               "20000 20000");
}

BOOST_AUTO_TEST_CASE(trouble_is_told_and_has_its_exit_code) {
    simulator genesys;
    running_daemon daemon(genesys);
    const auto nowhere = (daemon.directory() / "nowhere.db").string();
    const auto absent = enqueue(daemon, "", {"--database", nowhere});
    BOOST_TEST(absent.status == (exit_status{74, {}}));
    BOOST_TEST(absent.errors.find("cannot be opened: check the path") != std::string::npos, absent.errors);
    BOOST_TEST(!std::filesystem::exists(nowhere));
    BOOST_TEST(enqueue(daemon, "").status == (exit_status{0, {}}));
    BOOST_TEST(enqueue(daemon, "", {"--init"}).status == (exit_status{64, {}}));
    BOOST_TEST(daemon.run({"--csv"}).status == (exit_status{64, {}}));
}

BOOST_AUTO_TEST_SUITE_END()
