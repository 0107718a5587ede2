// A queue in a folder of its own, the daemon's store on it, and an outsider: a plain SQLite connection that
// knows nothing of cannedd, as producers and operators have.
#pragma once

#include "log/logger.hpp"
#include "queue/sqlite_store.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;

namespace cannedd::test {

class temporary_folder {
public:
    temporary_folder();
    ~temporary_folder();
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    const std::filesystem::path path;
};

class outsider {
public:
    explicit outsider(const std::filesystem::path& database, const char* vfs = nullptr);
    ~outsider();
    outsider(const outsider&) = delete;
    outsider& operator=(const outsider&) = delete;

    // SQLite's words of refusal; empty: it was done.
    std::string attempt(const std::string& script);
    // Throws when it is refused.
    void run(const std::string& script);
    // First column of the first row; "NULL" for NULL, "" for no row.
    std::string value(const std::string& query);
    std::int64_t number(const std::string& query) { return std::stoll(value(query)); }
    // Columns joined by '|', one string a row.
    std::vector<std::string> rows(const std::string& query);
    sqlite3* handle() const { return connection_; }

private:
    sqlite3* connection_ = nullptr;
};

inline const std::string conversation_a = "aaaaaaaa-0000-4000-8000-000000000001";
inline const std::string conversation_b = "bbbbbbbb-0000-4000-8000-000000000002";
inline const std::string conversation_c = "cccccccc-0000-4000-8000-000000000003";
inline const std::string agent_a = "dddddddd-0000-4000-8000-000000000004";

wall_time wall_now();

struct queue_fixture {
    queue_fixture();

    temporary_folder folder;
    logger log;
    store_settings settings;
    std::unique_ptr<message_store> store;
    outsider other;
    // Ahead, so that what is inserted during the test is due.
    wall_time now = wall_now() + minutes(1);

    // The accounts of the configuration, each with an expire_after of an hour.
    void configure(std::initializer_list<std::string> accounts);
    void reopen();
    // The id of a row that says something in the conversation; `more` are columns with their values as SQL.
    std::int64_t insert(const std::string& conversation, const std::string& columns = "",
                        const std::string& values = "");
    std::string field(std::int64_t id, const std::string& column);
    bool apply(const change& what) { return store->apply(std::span(&what, 1)).value().at(0); }
    mark mark_of(std::int64_t id, int attempts_before = 0) const;
    verdict verdict_of(std::int64_t id, message_status to, int attempts = 1) const;
    // Ids that due() offers.
    std::vector<std::int64_t> due(std::size_t limit = 100, turn which = turn::oldest,
                                  const std::string& account = "default");
    // Brings a pending head to the state, as the daemon does.
    void bring_to(std::int64_t id, message_status to);
};

// What stands on the page, from 1, makes no sense any more.
constexpr int page_bytes = 4096;
void spoil_page(const std::filesystem::path& database, std::int64_t page);

// What the lanes and counters must be, worked out from the messages alone, against what the triggers kept.
// Empty: they agree.
std::string bookkeeping_fault(outsider& reader);

} // namespace cannedd::test
