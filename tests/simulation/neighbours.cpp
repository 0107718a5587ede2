#include "neighbours.hpp"

#include <stdexcept>

namespace cannedd::simulation {
namespace {

std::string number_text(const std::optional<std::int64_t>& value) {
    return value ? std::to_string(*value) : "NULL";
}

std::string upper_case(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

} // namespace

const std::string database_file = "queue.db";

neighbours::neighbours(const plan& chosen, machine& on, time_source& time, agenda& later, journal& notes)
    : plan_(chosen)
    , machine_(on)
    , time_(time)
    , later_(later)
    , notes_(notes)
    , dice_(chosen.neighbours)
    , vfs_("simulated-neighbours", on) {
    power_back_if_down();
}

void neighbours::power_back_if_down() {
    if (process_ && process_->alive) return;
    process_ = std::make_shared<process>("neighbours");
    vfs_.serve(process_);
}

void neighbours::power_cut() {
    machine_.kill(*process_);
    line_.reset();
    locker_.reset();
    reader_.reset();
}

connection* neighbours::line() {
    if (!process_->alive) return nullptr;
    try {
        if (line_ == nullptr) {
            line_ = std::make_unique<connection>(database_file, vfs_.name());
            line_->execute(plan_.producer_syncs ? "PRAGMA synchronous = FULL"
                                                : "PRAGMA synchronous = NORMAL");
        }
    } catch (const std::runtime_error&) {
        return nullptr;
    }
    return line_.get();
}

void neighbours::hang_up() {
    if (!plan_.producer_stays) line_.reset();
}

bool neighbours::run(const std::string& statement) {
    auto* const on = line();
    if (on == nullptr) return false;
    const bool done = on->execute(statement);
    const auto values = statement.find("VALUES"); // the columns are always the same
    const auto told = values == std::string::npos ? statement : "INSERT " + statement.substr(values);
    notes_.note((done ? "neighbour: " : "neighbour, in vain (" + on->error() + "): ") + told);
    hang_up();
    return done;
}

// --- producers

void neighbours::insert(std::size_t row) {
    const auto& it = plan_.rows[row];
    const auto& to = plan_.conversations[it.conversation];
    const auto now = time_.wall().time_since_epoch().count();
    const auto from_now = [now](const std::optional<milliseconds>& span) {
        return number_text(span ? std::optional(now + span->count()) : std::nullopt);
    };
    const auto quoted = [](const std::string& text) { return "'" + text + "'"; };
    const bool names_conversation = it.by != planned_row::addressing::agent;
    const bool names_agent = it.by != planned_row::addressing::conversation;
    const auto key = "k" + std::to_string(row);
    const auto response = "greeting-c" + std::to_string(it.conversation);
    const bool done = run(
        "INSERT INTO messages (account, conversation_id, agent_id, text, response, priority, not_before, "
        "expires_at, dedup_key, status) VALUES (" +
        quoted(it.account) + ", " +
        (names_conversation ? quoted(it.upper_case ? upper_case(to.id) : to.id) : "NULL") + ", " +
        (names_agent ? quoted(to.agent_id) : "NULL") + ", " + (it.as_response ? "NULL" : quoted(it.text)) +
        ", " + (it.as_response ? quoted(response) : "NULL") + ", " + std::to_string(it.priority) + ", " +
        from_now(it.not_before_after) + ", " + from_now(it.expires_after) + ", " + quoted(key) + ", " +
        (it.held ? "'held'" : "'pending'") + ") ON CONFLICT(dedup_key) DO NOTHING");
    if (!done)
        later_.at(time_.steady() + milliseconds(73), [this, row] { insert(row); });
    else if (plan_.producer_syncs)
        acknowledged_.insert(key);
}

void neighbours::lock_for(milliseconds span) {
    if (!process_->alive || locker_ != nullptr) return;
    try {
        locker_ = std::make_unique<connection>(database_file, vfs_.name());
    } catch (const std::runtime_error&) {
        return;
    }
    const bool locked = locker_->execute("BEGIN IMMEDIATE");
    notes_.note(locked ? "a producer holds the lock" : "a producer wants the lock in vain");
    later_.at(time_.steady() + span, [this] {
        if (locker_ == nullptr) return;
        locker_->execute("COMMIT");
        locker_.reset();
        notes_.note("the producer's lock is gone");
    });
}

void neighbours::read_for(milliseconds span) {
    if (!process_->alive || reader_ != nullptr) return;
    try {
        reader_ = std::make_unique<connection>(database_file, vfs_.name());
    } catch (const std::runtime_error&) {
        return;
    }
    reader_->execute("BEGIN; SELECT count(*) FROM messages");
    notes_.note("a reader stays in its transaction");
    later_.at(time_.steady() + span, [this] { reader_.reset(); });
}

// --- operators

std::int64_t neighbours::one_id_of(const std::string& statuses) {
    std::vector<std::int64_t> ids;
    if (auto* const on = line())
        on->query("SELECT id FROM messages WHERE status IN (" + statuses + ") ORDER BY id", {},
                  [&ids](const connection::row& r) { ids.push_back(r.number(0)); });
    return ids.empty() ? 0 : dice_.one_of(ids);
}

void neighbours::intervene(planned_intervention::kind what) {
    using kind = planned_intervention::kind;
    const auto update = [this](const std::string& set, const std::string& statuses) {
        const auto id = one_id_of(statuses);
        if (id != 0) run("UPDATE messages SET " + set + " WHERE id = " + std::to_string(id));
    };
    const auto now = time_.wall().time_since_epoch().count();
    const auto& account = dice_.one_of(plan_.accounts).name;
    switch (what) {
    case kind::cancel: update("status = 'cancelled'", "'pending', 'held'"); break;
    case kind::hold: update("status = 'held'", "'pending'"); break;
    case kind::release: update("status = 'pending'", "'held'"); break;
    case kind::replay: replay(one_id_of("'failed', 'expired', 'cancelled', 'held', 'unconfirmed'")); break;
    case kind::judge: judge(one_id_of("'unconfirmed'")); break;
    case kind::reschedule:
        update("priority = " + std::to_string(dice_.between(-3, 3)) +
                   ", not_before = " + std::to_string(now + dice_.between(-4000, 4000)),
               "'pending', 'held'");
        break;
    case kind::pause: set_paused(account, true); break;
    case kind::unpause: set_paused(account, false); break;
    case kind::last: break;
    }
}

void neighbours::replay(std::int64_t id) {
    if (id == 0) return;
    const auto which = std::to_string(id);
    const bool unsure =
        line()->number("SELECT count(*) FROM messages WHERE status = 'unconfirmed' AND id = ?1", {id}) > 0;
    if (!run("UPDATE messages SET status = 'pending' WHERE id = " + which)) return;
    replayed_.insert(id);
    if (unsure) ++told_again_[id];
}

void neighbours::judge(std::int64_t id) {
    if (id == 0) return;
    const std::string verdict = dice_.chance(0.5) ? "sent" : "failed";
    if (run("UPDATE messages SET status = '" + verdict + "' WHERE id = " + std::to_string(id)))
        judged_.insert(id);
}

void neighbours::set_paused(const std::string& account, bool paused) {
    const bool done = run(std::string("UPDATE accounts SET paused = ") + (paused ? "1" : "0") +
                          " WHERE account = '" + account + "'");
    if (done && on_pause) on_pause(account, paused);
}

void neighbours::mend() {
    const auto now = time_.wall().time_since_epoch().count();
    run("UPDATE messages SET not_before = " + std::to_string(now) +
        " WHERE status IN ('pending', 'held') AND not_before > " +
        std::to_string(now + plan_.active.count()));
    for (const auto& one : plan_.accounts)
        set_paused(one.name, false);
}

} // namespace cannedd::simulation
