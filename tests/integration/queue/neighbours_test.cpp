// The queue among processes that know nothing of cannedd: the plain sqlite3 program writes, reads and dies
// beside the store.
#include "integration/queue/shell.hpp"
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <fstream>
#include <thread>

#include <sys/mount.h>

namespace cannedd::test {
namespace {

std::string insert_words(const std::string& conversation, int number) {
    return "INSERT INTO messages (conversation_id, text) VALUES ('" + conversation + "', 'text " +
           std::to_string(number) + "');";
}

bool says(const std::string& words, const std::string& part) {
    return words.find(part) != std::string::npos;
}

// Sends whatever is due until `wanted` messages are sent, in order of their lanes; the texts in order.
std::vector<std::string> send_all(queue_fixture& queue, std::size_t wanted) {
    std::vector<std::string> texts;
    const auto give_up = std::chrono::steady_clock::now() + minutes(2);
    const auto applied = [&](const change& what) { // a neighbour's lock is waited for, as the daemon does
        for (;;) {
            const auto result = queue.store->apply(std::span(&what, 1));
            if (result.has_value()) return result.value().at(0);
            BOOST_REQUIRE(result.error().kind == store_trouble::busy);
            BOOST_REQUIRE((std::chrono::steady_clock::now() < give_up));
            std::this_thread::yield();
        }
    };
    while (texts.size() < wanted && std::chrono::steady_clock::now() < give_up)
        for (const auto& it : queue.store->due("default", queue.now, 4, turn::oldest).value()) {
            const auto row = queue.store->load(it.head_id).value();
            if (!row || !applied(queue.mark_of(it.head_id))) continue;
            texts.push_back(row->text.value());
            BOOST_REQUIRE(applied(queue.verdict_of(it.head_id, message_status::sent)));
        }
    return texts;
}

// A small file system of our own, where we may mount one.
class small_disk {
public:
    explicit small_disk(const std::filesystem::path& at) : at_(at) {
        std::filesystem::create_directory(at_);
        mounted_ = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, "size=1536k") == 0;
    }
    ~small_disk() {
        if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
    }
    small_disk(const small_disk&) = delete;
    small_disk& operator=(const small_disk&) = delete;
    bool mounted() const { return mounted_; }

private:
    std::filesystem::path at_;
    bool mounted_ = false;
};

boost::test_tools::assertion_result may_mount(boost::unit_test::test_unit_id) {
    const temporary_folder folder;
    boost::test_tools::assertion_result may(small_disk(folder.path / "disk").mounted());
    may.message() << "SKIPPED: only root may mount the small file system that this test fills";
    return may;
}

} // namespace

BOOST_AUTO_TEST_SUITE(neighbours_)

