#include "queue/overview.hpp"

#include "queue/accounts.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <exception>
#include <map>

namespace cannedd {
namespace sql {

// Each repeats the condition of the partial index that it is answered from.
const text overview_accounts{"overview_accounts", R"(
SELECT account, paused_reason, blocked_until, breaker_until, requests_allowed, requests_used, window_resets_at, paused
  FROM accounts ORDER BY account)"};
const text overview_age{"overview_age", R"(
SELECT count(*) FROM (
    SELECT 1 FROM messages
     WHERE account = ?1 AND status = 'pending' AND created_at > ?2 AND created_at <= ?3
       AND status <> 'sent' AND status <> 'sending'
     LIMIT ?4))"};
const text overview_due{"overview_due", R"(
SELECT due_at FROM messages WHERE account = ?1 AND status = 'pending' AND due_at <= ?2 ORDER BY due_at LIMIT 1)"};
const text overview_again{"overview_again", R"(
SELECT min(order_at) FROM (
    SELECT order_at FROM messages
     WHERE account = ?1 AND coalesce(not_before, 0) <= ?2 AND status = 'pending' AND due_at <> order_at LIMIT ?3))"};
const text overview_problems{"overview_problems", R"(
SELECT id, account, error, error_detail, coalesce(conversation_id, sent_to, 'agent ' || agent_id),
       coalesce(finished_at, created_at), coalesce(sent_text, text, '')
  FROM messages
 WHERE account = ?1 AND status = ?2
   AND status <> 'sent' AND status <> 'sending'
 ORDER BY created_at DESC LIMIT ?3)"};
const text overview_doubts{"overview_doubts", R"(
SELECT id, account, conversation, since
  FROM (SELECT m.id, m.account, coalesce(m.sent_to, m.conversation_id, 'agent ' || m.agent_id) AS conversation,
               (SELECT min(a.started_at) FROM attempts AS a
                 WHERE a.message_id = m.id AND a.outcome = 'indeterminate' AND a.finished_at IS NOT NULL) AS since
          FROM messages AS m INDEXED BY messages_sending WHERE m.status = 'sending')
 WHERE since IS NOT NULL LIMIT ?1)"};

} // namespace sql

namespace {

constexpr std::array troubles{message_status::unconfirmed, message_status::held, message_status::failed,
                              message_status::expired};

class reading {
public:
    reading(database& db, const std::set<std::string>& configured, wall_time now)
        : db_(db), configured_(configured), now_(now) {}

    queue_overview all() {
        queue_overview seen;
        read_memory();
        read_status();
        for (auto& [name, account] : accounts_) {
            if (configured_.contains(name)) read_waiting(account);
            seen.accounts.push_back(account);
        }
        seen.problems = problems();
        seen.doubts = doubts();
        return seen;
    }

private:
    void read_memory() {
        for (const auto& name : configured_)
            accounts_[name].name = name;
        auto rows = db_.use(sql::overview_accounts);
        while (rows.next()) {
            const auto known = accounts_.find(rows.text(0));
            if (known == accounts_.end()) continue;
            auto& it = known->second;
            if (rows.integer(7) != 0) it.paused_reason = rows.text(1);
            it.blocked_until = rows.maybe_wall(2);
            it.breaker_until = rows.maybe_wall(3);
            it.requests_allowed = rows.maybe_int(4);
            it.requests_used = rows.maybe_int(5);
            it.window_resets_at = rows.maybe_wall(6);
        }
    }

    void read_status() {
        for (const auto& count : read_counts(db_, configured_)) {
            if (count.messages == 0) continue;
            auto& it = accounts_[count.account];
            it.name = count.account;
            it.messages.at(static_cast<std::size_t>(count.status)) = count.messages;
        }
    }

    void read_waiting(account_overview& it) {
        if (it.messages.at(static_cast<std::size_t>(message_status::pending)) == 0) return;
        auto until = wall_time::max(); // a producer's clock may be ahead of ours
        for (std::size_t slot = 0; slot < it.ages.size(); ++slot) {
            const bool last = slot == age_limits.size();
            const auto from = last ? wall_time::min() : now_ - age_limits.at(slot);
            auto row = db_.use(sql::overview_age);
            if (row.with(it.name, from, until, counted_max).next()) it.ages.at(slot) = row.integer(0);
            until = from;
        }
        read_oldest(it);
    }

    void read_oldest(account_overview& it) {
        auto due = db_.use(sql::overview_due);
        if (due.with(it.name, now_).next()) it.oldest = due.maybe_wall(0);
        auto again = db_.use(sql::overview_again);
        if (!again.with(it.name, now_, counted_max).next()) return;
        const auto tried = again.maybe_wall(0);
        if (tried && (!it.oldest || *tried < *it.oldest)) it.oldest = tried;
    }

    // What waits for a person first; of each state the newest.
    std::vector<problem_row> problems() {
        std::vector<problem_row> found;
        for (const auto status : troubles) {
            const auto first = static_cast<std::ptrdiff_t>(found.size());
            const auto names = accounts_with(status);
            for (const auto& name : names)
                read_problems(found, name, status);
            std::ranges::sort(found.begin() + first, found.end(), std::ranges::greater(),
                              &problem_row::since);
            const auto most = static_cast<std::size_t>(first) + problems_max / troubles.size();
            if (found.size() > most) found.resize(most);
        }
        return found;
    }

    std::vector<std::string> accounts_with(message_status status) const {
        std::vector<std::string> names;
        for (const auto& [name, account] : accounts_)
            if (configured_.contains(name) && account.messages.at(static_cast<std::size_t>(status)) > 0)
                names.push_back(name);
        return names;
    }

    void read_problems(std::vector<problem_row>& found, const std::string& account, message_status status) {
        auto rows = db_.use(sql::overview_problems);
        rows.with(account, name_of(status), static_cast<int>(problems_max / troubles.size()));
        while (rows.next()) {
            problem_row it;
            it.id = rows.integer(0);
            it.account = rows.text(1);
            it.status = status;
            it.error = rows.text(2);
            it.detail = rows.text(3);
            it.conversation = rows.text(4);
            it.since = rows.wall(5);
            it.text = rows.text(6);
            found.push_back(std::move(it));
        }
    }

    std::vector<doubt_row> doubts() {
        std::vector<doubt_row> found;
        auto rows = db_.use(sql::overview_doubts);
        rows.with(doubts_max);
        while (rows.next()) {
            doubt_row it;
            it.id = rows.integer(0);
            it.account = rows.text(1);
            it.conversation = rows.text(2);
            it.since = rows.wall(3);
            found.push_back(std::move(it));
        }
        return found;
    }

    database& db_;
    const std::set<std::string>& configured_;
    wall_time now_;
    std::map<std::string, account_overview> accounts_;
};

} // namespace

queue_overview read_overview(const std::filesystem::path& file, const std::set<std::string>& configured,
                             wall_time now) {
    try {
        database db(file.string(), SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, nullptr);
        db.execute("BEGIN"); // one moment for all of it
        auto seen = reading(db, configured, now).all();
        db.execute("COMMIT");
        return seen;
    } catch (const std::exception& failed) {
        queue_overview none;
        none.trouble = failed.what();
        return none;
    }
}

} // namespace cannedd
