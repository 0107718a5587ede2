#include "witness.hpp"

namespace cannedd::simulation {
namespace {

const std::string sending_row = R"(
SELECT id, lane, order_at, expires_at, not_before, sent_text FROM messages WHERE status = 'sending' AND sent_to = ?1)";
const std::string overtaken = R"(
SELECT count(*) FROM messages WHERE lane = ?1 AND status = 'pending' AND (order_at, id) < (?2, ?3))";
const std::string open_attempts =
    "SELECT count(*) FROM attempts WHERE message_id = ?1 AND finished_at IS NULL";

// A lane's row must be its sending message, else its first pending one; EXCEPT finds what differs.
const std::string lanes_right = R"(
SELECT m.lane, m.id, m.account, m.priority, m.due_at, m.status = 'sending' FROM messages AS m
 WHERE m.status = 'sending'
    OR (m.status = 'pending'
        AND NOT EXISTS (SELECT 1 FROM messages AS o WHERE o.lane = m.lane AND (o.status = 'sending'
              OR (o.status = 'pending' AND (o.order_at, o.id) < (m.order_at, m.id))))))";
const std::string lanes_kept = "SELECT lane, head_id, account, priority, due_at, sending FROM lanes";
const std::string lanes_late = R"(
SELECT count(*) FROM lanes AS l JOIN messages AS m ON m.lane = l.lane WHERE m.status = 'pending' AND m.order_at < l.from_at)";
const std::string counters_right = "SELECT account, status, count(*) FROM messages GROUP BY 1, 2";
const std::string counters_kept = "SELECT account, status, messages FROM counters WHERE messages <> 0";

std::string differences(const std::string& right, const std::string& kept) {
    return "SELECT count(*) FROM (SELECT * FROM (" + right + " EXCEPT " + kept +
           ") UNION ALL SELECT * FROM (" + kept + " EXCEPT " + right + "))";
}

} // namespace

void witness::look_away() {
    eyes_.reset();
    in_flight_.clear();
}

void witness::requests(const std::string& account, const std::string& operation) {
    notes_.note(account + " asks: " + operation);
    if (paused_.contains(account))
        notes_.violate("paused", account + " is paused, and " + operation + " leaves");
}

void witness::knows_pause(const std::string& account, bool paused) {
    if (paused)
        paused_.insert(account);
    else
        paused_.erase(account);
}

void witness::sends(const std::string& account, const std::string& conversation, const std::string& text) {
    notes_.note(account + " sends: " + text);
    if (!in_flight_.insert(conversation).second)
        notes_.violate("one_in_flight", "a second message leaves for the conversation of: " + text);
    if (eyes_ == nullptr) return;
    int rows = 0;
    std::int64_t id = 0;
    std::int64_t order_at = 0;
    std::string lane;
    const auto now = time_.wall().time_since_epoch().count();
    const bool seen = eyes_->query(sending_row, {conversation}, [&](const connection::row& r) {
        if (r.text(5) != text) return;
        ++rows;
        id = r.number(0);
        lane = r.text(1);
        order_at = r.number(2);
        if (!clock_is_true_) return;
        if (!r.is_null(3) && r.number(3) <= now) notes_.violate("expired", "sent after its time: " + text);
        if (!r.is_null(4) && r.number(4) > now) notes_.violate("early", "sent before its time: " + text);
    });
    if (!seen) return;
    if (rows != 1) {
        notes_.violate("unmarked", std::to_string(rows) + " rows are sending: " + text);
        return;
    }
    check_row(id, lane, order_at);
}

void witness::check_row(std::int64_t id, const std::string& lane, std::int64_t order_at) {
    if (eyes_->number(overtaken, {lane, order_at, id}) > 0)
        notes_.violate("order", "row " + std::to_string(id) + " overtakes one of its lane");
    if (eyes_->number(open_attempts, {id}) == 0)
        notes_.violate("attempts", "row " + std::to_string(id) + " is sent without a row in attempts");
}

void witness::check_bookkeeping() {
    if (eyes_ == nullptr) return;
    static const std::string lanes = differences(lanes_right, lanes_kept);
    static const std::string counters = differences(counters_right, counters_kept);
    if (eyes_->number(lanes_late) > 0) notes_.violate("lanes", "a lane would not find its first row");
    if (eyes_->number(lanes) > 0) notes_.violate("lanes", "the lanes are not what the rows say");
    if (eyes_->number(counters) > 0) notes_.violate("counters", "the counters are not what the rows say");
}

} // namespace cannedd::simulation
