// A budget that is shared with a stranger: ten windows of it and two restarts. What must hold is asserted;
// how much of the budget was used, and how often the server had to refuse, is told (--log_level=message).
#include "integration/genesys/credentials.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;

constexpr int limit = 60, others = 30, windows = 10, rows = 600, conversations = 40;
constexpr auto window = 6000ms;
constexpr auto others_every = window / others;

struct measured {
    std::int64_t requests = 0;
    std::int64_t refused = 0;
    std::int64_t most_in_a_window = 0;
};

// One daemon on one simulator whose window is of this mode: sliding or fixed.
class market {
public:
    explicit market(const std::string& mode)
        : mode_(mode)
        , genesys_(files_.org(
              "rate: {limit: " + std::to_string(limit) + ", window_ms: " + std::to_string(window.count()) +
              ", others_every_ms: " + std::to_string(others_every.count()) + ", mode: " + mode + "}\n"))
        , daemon_(genesys_, brisk, account()) {
        std::string values;
        for (int n = 0; n < rows; ++n)
            values += std::string(n == 0 ? "" : "),(") + quoted(uuid('c', n % conversations)) + ",'text " +
                      std::to_string(n) + "'";
        for (int c = 0; c < conversations; ++c)
            genesys_.add_conversation({{"id", uuid('c', c)}, {"agent", uuid('a', 1)}});
        daemon_.sql(insert("conversation_id, text", values));
    }

    void start() { daemon_.start(); }
    void kill() { daemon_.kill(); }
    void stop() { BOOST_TEST(daemon_.stop() == (exit_status{0, {}})); }

    void check_rows() {
        const auto texts = daemon_.column("SELECT text FROM messages WHERE status = 'sent'");
        const std::set<std::string> sent(texts.begin(), texts.end());
        eventually([&] { return genesys_.texts_seen().size() >= sent.size(); },
                   "customers read what was sent");
        const auto seen = genesys_.texts_seen();
        BOOST_TEST(seen.size() == sent.size(), mode_ << ": " << seen.size() << " read, " << sent.size());
        BOOST_TEST((std::set<std::string>(seen.begin(), seen.end()) == sent));
        BOOST_TEST(daemon_.value("SELECT count(*) FROM messages WHERE status IN ('sent', 'pending')") ==
                   std::to_string(rows));
        // An attempt that the server throttled is recorded and not counted.
        BOOST_TEST(daemon_.value("SELECT count(*) FROM messages m WHERE attempts > (SELECT count(*) FROM "
                                 "attempts a WHERE a.message_id = m.id AND a.outcome <> 'throttled')") ==
                   "0");
    }

    measured figures() {
        measured now;
        for (const auto* operation : {"get_conversation", "send_agentless", "read_back"}) {
            now.requests += genesys_.requests(operation);
            now.refused += genesys_.answers(operation, "429");
        }
        now.most_in_a_window = genesys_.max_in_window(window);
        return now;
    }

private:
    std::string account() const {
        const auto per_minute = std::to_string(limit * (60'000ms / window));
        return "  default:\n    api_url: " + genesys_.url() + "\n    login_url: " + genesys_.url() +
               "\n    ca_file: " + genesys_.ca_file() + "\n    auth: " + files_.by_secret() +
               "\n    rate: {requests_per_minute: " + per_minute +
               ", burst: 20}\n    conversation_rate: {messages_per_minute: 6000, burst: 100}\n";
    }

    credentials files_;
    std::string mode_;
    simulator genesys_;
    running_daemon daemon_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(genesys_rate_)

BOOST_AUTO_TEST_CASE(beside_a_stranger_over_ten_windows_and_two_restarts_no_row_is_lost_doubled_or_charged) {
    market sliding("sliding"), fixed("fixed");
    const auto both = [&](auto what) {
        what(sliding);
        what(fixed);
    };
    const auto began = std::chrono::steady_clock::now();
    const auto let_windows_pass = [&](int number) {
        eventually([&] { return std::chrono::steady_clock::now() - began >= number * window; },
                   "windows pass", 2 * windows * window);
    };
    both([](market& m) { m.start(); });
    let_windows_pass(windows / 3);
    both([](market& m) { m.kill(); });
    both([](market& m) { m.start(); });
    let_windows_pass(2 * windows / 3);
    both([](market& m) { m.stop(); });
    both([](market& m) { m.start(); });
    let_windows_pass(windows);
    both([](market& m) { m.stop(); });
    both([](market& m) { m.check_rows(); });
    for (auto* m : {&sliding, &fixed}) {
        const auto seen = m->figures();
        BOOST_TEST(seen.most_in_a_window <= limit);
        BOOST_TEST_MESSAGE((m == &sliding ? "sliding" : "fixed")
                           << ": admitted " << seen.requests - seen.refused << " of "
                           << windows * (limit - others) << " that were left, refused with 429: "
                           << seen.refused << ", most of ours in any window: " << seen.most_in_a_window);
    }
}

BOOST_AUTO_TEST_SUITE_END()
