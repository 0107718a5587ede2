// A commit of another process is noticed at once, by what the directory tells. Beside it, at the same time on
// the same machine, a daemon that is told nothing and only looks by itself every now and then: whoever is
// told is sooner.
#include "service.hpp"

#include <algorithm>

namespace {

using namespace cannedd;

// Inserts a row and waits until it is sent; how long after its commit it was taken up, in milliseconds.
int wait_of_one_row(service& one) {
    const auto text = one.insert(1).front();
    one.wait_for("SELECT status FROM messages WHERE text = '" + text + "'", "sent");
    return std::stoi(
        one.files().value("SELECT a.started_at - m.created_at FROM messages m JOIN attempts a ON "
                          "a.message_id = m.id ORDER BY m.id DESC LIMIT 1"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(neighbours_hints_)

BOOST_AUTO_TEST_CASE(a_commit_of_another_process_is_noticed_sooner_than_by_looking_now_and_then) {
    constexpr int rows = 40;
    simulator genesys;
    service told(genesys, 0), deaf(genesys, 1);
    deaf.preload(DEAF_INOTIFY);
    told.start();
    deaf.start();
    std::vector<int> by_hint, by_looking;
    std::string waits;
    for (int n = 0; n < rows; ++n) {
        by_hint.push_back(wait_of_one_row(told));
        by_looking.push_back(wait_of_one_row(deaf));
        waits += " " + std::to_string(by_hint.back()) + "/" + std::to_string(by_looking.back());
    }
    // Each wait with each: two of a kind would win half of it, and three quarters once in ten thousand times.
    int sooner = 0;
    for (const int one : by_hint)
        sooner +=
            static_cast<int>(std::ranges::count_if(by_looking, [one](int other) { return one < other; }));
    BOOST_TEST(sooner > rows * rows * 3 / 4, sooner << " of " << rows * rows << ", ms told/deaf:" << waits);
    BOOST_TEST_MESSAGE(sooner << " of " << rows * rows << ", ms told/deaf:" << waits);
    BOOST_TEST(told.stop() == (exit_status{0, {}}));
    BOOST_TEST(deaf.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_SUITE_END()
