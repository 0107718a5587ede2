#include "queue/sql.hpp"

// The columns of a `message`, in the order in which read_message() takes them.
#define MESSAGE_COLUMNS                                                                                      \
    "m.id, m.account, m.lane, m.route, m.conversation_id, m.agent_id, m.customer_id, m.text, m.response, "   \
    "m.variables, m.priority, m.created_at, m.due_at, m.expires_at, m.attempts, m.deferrals, m.sent_text "

namespace cannedd::sql {

const text begin{"begin", "BEGIN IMMEDIATE"};
const text own_writes_begin{"own_writes_begin", "INSERT OR IGNORE INTO own_writes (one) VALUES (1)"};
const text own_writes_end{"own_writes_end", "DELETE FROM own_writes WHERE one = 1"};
const text commit{"commit", "COMMIT"};

// One indexed query a priority: a single one over all of them would walk every future row of the higher ones.
const text next_priority{"next_priority", R"(
SELECT priority FROM lanes INDEXED BY lanes_by_turn
 WHERE account = ?1 AND waits = ?3 AND priority < ?2 AND sending = 0 ORDER BY priority DESC LIMIT 1)"};
const text next_young_priority{"next_young_priority", R"(
SELECT priority FROM lanes INDEXED BY lanes_young
 WHERE account = ?1 AND priority < ?2 AND sending = 0 AND tried = 0 AND served_at = 0 ORDER BY priority DESC LIMIT 1)"};

// turn_at bounds the walk; ready_at decides. They differ only while the clock is behind a turn that was given
// already.
const text due_by_turn{"due_by_turn", R"(
SELECT head_id, lane, priority FROM lanes INDEXED BY lanes_by_turn
 WHERE account = ?1 AND waits = ?2 AND priority = ?3 AND sending = 0 AND turn_at <= ?4 AND ready_at <= ?5
 ORDER BY turn_at, head_id LIMIT ?6)"};
const text due_youngest{"due_youngest", R"(
SELECT head_id, lane, priority FROM lanes INDEXED BY lanes_young
 WHERE account = ?1 AND priority = ?2 AND sending = 0 AND tried = 0 AND served_at = 0 AND due_at <= ?3
   AND ready_at <= ?3
 ORDER BY due_at DESC, head_id DESC LIMIT ?4)"};
const text load{"load",
                "SELECT " MESSAGE_COLUMNS "FROM messages AS m WHERE m.id = ?1 AND m.status = 'pending'"};
// What is ready after ?4 has its turn after it, too; up to ?5 turns were given by a clock that was ahead.
const text ready_after{"ready_after", R"(
SELECT min(ready_at) FROM (
    SELECT ready_at FROM lanes INDEXED BY lanes_by_turn
     WHERE account = ?1 AND waits = ?2 AND priority = ?3 AND sending = 0 AND turn_at > ?4 AND turn_at <= ?5
       AND ready_at > ?4
    UNION ALL
    SELECT * FROM (SELECT ready_at FROM lanes INDEXED BY lanes_by_turn
                    WHERE account = ?1 AND waits = ?2 AND priority = ?3 AND sending = 0 AND turn_at > ?5
                    ORDER BY turn_at LIMIT 1)))"};
const text oldest_due{"oldest_due", R"(
SELECT due_at FROM messages WHERE account = ?1 AND status = 'pending' AND due_at <= ?2 ORDER BY due_at LIMIT 1)"};
const text count_sending{"count_sending", "SELECT total(messages) FROM counters WHERE status = 'sending'"};
// due_at is never before not_before, so most rows are told by the look at due_at.
const text pending_work{"pending_work", R"(
SELECT c.account, c.messages FROM counters AS c
 WHERE c.status = 'pending' AND c.messages > 0
   AND (EXISTS (SELECT 1 FROM messages INDEXED BY messages_due
                 WHERE account = c.account AND status = 'pending' AND due_at <= ?1)
        OR EXISTS (SELECT 1 FROM messages INDEXED BY messages_again
                    WHERE account = c.account AND status = 'pending' AND due_at <> order_at
                      AND coalesce(not_before, 0) <= ?1)))"};
const text unknown_work{"unknown_work", R"(
SELECT c.account, (SELECT count(*) FROM messages INDEXED BY messages_unknown
                    WHERE account = c.account AND status = 'held' AND error = 'unknown_account') AS unknown
  FROM counters AS c WHERE c.status = 'held' AND c.messages > 0 AND unknown > 0)"};
const text paused_accounts{"paused_accounts", "SELECT account FROM accounts WHERE paused = 1"};
const text pending_accounts{"pending_accounts", R"(
SELECT account FROM counters WHERE status = 'pending' AND messages > 0)"};
const text hold_unknown{"hold_unknown", R"(
UPDATE messages SET status = 'held', error = ?2, error_detail = ?3
 WHERE id IN (SELECT id FROM messages WHERE account = ?1 AND status = 'pending' ORDER BY due_at LIMIT ?4))"};
const text empty_counters{"empty_counters", "SELECT DISTINCT account FROM counters WHERE messages <= 0"};
const text counters_forget{"counters_forget", "DELETE FROM counters WHERE account = ?1 AND messages <= 0"};
const text expire{"expire", R"(
UPDATE messages SET status = 'expired', finished_at = ?1,
       error_detail = CASE WHEN expires_at <= not_before
           THEN 'expires_at came before not_before, so it was never due: give it an expires_at after not_before in '
                || 'the UPDATE that sets status = ''pending'''
           ELSE coalesce(error_detail, 'expires_at passed before its turn came') END
 WHERE id IN (SELECT id FROM messages
               WHERE status IN ('pending', 'held') AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2))"};
const text next_expiry{"next_expiry", R"(
SELECT expires_at FROM messages
 WHERE status IN ('pending', 'held') AND expires_at IS NOT NULL ORDER BY expires_at LIMIT 1)"};

// Only the head of a lane that sends nothing, and only while it may still go: an operator may have been
// faster.
const text mark{"mark", R"(
UPDATE messages SET status = 'sending', attempts = attempts + 1, sent_text = ?4, sent_to = ?5
 WHERE id = ?1 AND status = 'pending' AND attempts = ?2 AND due_at <= ?3 AND (expires_at IS NULL OR expires_at > ?3)
   AND EXISTS (SELECT 1 FROM lanes AS l WHERE l.lane = messages.lane AND l.head_id = messages.id AND l.sending = 0))"};
const text attempt_open{"attempt_open", R"(
INSERT INTO attempts (message_id, attempt, started_at, phase, outcome, route, conversation_id, communication_id,
                      started_at_server)
VALUES (?1, ?2, ?3, 'written', 'indeterminate', ?4, ?5, ?6, ?7))"};
const text lane_served{"lane_served", R"(
UPDATE lanes
   SET served_at = ?2, rests_until = coalesce(?3, rests_until), ready_at = max(due_at, coalesce(?3, rests_until)),
       turn_at = max(due_at, coalesce(?3, rests_until), ?2)
 WHERE lane = (SELECT lane FROM messages WHERE id = ?1))"};
const text lane_rest{"lane_rest", R"(
UPDATE lanes SET rests_until = ?2, ready_at = max(due_at, ?2), turn_at = max(due_at, ?2, served_at) WHERE lane = ?1)"};
const text lanes_rest_less{"lanes_rest_less", R"(
UPDATE lanes SET rests_until = 0, ready_at = due_at, turn_at = max(due_at, served_at)
 WHERE lane IN (SELECT lane FROM lanes INDEXED BY lanes_resting WHERE rests_until > 0 AND rests_until > ?1 LIMIT ?2))"};
const text lane_turns_forget{"lane_turns_forget", R"(
UPDATE lanes SET served_at = ?1, turn_at = max(ready_at, ?1) WHERE served_at > ?1)"};
const text verdict{"verdict", R"(
UPDATE messages
   SET status = ?4, attempts = ?5, deferrals = CASE ?6 WHEN 'reset' THEN 0 WHEN 'more' THEN deferrals + 1 ELSE deferrals END,
       due_at = coalesce(max(?7, coalesce(not_before, 0)), due_at),
       sent_at = coalesce(?8, sent_at), finished_at = ?9, error = ?10, error_detail = ?11,
       remote_message_id = CASE WHEN EXISTS (SELECT 1 FROM messages AS o WHERE o.remote_message_id = ?12)
                                THEN remote_message_id ELSE coalesce(?12, remote_message_id) END,
       remote_status = coalesce(?13, remote_status), verified = ?14
 WHERE id = ?1 AND status = ?2 AND attempts = ?3)"};
const text attempt_close{"attempt_close", R"(
UPDATE attempts SET finished_at = ?2, phase = ?3, http_status = ?4, outcome = ?5, error = ?6, correlation_id = ?7
 WHERE id = (SELECT a.id FROM attempts AS a
              WHERE a.message_id = ?1 AND a.finished_at IS NULL ORDER BY a.id DESC LIMIT 1))"};
const text attempt_insert{"attempt_insert", R"(
INSERT INTO attempts (message_id, attempt, started_at, finished_at, phase, http_status, outcome, error, correlation_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9))"};
const text doubt{"doubt", R"(
UPDATE attempts SET finished_at = ?3, phase = ?4, http_status = ?5, outcome = ?6, error = ?7, correlation_id = ?8
 WHERE id = (SELECT a.id FROM messages AS m CROSS JOIN attempts AS a ON a.message_id = m.id
              WHERE m.id = ?1 AND m.status = 'sending' AND m.attempts = ?2 AND a.finished_at IS NULL
              ORDER BY a.id DESC LIMIT 1))"};
const text lane_end{"lane_end", R"(
UPDATE messages SET status = 'failed', finished_at = ?2, error = ?3, error_detail = ?4
 WHERE id IN (SELECT id FROM messages INDEXED BY messages_pending
               WHERE lane = ?1 AND status = 'pending' ORDER BY order_at, id LIMIT ?5))"};
const text remote_claim{"remote_claim", R"(
UPDATE messages SET remote_message_id = ?2
 WHERE id = ?1 AND status = 'sent' AND remote_message_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM messages AS o WHERE o.remote_message_id = ?2))"};
