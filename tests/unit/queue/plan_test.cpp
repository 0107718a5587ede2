// No statement that runs while the daemon works, and no trigger that it fires, walks a table that grows; and
// what runs in a writer's process keeps to the dialect of SQLite 3.31.
#include "queue/sql.hpp"
#include "schema/embedded.hpp"
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

namespace cannedd::test {
namespace {

// Small by nature: a row for each account and status, or one at most (sqlite_sequence: a few).
const std::set<std::string> harmless{
    "SCAN counters",     "SCAN c",
    "SCAN own_writes",   "SCAN duplicate_key",
    "SCAN wall_clock",   "SCAN sqlite_sequence",
    "SCAN CONSTANT ROW", "SCAN accounts USING COVERING INDEX sqlite_autoindex_accounts_1",
};
// Allowed to one statement alone.
const std::multimap<std::string, std::string> by_name{
    {"accounts", "SCAN accounts USING INDEX sqlite_autoindex_accounts_1"}, // all of them, at the start
    {"paused_accounts", "SCAN accounts"},                                  // as many as are configured
    {"interrupted", "SCAN m USING INDEX messages_sending"},                // what is in flight
    {"unproven_sending", "SCAN messages USING INDEX messages_sending"},
    {"oldest_undelivered", "SCAN w"}, // 200 at the most
    {"oldest_undelivered", "SCAN s USING INDEX messages_sending"},
    {"ready_after", "SCAN (subquery-2)"}, // one row of each priority
    {"without_expiry", "SCAN a"},         // accounts
    {"fill_expiry", "SCAN a"},
    {"overview_accounts", "SCAN accounts USING INDEX sqlite_autoindex_accounts_1"},
    {"inspected_pauses", "SCAN a USING INDEX sqlite_autoindex_accounts_1"},
    {"overview_doubts", "SCAN m USING INDEX messages_sending"}, // what is in flight
    {"overview_age", "SCAN (subquery-1)"},                      // at most counted_max rows
    {"overview_again", "SCAN (subquery-1)"},
    {"finished_ahead", "SCAN messages"}, // in order of id, the first one and the last one only
};
// One walks the lanes once after the clock was set back; the others read the schema when it has changed.
const std::vector<std::string> rare{"lane_turns_forget", "read_objects", "plain_index", "columns"};

std::vector<std::string> scans_of(outsider& reader, const char* words) {
    std::vector<std::string> scans;
    for (const auto& step : reader.rows(std::string("EXPLAIN QUERY PLAN ") + words)) {
        const auto detail = step.substr(step.rfind('|') + 1);
        if (detail.starts_with("SCAN") && !harmless.contains(detail)) scans.push_back(detail);
    }
    return scans;
}

std::string words_of(const std::string& name) {
    for (const auto* const statement : sql::all())
        if (statement->name == name) return statement->words;
    throw std::invalid_argument("no statement is named " + name);
}

// The line in small letters, without its comment and what stands in quotes.
std::string code_of(const std::string& line) {
    std::string code;
    char quote = 0;
    for (const char letter : line.substr(0, line.find("--"))) {
        if (quote == 0 && (letter == '\'' || letter == '"')) {
            quote = letter;
        } else if (letter == quote) {
            quote = 0;
        } else if (quote == 0) {
            code += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
        }
    }
    return code;
}

} // namespace

BOOST_AUTO_TEST_SUITE(plan_)

BOOST_FIXTURE_TEST_CASE(no_statement_scans_a_table_that_grows, queue_fixture) {
    sqlite3_db_config(other.handle(), SQLITE_DBCONFIG_TRIGGER_EQP, 1, nullptr);
    std::size_t looked_at = 0;
    for (const auto* const statement : sql::all()) {
        if (std::string(statement->words).starts_with("PRAGMA") ||
            std::ranges::count(rare, statement->name) > 0)
            continue;
        ++looked_at;
        const auto [first, last] = by_name.equal_range(std::string(statement->name));
        for (const auto& scan : scans_of(other, statement->words))
            if (std::none_of(first, last, [&](const auto& allowed) { return allowed.second == scan; }))
                BOOST_ERROR(statement->name << ": " << scan);
    }
    BOOST_TEST(looked_at > 40U);
}

BOOST_FIXTURE_TEST_CASE(what_is_due_is_told_by_the_index_alone, queue_fixture) {
    for (const std::string name :
         {"due_by_turn", "due_youngest", "ready_after", "next_priority", "next_young_priority"})
        for (const auto& step : other.rows("EXPLAIN QUERY PLAN " + words_of(name))) {
            const auto detail = step.substr(step.rfind('|') + 1);
            BOOST_TEST(detail.find("TEMP B-TREE") == std::string::npos, name << ": " << detail);
            BOOST_TEST(detail.find("messages") == std::string::npos, name << ": " << detail);
            if (detail.find("lanes") != std::string::npos)
                BOOST_TEST(detail.find("SEARCH lanes USING COVERING INDEX") == 0U, name << ": " << detail);
        }
}

BOOST_FIXTURE_TEST_CASE(a_missing_index_would_be_seen, queue_fixture) {
    BOOST_TEST(!scans_of(other, "SELECT * FROM messages WHERE tag = 'x'").empty());
    sqlite3_db_config(other.handle(), SQLITE_DBCONFIG_TRIGGER_EQP, 1, nullptr);
    other.run("DROP INDEX messages_lane");
    BOOST_TEST(!scans_of(other, words_of("mark").c_str()).empty());
    other.run("DROP INDEX attempts_message");
    BOOST_TEST(scans_of(other, words_of("attempt_close").c_str()).front() == "SCAN a");
}

BOOST_FIXTURE_TEST_CASE(a_producers_insert_and_an_operators_update_scan_nothing, queue_fixture) {
    sqlite3_db_config(other.handle(), SQLITE_DBCONFIG_TRIGGER_EQP, 1, nullptr);
    for (const auto* const words :
         {"INSERT INTO messages (conversation_id, text) VALUES ('x', 'y')",
          "INSERT INTO messages (conversation_id, text, dedup_key) VALUES ('x', 'y', 'z') ON "
          "CONFLICT (dedup_key) DO NOTHING",
          "INSERT OR REPLACE INTO messages (conversation_id, text, dedup_key) VALUES ('x', 'y', 'z')",
          "UPDATE messages SET status = 'pending', not_before = 5 WHERE id = 7",
          "UPDATE messages SET status = 'cancelled' WHERE id = 7",
          "UPDATE messages SET not_before = 5, priority = 2, expires_at = NULL WHERE id = 7",
          "UPDATE messages SET conversation_id = NULL, agent_id = 'x', account = 'y', dedup_key = 'z' "
          "WHERE id = 7",
          "UPDATE accounts SET paused = 1 WHERE account = 'default'",
          "INSERT INTO responses (name, text) VALUES ('x', 'y') ON CONFLICT (name) DO UPDATE SET text = 'z'",
          "SELECT status, error, error_detail FROM messages WHERE dedup_key = 'x'",
          "DELETE FROM messages WHERE id = 7"})
        for (const auto& scan : scans_of(other, words))
            BOOST_ERROR(words << ": " << scan);
}

BOOST_FIXTURE_TEST_CASE(what_is_asked_of_one_row_is_looked_up, queue_fixture) {
    for (const auto* const words :
         {"SELECT * FROM queue_why WHERE id = 17", "SELECT * FROM queue_problems WHERE id = 17",
          "SELECT * FROM queue_attempts WHERE message_id = 17",
          "SELECT * FROM queue_changes WHERE message_id = 17"})
        for (const auto& scan : scans_of(other, words))
            BOOST_TEST(scan == "SCAN w", words << ": " << scan);
    const auto plan = other.rows("EXPLAIN QUERY PLAN SELECT * FROM queue_problems");
    BOOST_REQUIRE(!plan.empty()); // the rest looks up `changes` of each
    BOOST_TEST(plan.front().find("messages_problem") != std::string::npos, plan.front());
}

BOOST_FIXTURE_TEST_CASE(what_was_told_in_a_conversation_is_looked_up, queue_fixture) {
    const auto* const words = "SELECT * FROM queue_told WHERE conversation = 'x'";
    for (const auto& scan : scans_of(other, words))
        BOOST_TEST((scan == "SCAN queue_told" || scan == "SCAN i" ||
                    scan == "SCAN s USING INDEX messages_sending" ||
                    scan == "SCAN s USING COVERING INDEX messages_sending"),
                   scan);
    for (const std::string index : {"messages_lane (lane=?)", "messages_spoken (sent_to=?)"}) {
        const auto plan = other.rows(std::string("EXPLAIN QUERY PLAN ") + words);
        BOOST_TEST(std::ranges::any_of(
                       plan, [&](const auto& step) { return step.find(index) != std::string::npos; }),
                   index);
    }
}

BOOST_FIXTURE_TEST_CASE(the_views_of_status_and_of_what_is_due_never_walk_the_queue, queue_fixture) {
    for (const auto* const view : {"queue_status", "queue_due", "queue_eta", "queue_shape"})
        for (const auto& step : other.rows(std::string("EXPLAIN QUERY PLAN SELECT * FROM ") + view)) {
            const auto detail = step.substr(step.rfind('|') + 1);
            for (const std::string table : {"messages", "lanes", "m", "l", "n", "p"})
                BOOST_TEST((detail + " ").find("SCAN " + table + " ") == std::string::npos,
                           view << ": " << detail);
        }
}

BOOST_AUTO_TEST_CASE(the_schema_keeps_to_the_dialect_of_sqlite_3_31) {
    // The views too: a connection that cannot parse one of them cannot use the file at all.
    std::vector<std::string_view> parts(schema::migrations().begin(), schema::migrations().end());
    parts.push_back(schema::views());
    for (const auto step : parts) {
        std::istringstream lines{std::string(step)};
        for (std::string line; std::getline(lines, line);)
            for (const std::string later : {"strict", "unixepoch", "->", "returning", "json", "iif(",
                                            "materialized", "subsec", " like ", "format(", "drop column"})
                BOOST_TEST(code_of(line).find(later) == std::string::npos, line);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
