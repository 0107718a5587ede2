// Lanes and counters against what the rows themselves say, under seeded random work of producers, operators
// and daemon, whatever pragmas the writers have set.
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <random>

namespace cannedd::test {
namespace {

// More of them on demand: CANNEDD_SEEDS=1000.
unsigned most_seeds() {
    const char* const wanted = std::getenv("CANNEDD_SEEDS");
    return wanted == nullptr ? 12 : static_cast<unsigned>(std::stoul(wanted));
}

class random_world {
public:
    explicit random_world(unsigned seed) : chance_(seed) {
        queue_.other.run(pick(2) == 0 ? "PRAGMA recursive_triggers = ON" : "PRAGMA recursive_triggers = OFF");
        queue_.other.run(pick(2) == 0 ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF");
        queue_.configure({"default", "second"});
    }

    void step() {
        switch (pick(16)) {
        case 0:
        case 1:
        case 2: tell(insert_text()); break;
        case 3: tell("UPDATE messages SET status = '" + status() + "'" + some_rows()); break;
        case 4: tell("UPDATE" + policy() + "messages SET priority = " + number(5) + some_rows()); break;
        case 5: tell("UPDATE messages SET not_before = " + moment() + some_rows()); break;
        case 6:
            tell("UPDATE messages SET expires_at = " + moment() + ", status = 'pending'" + some_rows());
            break;
        case 7:
            tell("UPDATE messages SET conversation_id = '" + conversation() + "', account = '" + account() +
                 "'" + some_rows());
            break;
        case 8:
            tell("UPDATE" + policy() + "messages SET dedup_key = 'k" + number(6) + "'" + some_rows());
            break;
        case 9: tell("DELETE FROM messages" + some_rows()); break;
        case 10:
        case 13:
        case 14: mark_some(); break;
        case 11: judge_some(); break;
        case 12: pick(2) == 0 ? end_lane() : rest_lane(); break;
        default: housekeeping(); break;
        }
    }

    std::string fault() { return bookkeeping_fault(queue_.other); }
    std::int64_t rows() { return queue_.other.number("SELECT count(*) FROM messages"); }
    int marked() const { return marked_; }

private:
    int pick(int choices) { return std::uniform_int_distribution<int>(0, choices - 1)(chance_); }
    std::string number(int choices) { return std::to_string(pick(choices)); }
    void tell(const std::string& script) {
        queue_.other.attempt(script);
    } // a refusal is as good: it must change nothing
    std::string conversation() { return "aaaaaaaa-0000-4000-8000-00000000000" + number(6); }
    std::string account() { return pick(3) == 0 ? "second" : "default"; }
    std::string policy() {
        static const char* const policies[] = {" ", " OR REPLACE ", " OR IGNORE ", " OR FAIL ", " OR ABORT "};
        return policies[pick(5)];
    }
    std::string status() { return std::string(name_of(static_cast<message_status>(pick(8)))); }
    std::string moment() {
        if (pick(3) == 0) return "NULL";
        return std::to_string((queue_.now + seconds(pick(200) - 100)).time_since_epoch().count());
    }
    std::string some_rows() {
        if (pick(4) == 0) return " WHERE id % 3 = " + number(3);
        return " WHERE id = (SELECT id FROM messages ORDER BY id LIMIT 1 OFFSET " + number(30) + ")";
    }
    std::string row_values() {
        const bool by_agent = pick(4) == 0;
        return "(" + (by_agent ? "NULL, '" + agent_a + "'" : "'" + conversation() + "', NULL") + ", 'x', '" +
               account() + "', " + number(3) + ", " + moment() + ", " +
               (pick(3) == 0 ? "NULL" : "'k" + number(6) + "'") + ")";
    }
    std::string insert_text() {
        std::string words =
            "INSERT" + policy() +
            "INTO messages (conversation_id, agent_id, text, account, priority, not_before, dedup_key) "
            "VALUES " +
            row_values();
        for (int more = pick(3); more > 0; --more)
            words += ", " + row_values();
        if (pick(2) == 0) words += " ON CONFLICT (dedup_key) DO NOTHING";
        return words;
    }
    void mark_some() {
        std::vector<change> changes;
        for (const auto& it : queue_.store->due(account(), queue_.now, 2, static_cast<turn>(pick(3))).value())
            changes.emplace_back(
                queue_.mark_of(it.head_id, queue_.store->load(it.head_id).value().value().attempts));
        for (const bool applied : queue_.store->apply(changes).value())
            marked_ += applied ? 1 : 0;
    }
    void judge_some() {
        std::vector<change> changes;
        for (const auto& it : queue_.store->interrupted().value()) {
            auto end = queue_.verdict_of(it.row.id, static_cast<message_status>(pick(8)), it.row.attempts);
            if (end.to == message_status::sending) end.to = message_status::pending;
            end.counts = pick(2) == 0;
            end.due_at = queue_.now + seconds(pick(20) - 10);
            changes.emplace_back(end);
        }
        queue_.store->apply(changes).value();
    }
    void end_lane() {
        lane_end it;
        it.lane = conversation();
        it.now = queue_.now;
        queue_.apply(it);
    }
    void rest_lane() {
        lane_rest it;
        it.lane = conversation();
        it.until = queue_.now + seconds(pick(9));
        queue_.apply(it);
    }
    void housekeeping() {
        queue_.now += seconds(pick(20));
        queue_.store->expire(queue_.now, 3).value();
        retention_limits limits;
        limits.sent = limits.failed = limits.attempts = seconds(60);
        queue_.store->purge(queue_.now, limits, 2).value();
    }

    std::mt19937 chance_;
    int marked_ = 0;
    queue_fixture queue_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(bookkeeping_)

BOOST_DATA_TEST_CASE(lanes_and_counters_agree_with_the_rows_after_any_work,
                     boost::unit_test::data::xrange(1U, most_seeds() + 1), seed) {
    random_world world(seed);
    for (int step = 0; step < 150; ++step) {
        world.step();
        const auto fault = world.fault();
        BOOST_REQUIRE_MESSAGE(fault.empty(), "seed " << seed << ", step " << step << ": " << fault);
    }
    BOOST_TEST(world.rows() > 5);
    BOOST_TEST(world.marked() > 2);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