const text remote_news{"remote_news", R"(
UPDATE messages SET remote_status = ?2, error_detail = coalesce(?3, error_detail)
 WHERE id = ?1 AND status = 'sent')"};
// Never before a row's own time; strictly earlier each time, so that it comes to an end.
const text due_again{"due_again", R"(
UPDATE messages SET due_at = max(?1, coalesce(not_before, 0))
 WHERE id IN (SELECT id FROM messages
               WHERE account IN (SELECT account FROM counters WHERE status = 'pending' AND messages > 0)
                 AND status = 'pending' AND due_at > ?2 AND due_at > coalesce(not_before, 0) LIMIT ?3))"};

const text account_register{"account_register", R"(
INSERT INTO accounts (account, expire_after_ms) VALUES (?1, ?2)
    ON CONFLICT (account) DO UPDATE SET expire_after_ms = excluded.expire_after_ms)"};
const text without_expiry{"without_expiry", R"(
SELECT EXISTS (SELECT 1 FROM accounts AS a CROSS JOIN messages AS m INDEXED BY messages_without_expiry
                WHERE a.expire_after_ms IS NOT NULL AND m.account = a.account AND m.expires_at IS NULL
                  AND m.status IN ('pending', 'held')))"};
const text fill_expiry{"fill_expiry", R"(
UPDATE messages
   SET expires_at = min(253402300799999,
           created_at + (SELECT a.expire_after_ms FROM accounts AS a WHERE a.account = messages.account))
 WHERE id IN (SELECT m.id FROM accounts AS a CROSS JOIN messages AS m INDEXED BY messages_without_expiry
               WHERE a.expire_after_ms IS NOT NULL AND m.account = a.account AND m.expires_at IS NULL
                 AND m.status IN ('pending', 'held') LIMIT ?1))"};
