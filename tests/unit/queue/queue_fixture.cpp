#include "unit/queue/queue_fixture.hpp"

#include <sqlite3.h>

#include <fstream>
#include <stdexcept>

#include <stdlib.h>
#include <unistd.h>

namespace cannedd::test {
namespace {

std::filesystem::path make_folder() {
    // In memory where that can be had: hundreds of databases are made, and a busy disk would be what is
    // measured.
    const std::filesystem::path memory = "/dev/shm";
    const auto parent = ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "cannedd-queue-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return pattern;
}

} // namespace

temporary_folder::temporary_folder() : path(make_folder()) {}

temporary_folder::~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

outsider::outsider(const std::filesystem::path& database, const char* vfs) {
    if (sqlite3_open_v2(database.c_str(), &connection_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs) !=
        SQLITE_OK)
        throw std::runtime_error("outsider cannot open " + database.string());
}

outsider::~outsider() {
    sqlite3_close_v2(connection_);
}

std::string outsider::attempt(const std::string& script) {
    char* words = nullptr;
    if (sqlite3_exec(connection_, script.c_str(), nullptr, nullptr, &words) == SQLITE_OK) return {};
    std::string refusal = words == nullptr ? "?" : words;
    sqlite3_free(words);
    return refusal;
}

void outsider::run(const std::string& script) {
    if (const auto refusal = attempt(script); !refusal.empty())
        throw std::runtime_error(refusal + ": " + script);
}

std::vector<std::string> outsider::rows(const std::string& query) {
    std::vector<std::string> found;
    const auto add = [](void* to, int columns, char** values, char**) {
        std::string row;
        for (int i = 0; i < columns; ++i) {
            if (i > 0) row += '|';
            row += values[i] == nullptr ? "NULL" : values[i];
        }
        static_cast<std::vector<std::string>*>(to)->push_back(row);
        return 0;
    };
    if (sqlite3_exec(connection_, query.c_str(), add, &found, nullptr) != SQLITE_OK)
        throw std::runtime_error(std::string(sqlite3_errmsg(connection_)) + ": " + query);
    return found;
}

std::string outsider::value(const std::string& query) {
    const auto found = rows(query);
    return found.empty() ? std::string() : found.front();
}

wall_time wall_now() {
    return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
}

queue_fixture::queue_fixture()
    : log(log_level::error, [](const log_record&) {})
    , settings([this] {
        store_settings it;
        it.database = folder.path / "queue.db";
        return it;
    }())
    , store(open_sqlite_store(settings, log))
    , other(settings.database) {
    configure({"default"});
}

void queue_fixture::configure(std::initializer_list<std::string> accounts) {
    std::vector<account_registration> known;
    for (const auto& account : accounts)
        known.push_back({.account = account,
                         .expire_after = std::chrono::hours(1),
                         .conversation_per_minute = 10'000}); // so that it decides nothing
    store->register_accounts(known).value();
}

void queue_fixture::reopen() {
    store.reset();
    store = open_sqlite_store(settings, log);
    configure({"default"});
}

std::int64_t queue_fixture::insert(const std::string& conversation, const std::string& columns,
                                   const std::string& values) {
    other.run("INSERT INTO messages (conversation_id, text" + (columns.empty() ? "" : ", " + columns) +
              ") VALUES ('" + conversation + "', 'hello'" + (values.empty() ? "" : ", " + values) + ")");
    return sqlite3_last_insert_rowid(other.handle());
}

std::string queue_fixture::field(std::int64_t id, const std::string& column) {
    return other.value("SELECT " + column + " FROM messages WHERE id = " + std::to_string(id));
}

mark queue_fixture::mark_of(std::int64_t id, int attempts_before) const {
    mark it;
    it.message_id = id;
    it.attempts_before = attempts_before;
    it.now = now;
    it.text = "hello";
    it.sent_to = conversation_a;
    it.communication_id = "communication";
    it.route = "message";
    return it;
}

verdict queue_fixture::verdict_of(std::int64_t id, message_status to, int attempts) const {
    verdict it;
    it.message_id = id;
    it.attempts = attempts;
    it.to = to;
    it.now = now;
    it.due_at = now;
    it.attempt.started_at = now;
    it.attempt.finished_at = now + milliseconds(7);
    it.attempt.phase = "replied";
    it.attempt.http_status = 200;
    it.attempt.outcome = "accepted";
    if (to != message_status::sent) it.error = errc::server_error;
    return it;
}

std::vector<std::int64_t> queue_fixture::due(std::size_t limit, turn which, const std::string& account) {
    std::vector<std::int64_t> ids;
    const auto found = store->due(account, now, limit, which).value();
    for (const auto& it : found)
        ids.push_back(it.head_id);
    return ids;
}

void queue_fixture::bring_to(std::int64_t id, message_status to) {
    const auto here = std::to_string(id);
    switch (to) {
    case message_status::pending: return;
    case message_status::held: other.run("UPDATE messages SET status = 'held' WHERE id = " + here); return;
    case message_status::cancelled:
        other.run("UPDATE messages SET status = 'cancelled' WHERE id = " + here);
        return;
    case message_status::sending: apply(mark_of(id)); return;
    default: break;
    }
    apply(mark_of(id));
    apply(verdict_of(id, to));
}

std::string bookkeeping_fault(outsider& reader) {
    for (const auto& lane :
         reader.rows("SELECT DISTINCT lane FROM messages WHERE status IN ('pending', 'sending')")) {
        const auto head =
            reader.value("SELECT account || '/' || id || '/' || priority || '/' || due_at || '/' || "
                         "(status = 'sending') || '/' || (attempts > 0 OR deferrals > 0) || '/' || "
                         "coalesce(error IN ('agent_not_connected', 'no_active_conversation', "
                         "'bot_in_conversation'), 0) FROM messages WHERE +lane = '" +
                         lane +
                         "' AND +status IN ('pending', 'sending') ORDER BY (status = 'sending') DESC, "
                         "coalesce(not_before, created_at), id LIMIT 1");
        const auto kept =
            reader.value("SELECT account || '/' || head_id || '/' || priority || '/' || due_at || '/' || "
                         "sending || '/' || tried || '/' || waits FROM lanes WHERE lane = '" +
                         lane + "'");
        if (head != kept) return "lane " + lane + ": is " + kept + ", should be " + head;
    }
    if (const auto wrong =
            reader.value("SELECT lane FROM lanes WHERE ready_at <> max(due_at, rests_until) OR "
                         "turn_at <> max(ready_at, served_at)");
        !wrong.empty())
        return "lane " + wrong + " has its turn at another moment than its parts say";
    if (const auto late = reader.value("SELECT l.lane FROM lanes AS l JOIN messages AS m ON m.lane = l.lane "
                                       "WHERE (+m.status = 'pending' AND m.order_at < l.from_at) "
                                       "OR (m.id = l.head_id AND l.sending = 0 AND m.order_at <> l.from_at)");
        !late.empty())
        return "lane " + late + " would not find its first row";
    if (const auto extra =
            reader.value("SELECT lane FROM lanes WHERE lane NOT IN (SELECT lane FROM messages WHERE "
                         "+status IN ('pending', 'sending'))");
        !extra.empty())
        return "lane " + extra + " has nothing to send";
    const auto counted =
        reader.rows("SELECT account, status, count(*) FROM messages GROUP BY 1, 2 ORDER BY 1, 2");
    const auto kept =
        reader.rows("SELECT account, status, messages FROM counters WHERE messages <> 0 ORDER BY 1, 2");
    if (counted != kept) return "counters differ from the rows";
    if (reader.value("SELECT count(*) FROM own_writes") != "0") return "own_writes was left behind";
    if (reader.value("SELECT count(*) FROM messages WHERE due_at IS NULL") != "0")
        return "a row without due_at";
    return {};
}

void spoil_page(const std::filesystem::path& database, std::int64_t page) {
    std::fstream file(database, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((page - 1) * page_bytes);
    file << std::string(page_bytes, '\x5a');
}

} // namespace cannedd::test
