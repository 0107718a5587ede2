#include "neighbours.hpp"

#include <stdexcept>

namespace cannedd::simulation {
namespace {

using value = connection::value;

const std::string insert_row = R"(
INSERT INTO messages (account, conversation_id, agent_id, text, response, priority, not_before, expires_at, dedup_key, status)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT(dedup_key) DO NOTHING)";

// Most of a seed's time went into reading the schema for a producer that leaves after each row; leaving now
// and then meets the same moments over the seeds, and twice as many seeds an hour meet more of them.
constexpr std::uint64_t goodbyes_one_in = 6;

std::string told(const std::string& statement, std::initializer_list<value> values) {
    std::string line = statement.starts_with(insert_row) ? "INSERT" : statement;
    for (const auto& v : values) {
        if (const auto* number = std::get_if<std::int64_t>(&v)) line += ' ' + std::to_string(*number);
        if (const auto* text = std::get_if<std::string>(&v)) line += " '" + *text + "'";
        if (std::holds_alternative<std::monostate>(v)) line += " NULL";
    }
    return line;
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

void neighbours::hang_up(bool failed) {
    if (!plan_.producer_stays && (failed || ++said_ % goodbyes_one_in == 0)) line_.reset();
}

bool neighbours::run(const std::string& statement, std::initializer_list<value> values) {
    auto* const on = line();
    if (on == nullptr) return false;
    const bool done = on->query(statement, values, [](const connection::row&) {});
    if (notes_.wanted())
        notes_.note((done ? "neighbour: " : "neighbour, in vain (" + on->error() + "): ") +
                    told(statement, values));
    hang_up(!done);
    return done;
}

void neighbours::meet(disk_trouble trouble) {
    if (trouble == disk_trouble::none) healed_at_ = time_.steady();
    process_->trouble = trouble;
}

// --- producers

// A sync failed, and what it lost lies in the log before this commit: SQLite does not know, and until a
// daemon has written the log anew, a power cut takes both. It does so when the disk works again and it
// writes.
bool neighbours::commits_over_a_hole() const {
    constexpr seconds until_it_is_written_anew{5};
    const auto log = machine_.files().find(database_file + "-wal");
    if (!log || !log->has_a_hole()) return false;
    return !is_served || !is_served() || time_.steady() - healed_at_ < until_it_is_written_anew;
}

void neighbours::insert(std::size_t row) {
    const auto& it = plan_.rows[row];
    const auto& to = plan_.conversations[it.conversation];
    const auto now = time_.wall().time_since_epoch().count();
    const auto from_now = [now](const std::optional<milliseconds>& span) {
        return span ? value(now + span->count()) : value();
    };
    const bool names_conversation = it.by != planned_row::addressing::agent;
    const bool names_agent = it.by != planned_row::addressing::conversation;
    const auto key = "k" + std::to_string(row);
    const auto response = "greeting-c" + std::to_string(it.conversation);
    const bool done = run(
        insert_row,
        {it.account, names_conversation ? value(it.upper_case ? upper_case(to.id) : to.id) : value(),
         names_agent ? value(to.agent_id) : value(), it.as_response ? value() : value(it.text),
         it.as_response ? value(response) : value(), std::int64_t{it.priority}, from_now(it.not_before_after),
         from_now(it.expires_after), key, std::string(it.held ? "held" : "pending")});
    if (!done) {
        auto& patience = patience_[row];
        patience = std::min(patience + milliseconds(73), milliseconds(seconds(5)));
        later_.at(time_.steady() + patience, [this, row] { insert(row); });
    } else if (plan_.producer_syncs && !commits_over_a_hole()) {
        acknowledged_.insert(key);
    }
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
        if (id != 0) run("UPDATE messages SET " + set + " WHERE id = ?1", {id});
    };
    const auto now = time_.wall().time_since_epoch().count();
    const auto& account = dice_.one_of(plan_.accounts).name;
    switch (what) {
    case kind::cancel:
        if (plan_.stops_what_is_sent)
            stop(one_id_of("'pending', 'held', 'sending'"));
        else
            update("status = 'cancelled'", "'pending', 'held'");
        break;
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

void neighbours::stop(std::int64_t id) {
    if (id == 0 || !run("UPDATE messages SET stop = 'cancelled' WHERE id = ?1", {id})) return;
    if (!plan_.producer_syncs || commits_over_a_hole()) return; // a power cut may take it
    stopped_[id] = line()->number(
        "SELECT count(*) FROM attempts WHERE message_id = ?1 AND phase IN ('written', 'replied')", {id});
}

void neighbours::replay(std::int64_t id) {
    if (id == 0) return;
    const bool unsure =
        line()->number("SELECT count(*) FROM messages WHERE status = 'unconfirmed' AND id = ?1", {id}) > 0;
    stopped_.erase(id); // also where the disk says no, for the commit may be there
    if (!run("UPDATE messages SET status = 'pending' WHERE id = ?1", {id})) return;
    replayed_.insert(id);
    const bool was_judged = judged_.erase(id) > 0; // in doubt before, for all that a person may have said
    if (unsure || was_judged) ++told_again_[id];
}

void neighbours::judge(std::int64_t id) {
    if (id == 0) return;
    const std::string verdict = dice_.chance(0.5) ? "sent" : "failed";
    if (run("UPDATE messages SET status = ?2 WHERE id = ?1", {id, verdict})) judged_.insert(id);
}

void neighbours::set_paused(const std::string& account, bool paused) {
    const bool done =
        run("UPDATE accounts SET paused = ?2 WHERE account = ?1", {account, std::int64_t{paused}});
    if (done && on_pause) on_pause(account, paused);
}

void neighbours::mend() {
    const auto now = time_.wall().time_since_epoch().count();
    run("UPDATE messages SET not_before = ?1 WHERE status IN ('pending', 'held') AND not_before > ?2",
        {now, now + plan_.active.count()});
    for (const auto& one : plan_.accounts)
        set_paused(one.name, false);
}

} // namespace cannedd::simulation