const text account_save{"account_save", R"(
INSERT INTO accounts (account, boot_id, saved_at_ms, tokens, lease, blocked_until, breaker, breaker_until,
                      breaker_failures, breaker_cool_off_ms, requests_allowed, requests_used, window_resets_at,
                      window_ms, window_slides, saved_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
    ON CONFLICT (account) DO UPDATE
       SET boot_id = excluded.boot_id, saved_at_ms = excluded.saved_at_ms, tokens = excluded.tokens,
           lease = excluded.lease, blocked_until = excluded.blocked_until, breaker = excluded.breaker,
           breaker_until = excluded.breaker_until, breaker_failures = excluded.breaker_failures,
           breaker_cool_off_ms = excluded.breaker_cool_off_ms, requests_allowed = excluded.requests_allowed,
           requests_used = excluded.requests_used, window_resets_at = excluded.window_resets_at,
           window_ms = excluded.window_ms, window_slides = excluded.window_slides, saved_at = excluded.saved_at)"};
const text account_pause{"account_pause",
                         "UPDATE accounts SET paused = 1, paused_reason = ?2 WHERE account = ?1"};
const text slice_save{"slice_save", R"(
INSERT INTO request_slices (account, at_ms, requests) VALUES (?1, ?2, ?3)
    ON CONFLICT (account, at_ms) DO UPDATE SET requests = excluded.requests)"};
const text slices_forget{"slices_forget", "DELETE FROM request_slices WHERE account = ?1 AND at_ms < ?2"};
const text slices_of_other_boots{"slices_of_other_boots", R"(
DELETE FROM request_slices
 WHERE account = ?1 AND EXISTS (SELECT 1 FROM accounts WHERE account = ?1 AND boot_id <> ?2))"};
const text accounts{"accounts", R"(
SELECT account, boot_id, saved_at_ms, tokens, lease, blocked_until, breaker, breaker_until, breaker_failures,
       breaker_cool_off_ms, requests_allowed, requests_used, window_resets_at, window_ms, window_slides, paused,
       paused_reason, saved_at
  FROM accounts ORDER BY account)"};
const text slices{"slices", R"(
SELECT at_ms, requests FROM request_slices WHERE account = ?1 AND at_ms >= ?2 ORDER BY at_ms)"};
const text response{"response", "SELECT text FROM responses WHERE name = ?1"};
const text counts{"counts", "SELECT account, status, messages FROM counters"};

// An indeterminate attempt's route and address are those of the mark, its row the newest that was opened.
const text interrupted{"interrupted", "SELECT " MESSAGE_COLUMNS R"(, m.sent_to,
       (SELECT a.communication_id FROM attempts AS a
         WHERE a.message_id = m.id AND a.route IS NOT NULL ORDER BY a.id DESC LIMIT 1),
       (SELECT a.route FROM attempts AS a
         WHERE a.message_id = m.id AND a.route IS NOT NULL ORDER BY a.id DESC LIMIT 1)
  FROM messages AS m INDEXED BY messages_sending
 WHERE m.status = 'sending' ORDER BY m.id)"};
const text owned{"owned", "SELECT 1 FROM messages WHERE remote_message_id = ?1"};
const text spoken{"spoken", R"(
SELECT m.id, coalesce(m.sent_text, ''), m.remote_message_id,
       coalesce(a.started_at_server, a.started_at, m.sent_at, m.created_at)
  FROM messages AS m INDEXED BY messages_spoken
  LEFT JOIN attempts AS a ON a.id = (SELECT max(l.id) FROM attempts AS l WHERE l.message_id = m.id)
 WHERE m.sent_to = ?1 AND m.status = 'sent'
   AND (m.remote_message_id IS NULL
        OR coalesce(a.started_at_server, a.started_at, m.sent_at, m.created_at) >= ?2)
 ORDER BY m.id)"};
const text first_doubt{"first_doubt", R"(
SELECT coalesce(started_at_server, started_at) FROM attempts
 WHERE message_id = ?1 AND outcome = 'indeterminate' ORDER BY id LIMIT 1)"};
const text followed{"followed", R"(
SELECT id, sent_to, remote_message_id, remote_status FROM messages INDEXED BY messages_followed
 WHERE account = ?1 AND id > ?2 AND status = 'sent' AND remote_message_id IS NOT NULL
   AND coalesce(remote_status, '') NOT IN ('delivery-success', 'delivery-failed')
 ORDER BY id LIMIT ?3)"};

const text data_version{"data_version", "PRAGMA data_version"};
const text schema_version{"schema_version", "PRAGMA schema_version"};
const text finished_counts{"finished_counts", R"(
SELECT account, status FROM counters
 WHERE messages > 0 AND status IN ('sent', 'failed', 'expired', 'cancelled'))"};
const text finished_before{"finished_before", R"(
SELECT EXISTS (SELECT 1 FROM messages INDEXED BY messages_finished
                WHERE account = ?1 AND status = ?2 AND finished_at < ?3))"};
const text attempts_before{"attempts_before", R"(
SELECT EXISTS (SELECT 1 FROM attempts INDEXED BY attempts_started WHERE started_at < ?1))"};
const text purge_messages{"purge_messages", R"(
DELETE FROM messages
 WHERE id IN (SELECT id FROM messages INDEXED BY messages_finished
               WHERE account = ?1 AND status = ?2 AND finished_at < ?3 ORDER BY finished_at LIMIT ?4))"};
// Ids grow with time: what began before an attempt that is past its age, is so itself, though its date lies
// ahead because the clock once did.
const text purge_future_attempts{"purge_future_attempts", R"(
DELETE FROM attempts
 WHERE id IN (SELECT f.id FROM attempts AS f INDEXED BY attempts_started
               WHERE f.started_at > ?2
                 AND f.id < (SELECT o.id FROM attempts AS o INDEXED BY attempts_started
                              WHERE o.started_at < ?1 ORDER BY o.started_at DESC LIMIT 1)
                 AND NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.id = f.message_id AND m.status = 'sending')
               LIMIT ?3))"};
