// Every status that the API declares for a send, each in a conversation of its own: what becomes of the row,
// and what the customer reads.
#include "integration/genesys/credentials.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;

struct answered {
    answered(std::string fault_, std::string becomes_, int read_)
        : fault(std::move(fault_)), becomes(std::move(becomes_)), read(read_) {}
    std::string fault;   // of the first send
    std::string becomes; // status, error, verified, attempts
    int read;            // how often the customer has the text
};

std::string status(int code) {
    return R"({"status": )" + std::to_string(code) + "}";
}
std::string processed_and(int code) {
    return R"({"process_then_status": )" + std::to_string(code) + "}";
}

std::vector<answered> table() {
    std::vector<answered> all;
    all.emplace_back(R"("accept_202")", "sent - 0 1", 1);
    all.emplace_back(status(400), "failed bad_request 0 1", 0);
    all.emplace_back(status(401), "sent - 0 1", 1); // by a new token
    all.emplace_back(status(404), "failed not_found 0 1", 0);
    all.emplace_back(status(409), "sent - 0 2", 1); // tried again
    all.emplace_back(status(410), "failed not_found 0 1", 0);
    all.emplace_back(status(413), "failed too_large 0 1", 0);
    all.emplace_back(status(415), "failed bad_request 0 1", 0);
    all.emplace_back(R"({"status": 429, "retry_after": 1})", "sent - 0 1", 1); // costs no attempt
    for (const int doubtful : {408, 500, 502, 503, 504}) {
        all.emplace_back(processed_and(doubtful), "sent - 1 1", 1); // read back, not sent again
        all.emplace_back(status(doubtful), "sent - 0 2", 1);        // read back, found absent, sent again
    }
    all.emplace_back(R"({"process_then_status": 403, "body": "html"})", "sent - 1 1", 1); // an edge's
    all.emplace_back(R"({"status": 400, "body": "html"})", "sent - 0 2", 1);
    all.emplace_back(R"({"process_then_status": 200, "body": "html"})", "sent - 1 1", 1); // a portal's
    all.emplace_back(R"({"process_then_status": 204, "body": "empty"})", "sent - 0 1", 1);
    all.emplace_back(R"("process_then_close")", "sent - 1 1", 1);
    all.emplace_back(R"("close_before_processing")", "sent - 0 2", 1);
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(genesys_answers_)

BOOST_AUTO_TEST_CASE(each_status_of_a_send_has_its_end_and_no_customer_reads_anything_twice) {
    const auto lines = table();
    const credentials files;
    simulator genesys(files.org("rate: {limit: 100000}\n"));
    std::string rules, values;
    for (std::size_t n = 0; n < lines.size(); ++n) {
        const auto talk = uuid('c', static_cast<int>(n));
        genesys.add_conversation({{"id", talk}, {"agent", uuid('a', 1)}});
        rules += std::string(n == 0 ? "[" : ",") + R"({"match": {"operation": "send", "conversation": ")" +
                 talk + R"(", "nth": 1}, "do": )" + lines[n].fault + "}";
        values += (n == 0 ? "" : "),(") + quoted(talk) + "," + quoted(lines[n].fault);
    }
    genesys.faults(rules + "]");
    running_daemon daemon(
        genesys, "delivery: {settle: 100ms, backoff: {base: 50ms, max: 200ms}, breaker: {failures: 1000}}\n",
        files.account(genesys, files.by_secret()));
    daemon.sql(insert("conversation_id, text", values));
    daemon.start();
    daemon.wait_for("SELECT count(*) FROM messages WHERE status IN ('sent', 'failed')",
                    std::to_string(lines.size()));
    std::size_t all_read = 0;
    for (const auto& line : lines)
        all_read += static_cast<std::size_t>(line.read);
    eventually([&] { return genesys.texts_seen().size() >= all_read; }, "customers read what was sent");
    for (std::size_t n = 0; n < lines.size(); ++n) {
        BOOST_TEST_CONTEXT(lines[n].fault) {
            BOOST_TEST(
                daemon.value("SELECT status||' '||coalesce(error, '-')||' '||verified||' '||attempts FROM "
                             "messages WHERE id = " +
                             std::to_string(n + 1)) == lines[n].becomes);
            BOOST_TEST(genesys.texts_seen(uuid('c', static_cast<int>(n))).size() ==
                       static_cast<std::size_t>(lines[n].read));
        }
    }
    BOOST_TEST(genesys.violations().empty());
}

BOOST_AUTO_TEST_SUITE_END()