BOOST_FIXTURE_TEST_CASE(a_row_inserted_while_the_daemon_is_down_is_as_good_as_any, queue_fixture) {
    store.reset();
    const auto answer = sqlite_shell(settings.database, insert_words(conversation_a, 1));
    BOOST_TEST(answer.output == "");
    BOOST_TEST(answer.exit_code == 0);
    reopen();
    BOOST_TEST(due().size() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_producer_that_commits_without_a_pause_does_not_keep_it_from_opening,
                        queue_fixture) {
    store.reset();
    other.run("DROP VIEW queue_eta"); // something to write at the start
    std::atomic<bool> enough{false};
    std::atomic<int> commits{0};
    std::thread producer([&] {
        outsider busy(settings.database);
        while (!enough)
            if (busy.attempt(insert_words(conversation_a, 1)).empty()) ++commits;
    });
    while (commits == 0)
        std::this_thread::yield();
    for (int tries = 0; tries < 5 && !store; ++tries)
        try {
            store = open_sqlite_store(settings, log);
        } catch (const store_not_available& busy) {
            BOOST_TEST((busy.kind() == store_trouble::busy));
        }
    enough = true;
    producer.join();
    BOOST_TEST(store != nullptr);
    BOOST_TEST(other.value("SELECT count(*) FROM sqlite_master WHERE name = 'queue_eta'") == "1");
}

BOOST_FIXTURE_TEST_CASE(a_row_inserted_while_the_daemon_runs_is_seen, queue_fixture) {
    const auto before = store->data_version().value();
    BOOST_TEST(sqlite_shell(settings.database, insert_words(conversation_a, 1)).exit_code == 0);
    BOOST_TEST(store->data_version().value() != before);
    BOOST_TEST(due().size() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_refusal_reaches_the_shells_user_as_a_sentence, queue_fixture) {
    const auto bad = sqlite_shell(settings.database, insert_words("42", 1));
    BOOST_TEST(bad.exit_code != 0);
    BOOST_TEST(says(bad.output, "CHECK constraint failed: conversation_id must be a UUID"));
    sqlite_shell(settings.database, insert_words(conversation_a, 1));
    const auto by_hand = sqlite_shell(settings.database, "UPDATE messages SET status = 'sent'");
    BOOST_TEST(by_hand.exit_code != 0);
    BOOST_TEST(says(by_hand.output, "only an unconfirmed row can be set to sent or failed by hand"));
    const auto once =
        "INSERT INTO messages (conversation_id, text, dedup_key) VALUES ('" + conversation_a + "', 'x', 'k')";
    BOOST_TEST(sqlite_shell(settings.database, once).exit_code == 0);
    BOOST_TEST(
        says(sqlite_shell(settings.database, once).output, "UNIQUE constraint failed: messages.dedup_key"));
    BOOST_TEST(sqlite_shell(settings.database, once + " ON CONFLICT (dedup_key) DO NOTHING").exit_code == 0);
}

BOOST_FIXTURE_TEST_CASE(an_operator_works_with_views_and_updates_alone, queue_fixture) {
    bring_to(insert(conversation_a), message_status::failed);
    const auto replay = sqlite_shell(settings.database, "SELECT replay FROM queue_problems");
    BOOST_TEST(sqlite_shell(settings.database, replay.output).output == "");
    BOOST_TEST(
        says(sqlite_shell(settings.database, "SELECT * FROM queue_status").output, "default|pending|1|"));
    BOOST_TEST(says(sqlite_shell(settings.database, "SELECT id, why FROM queue_due").output, "1|due"));
    BOOST_TEST(
        sqlite_shell(settings.database, "UPDATE messages SET status = 'cancelled' WHERE id = 1").output ==
        "");
    BOOST_TEST(due().empty());
    for (const auto* const view :
         {"queue_status", "queue_due", "queue_problems", "queue_recent", "queue_attempts", "queue_shape",
          "queue_eta", "queue_why", "queue_changes", "queue_told"})
        BOOST_TEST(sqlite_shell(settings.database, std::string("SELECT * FROM ") + view).exit_code == 0);
}

BOOST_FIXTURE_TEST_CASE(many_writers_beside_a_busy_daemon_lose_and_double_nothing, queue_fixture) {
    constexpr int writers = 3;
    constexpr int each = 60;
    const std::string conversations[writers] = {conversation_a, conversation_b, conversation_c};
    std::vector<std::thread> threads;
    std::vector<shell_answer> answers(writers);
    for (int writer = 0; writer < writers; ++writer)
        threads.emplace_back([&, writer] {
            std::string script;
            for (int i = 0; i < each; ++i)
                script += insert_words(conversations[writer], writer * 1000 + i);
            answers[static_cast<std::size_t>(writer)] = sqlite_shell(settings.database, script);
        });
    const auto texts = send_all(*this, writers * each);
    for (auto& thread : threads)
        thread.join();
    for (const auto& answer : answers)
        BOOST_TEST(answer.exit_code == 0, answer.output);
    BOOST_TEST(texts.size() == std::size_t{writers * each});
    std::vector<int> next(writers, 0);
    for (const auto& text : texts) {
        const int number = std::stoi(text.substr(5));
        BOOST_TEST(number % 1000 == next[static_cast<std::size_t>(number / 1000)]++);
    }
    BOOST_TEST(bookkeeping_fault(other) == "");
    BOOST_TEST(other.value("PRAGMA integrity_check") == "ok");
}

BOOST_FIXTURE_TEST_CASE(a_producer_killed_in_its_transaction_leaves_neither_rows_nor_a_lock, queue_fixture) {
    const change what = mark_of(insert(conversation_b));
    running_shell producer(settings.database);
    producer.tell("BEGIN IMMEDIATE;");
    producer.tell(insert_words(conversation_a, 1));
    BOOST_TEST((store->apply(std::span(&what, 1)).error().kind == store_trouble::busy));
    producer.kill();
    BOOST_TEST(apply(what));
    BOOST_TEST(other.value("SELECT count(*) FROM messages") == "1");
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_stops_the_queue_and_space_sets_it_going_again, queue_fixture,
                        *boost::unit_test::precondition(may_mount)) {
    const small_disk disk(folder.path / "disk");
    settings.database = folder.path / "disk" / "queue.db";
    store = open_sqlite_store(settings, log);
    outsider producer(settings.database);
    producer.run(insert_words(conversation_a, 1));
    const auto ballast = folder.path / "disk" / "ballast";
    {
        std::ofstream file(ballast, std::ios::binary);
        while (file << std::string(4096, 'x') << std::flush) {
        }
    }
    // The WAL may have room for a few more commits: it is tried until one fails.
    int attempts = 0;
    auto result = store->apply({});
    for (bool marked = false; result.has_value() && attempts < 500; marked = !marked) {
        const change what =
            marked ? change(verdict_of(1, message_status::pending, attempts)) : change(mark_of(1, attempts));
        result = store->apply(std::span(&what, 1));
        if (!marked && result.has_value()) ++attempts;
    }
    BOOST_REQUIRE(result.has_error());
    BOOST_TEST((result.error().kind == store_trouble::full));
    std::filesystem::remove(ballast);
    BOOST_TEST(producer.attempt(insert_words(conversation_b, 2)) == "");
    BOOST_TEST(due().size() >= 1);
    BOOST_TEST(producer.value("PRAGMA integrity_check") == "ok");
    store.reset();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