// What ended ahead of now, ended by a clock that was ahead: it is as old as now at the most. The first and
// the last row show that it is not the present clock that is wrong.
const text finished_ahead{"finished_ahead", R"(
SELECT EXISTS (SELECT 1 FROM messages INDEXED BY messages_finished
                WHERE account = ?1 AND status = ?2 AND finished_at > ?3)
   AND (SELECT created_at FROM messages ORDER BY id LIMIT 1) <= ?3
   AND (SELECT created_at FROM messages ORDER BY id DESC LIMIT 1) <= ?3)"};
const text finish_now{"finish_now", R"(
UPDATE messages SET finished_at = ?3
 WHERE id IN (SELECT id FROM messages INDEXED BY messages_finished
               WHERE account = ?1 AND status = ?2 AND finished_at > ?3 LIMIT ?4))"};
// What a message that is being sent must remember stays.
const text purge_attempts{"purge_attempts", R"(
DELETE FROM attempts
 WHERE id IN (SELECT a.id FROM attempts AS a INDEXED BY attempts_started
               WHERE a.started_at < ?1
                 AND NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.id = a.message_id AND m.status = 'sending')
               ORDER BY a.started_at LIMIT ?2))"};

std::span<const text* const> all() noexcept {
    static const text* const statements[] = {
        &begin,
        &own_writes_begin,
        &own_writes_end,
        &commit,
        &next_priority,
        &next_young_priority,
        &due_by_turn,
        &due_youngest,
        &load,
        &ready_after,
        &oldest_due,
        &count_sending,
        &pending_work,
        &unknown_work,
        &pending_accounts,
        &paused_accounts,
        &hold_unknown,
        &empty_counters,
        &counters_forget,
        &expire,
        &next_expiry,
        &mark,
        &attempt_open,
        &lane_served,
        &lane_rest,
        &lanes_rest_less,
        &lane_turns_forget,
        &verdict,
        &attempt_close,
        &attempt_insert,
        &doubt,
        &lane_end,
        &remote_claim,
        &remote_news,
        &due_again,
        &account_register,
        &without_expiry,
        &fill_expiry,
        &account_save,
        &account_pause,
        &slice_save,
        &slices_forget,
        &slices_of_other_boots,
        &accounts,
        &slices,
        &response,
        &counts,
        &interrupted,
        &owned,
        &spoken,
        &first_doubt,
        &followed,
        &data_version,
        &schema_version,
        &finished_counts,
        &finished_before,
        &attempts_before,
        &purge_future_attempts,
        &finished_ahead,
        &finish_now,
        &purge_messages,
        &purge_attempts,
    };
    return statements;
}

} // namespace cannedd::sql
