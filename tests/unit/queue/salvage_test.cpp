// What can be read of a damaged queue is copied row by row, and what cannot is told by its ids.
#include "queue/salvage.hpp"
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <fstream>
#include <iterator>

namespace cannedd::test {
namespace {

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {(std::istreambuf_iterator<char>(in)), {}};
}

struct salvage_fixture : queue_fixture {
    salvage_fixture() {
        other.run("BEGIN");
        for (int n = 0; n < rows; ++n)
            insert(n % 2 == 0 ? conversation_a : conversation_b, "tag", "'row " + std::to_string(n) + "'");
        other.run("COMMIT");
        bring_to(1, message_status::sent);
        bring_to(3, message_status::sending);
        bring_to(2, message_status::unconfirmed);
        other.run("UPDATE messages SET status = 'cancelled' WHERE id = 10");
        other.run("INSERT INTO responses (name, text) VALUES ('hello', 'Hello {{name}}')");
    }

    void close_all() {
        store->checkpoint().value();
        store.reset();
    }
    void spoil(std::int64_t page) const { spoil_page(settings.database, page); }
    salvage_report salvage() {
        return salvage_queue(settings.database, fresh, log, [](std::int64_t) {});
    }
    void check_that_nothing_is_left() const {
        for (const auto* const ending :
             {"", "-wal", "-shm", ".source", ".again", ".again.source", ".again.source.schema"})
            BOOST_TEST(!std::filesystem::exists(fresh.string() + ending), ending);
    }
    // By the copy's own rules: whether it opens, and whether its books are right.
    void check_the_copy() {
        store_settings copy;
        copy.database = fresh;
        BOOST_TEST(open_sqlite_store(copy, log)->check_file().has_value());
        outsider reader(fresh);
        BOOST_TEST(reader.value("PRAGMA integrity_check") == "ok");
        BOOST_TEST(bookkeeping_fault(reader) == "");
        BOOST_TEST(reader.value("SELECT count(*) FROM messages WHERE status IN ('pending', 'sending')") ==
                   "0");
    }

    static constexpr int rows = 2'000;
    const std::filesystem::path fresh = folder.path / "fresh.db";
};

const salvaged_table& table_of(const salvage_report& report, const std::string& name) {
    for (const auto& table : report.tables)
        if (table.name == name) return table;
    throw std::runtime_error("no table " + name);
}

} // namespace

BOOST_AUTO_TEST_SUITE(salvage_)

BOOST_FIXTURE_TEST_CASE(of_a_sound_file_nothing_is_lost_and_nothing_goes_by_itself, salvage_fixture) {
    other.run("CREATE TABLE orders (id)");
    const auto done = salvage(); // with what is in the log only
    BOOST_TEST(table_of(done, "messages").copied == rows);
    BOOST_TEST(table_of(done, "messages").lost == 0);
    BOOST_TEST(table_of(done, "attempts").copied == 3);
    BOOST_TEST(table_of(done, "responses").copied == 1);
    BOOST_TEST(done.held == rows - 4);
    BOOST_TEST(done.unconfirmed == 1);
    BOOST_TEST(done.counted == rows);
    BOOST_TEST(done.left_behind == std::vector<std::string>{"orders"}, boost::test_tools::per_element());
    outsider reader(fresh);
    for (const auto* const column :
         {"id", "tag", "text", "created_at", "expires_at", "sent_text", "dedup_key"}) {
        const auto query = std::string("SELECT ") + column + " FROM messages ORDER BY id";
        BOOST_TEST(reader.rows(query) == other.rows(query), column);
    }
    BOOST_TEST(reader.value("SELECT status FROM messages WHERE id = 1") == "sent");
    BOOST_TEST(reader.value("SELECT status FROM messages WHERE id = 3") == "unconfirmed");
    BOOST_TEST(reader.value("SELECT error FROM messages WHERE id = 3") == "unconfirmed");
    BOOST_TEST(reader.value("SELECT status FROM messages WHERE id = 10") == "cancelled");
    BOOST_TEST(reader.value("SELECT status FROM messages WHERE id = 11") == "held");
    check_the_copy();
    // No id is given twice.
    reader.run("INSERT INTO messages (conversation_id, text) VALUES ('" + conversation_c + "', 'next')");
    BOOST_TEST(reader.number("SELECT max(id) FROM messages") == rows + 1);
}

BOOST_FIXTURE_TEST_CASE(rows_of_a_page_that_cannot_be_read_are_told_and_all_others_are_there,
                        salvage_fixture) {
    close_all();
    const auto whole = other.rows("SELECT id FROM messages");
    // A leaf in the middle of the table, and the last one.
    const auto middle =
        other.number("SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf' "
                     "ORDER BY path LIMIT 1 OFFSET 20");
    const auto last = other.number("SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf' "
                                   "ORDER BY path DESC LIMIT 1");
    spoil(middle);
    spoil(last);
    const auto before = bytes_of(settings.database);
    const auto done = salvage();
    BOOST_TEST((bytes_of(settings.database) == before)); // it stays as it is
    const auto& told = table_of(done, "messages");
    BOOST_TEST(told.copied + told.lost == rows);
    BOOST_TEST(told.lost > 10);
    BOOST_TEST(told.lost < 200);
    BOOST_TEST(told.lost_ids.find(" to " + std::to_string(rows)) != std::string::npos, told.lost_ids);
    BOOST_TEST(told.lost_ids.find(", ") != std::string::npos, told.lost_ids);
    BOOST_TEST(done.counted == rows);
    check_the_copy();
}

// So that the operator's UPDATE of the one does not let the other go.
BOOST_FIXTURE_TEST_CASE(what_waited_is_told_from_what_a_person_had_held, salvage_fixture) {
    auto again = verdict_of(20, message_status::pending, 0);
    again.was_marked = false;
    again.error = errc::dns;
    again.detail = "no such name";
    BOOST_TEST(apply(again));
    other.run("UPDATE messages SET status = 'held' WHERE id = 21");
    close_all();
    salvage();
    outsider copy(fresh);
    BOOST_TEST(copy.value("SELECT error_detail LIKE 'salvaged while%' FROM messages WHERE id = 20") == "1");
    BOOST_TEST(copy.value("SELECT status || coalesce(error_detail, '-') FROM messages WHERE id = 21") ==
               "held-");
}

BOOST_FIXTURE_TEST_CASE(a_damaged_index_loses_no_row, salvage_fixture) {
    close_all();
    for (const auto& page : other.rows("SELECT pageno FROM dbstat WHERE name LIKE 'messages_%' OR name LIKE "
                                       "'sqlite_autoindex_messages%'"))
        spoil(std::stoll(page));
    const auto done = salvage();
    BOOST_TEST(table_of(done, "messages").copied == rows);
    BOOST_TEST(table_of(done, "messages").lost == 0);
    check_the_copy();
}

BOOST_FIXTURE_TEST_CASE(a_table_whose_root_is_gone_costs_that_table_alone, salvage_fixture) {
    close_all();
    spoil(other.number("SELECT rootpage FROM sqlite_master WHERE name = 'attempts'"));
    const auto done = salvage();
    BOOST_TEST(table_of(done, "messages").copied == rows);
    BOOST_TEST(table_of(done, "attempts").copied == 0);
    BOOST_TEST(table_of(done, "attempts").end_unknown);
    check_the_copy();
}

BOOST_FIXTURE_TEST_CASE(a_definition_that_cannot_be_read_costs_no_row_of_the_others, salvage_fixture) {
    close_all();
    // The last leaf of the schema: some trigger or view stands there.
    spoil(outsider(settings.database).number("SELECT max(pageno) FROM dbstat WHERE name = 'sqlite_schema'"));
    const auto report = salvage();
    BOOST_TEST(table_of(report, "messages").copied == rows);
    check_the_copy();
}

BOOST_FIXTURE_TEST_CASE(where_what_leads_to_messages_is_gone_they_are_found_by_their_own_pages,
                        salvage_fixture) {
    close_all();
    const auto query = "SELECT id, tag, text, created_at, dedup_key, sent_to FROM messages ORDER BY id";
    const auto before = other.rows(query);
    spoil(other.number("SELECT rootpage FROM sqlite_master WHERE name = 'messages'"));
    const auto done = salvage();
    BOOST_TEST(table_of(done, "messages").copied == rows);
    BOOST_TEST(table_of(done, "messages").end_unknown); // whether that is all, nobody knows
    BOOST_TEST(done.tree_was_damaged);
    BOOST_TEST(done.counted == rows);
    outsider reader(fresh);
    BOOST_TEST(reader.rows(query) == before);
    check_the_copy();
}

// A copy that broke off, a disk that was full: the pages behind the cut are nobody's.
BOOST_FIXTURE_TEST_CASE(of_a_file_that_is_cut_off_all_rows_before_the_cut_are_there, salvage_fixture) {
    close_all();
    const auto whole = bytes_of(settings.database);
    for (const int percent : {40, 60, 90, 99}) { // the schema alone takes up a third
        const auto kept = static_cast<std::int64_t>(whole.size()) * percent / 100;
        const auto readable =
            outsider(settings.database)
                .number("SELECT coalesce(sum(ncell), 0) FROM dbstat WHERE name = 'messages' AND "
                        "pagetype = 'leaf' AND pageno <= " +
                        std::to_string(kept / page_bytes));
        const auto cut = folder.path / ("cut_" + std::to_string(percent) + ".db");
        std::ofstream(cut, std::ios::binary) << whole.substr(0, static_cast<std::size_t>(kept));
        const auto to = folder.path / ("fresh_" + std::to_string(percent) + ".db");
        const auto done = salvage_queue(cut, to, log, [](std::int64_t) {});
        const auto& told = table_of(done, "messages");
        BOOST_TEST(told.copied >= readable, percent);
        // The page that the cut goes through may tell fewer rows than it had: they look as if deleted.
        constexpr int rows_of_a_page_max = 20;
        const auto accounted = told.copied + told.lost + told.refused;
        BOOST_TEST((told.end_unknown || (accounted <= rows && accounted > rows - rows_of_a_page_max)),
                   percent << ": " << told.copied << " + " << told.lost << " + " << told.refused);
        BOOST_TEST(outsider(to).number("SELECT count(*) FROM messages") == told.copied);
        BOOST_TEST(done.held + done.unconfirmed <= told.copied);
    }
}

BOOST_FIXTURE_TEST_CASE(a_damaged_header_costs_no_row, salvage_fixture) {
    close_all();
    const auto whole = bytes_of(settings.database);
    struct {
        std::size_t at;
        std::string bytes;
        bool stands_in_the_way;
    } table[] = {
        {0, "XXXX", true},
        {16, std::string("\x20\x00", 2), true},
        {16, std::string("\x00\x07", 2), true},
        {18, "\x09\x09", true},
        {20, "\xF0", true},
        {21, "\x10", true},
        {28, "\xFF\xFF\xFF\xFF", false},
        {44, "\x7F\x7F\x7F\x7F", true},
        {60, "\x7F\x7F\x7F\x7F", false},
        {68, "\x7F\x7F\x7F\x7F", false},
        {0, std::string(100, '\0'), true},
        {0, std::string(100, '\xFF'), true},
    };
    for (const auto& field : table) {
        auto spoilt = whole;
        spoilt.replace(field.at, field.bytes.size(), field.bytes);
        std::ofstream(settings.database, std::ios::binary) << spoilt;
        if (field.stands_in_the_way)
            BOOST_CHECK_EXCEPTION(
                open_sqlite_store(settings, log), std::runtime_error, [](const auto& error) {
                    return std::string(error.what()).find("cannedd --salvage") != std::string::npos;
                });
        const auto done = salvage();
        BOOST_TEST(table_of(done, "messages").copied == rows, field.at);
        BOOST_TEST(done.header_was_damaged == field.stands_in_the_way, field.at);
        BOOST_TEST((bytes_of(settings.database) == spoilt));
        check_the_copy();
        for (const auto* const ending : {"", "-wal", "-shm"})
            std::filesystem::remove(fresh.string() + ending);
        BOOST_TEST(!std::filesystem::exists(fresh.string() + ".source"));
    }
}

BOOST_FIXTURE_TEST_CASE(a_damaged_header_costs_nothing_of_what_is_in_the_log, salvage_fixture) {
    std::fstream(settings.database, std::ios::in | std::ios::out | std::ios::binary) << "XXXX";
    const auto copy = folder.path / "copy.db";
    for (const auto* const ending : {"", "-wal"})
        std::filesystem::copy_file(settings.database.string() + ending, copy.string() + ending);
    const auto done = salvage_queue(copy, fresh, log, [](std::int64_t) {});
    BOOST_TEST(table_of(done, "messages").copied == rows);
}

BOOST_FIXTURE_TEST_CASE(another_programs_database_is_told_so_and_leaves_no_copy, salvage_fixture) {
    const auto refusal_of = [&](const std::string& definitions) {
        const auto file = folder.path / "another.db";
        std::filesystem::remove(file);
        sqlite3* db = nullptr;
        BOOST_REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
        BOOST_REQUIRE(sqlite3_exec(db, definitions.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(db);
        std::string words;
        BOOST_CHECK_EXCEPTION(salvage_queue(file, fresh, log, [](std::int64_t) {}), std::runtime_error,
                              [&](const auto& error) {
                                  words = error.what();
                                  return true;
                              });
        check_that_nothing_is_left();
        return words.substr(words.find("is no queue"));
    };
    BOOST_TEST(refusal_of("") ==
               "is no queue of cannedd's: there is no table in it; name the queue's file with --database");
    BOOST_TEST(refusal_of("CREATE TABLE orders (id); CREATE TABLE users (id)") ==
               "is no queue of cannedd's: there is no table with messages of cannedd's in it, but orders, "
               "users; name the "
               "queue's file with --database");
    BOOST_TEST(
        refusal_of("PRAGMA page_size = 1024; PRAGMA application_id = 7; "
                   "CREATE TABLE messages (id INTEGER PRIMARY KEY, body TEXT); CREATE TABLE responses "
                   "(id)")
            .starts_with("is no queue of cannedd's: there is no table with messages of cannedd's in it, "
                         "but messages, responses"));
}

BOOST_FIXTURE_TEST_CASE(of_which_no_message_can_be_read_leaves_no_copy, salvage_fixture) {
    close_all();
    std::filesystem::resize_file(settings.database, 5 * page_bytes);
    BOOST_CHECK_EXCEPTION(salvage(), std::runtime_error, [](const auto& error) {
        return std::string(error.what()).starts_with("not one message could be copied");
    });
    check_that_nothing_is_left();
}

BOOST_FIXTURE_TEST_CASE(where_the_schema_is_gone_messages_are_found_by_their_own_pages, salvage_fixture) {
    for (int n = 4; n < 400; n += 2)
        if (n != 10) bring_to(n, message_status::sent);
    close_all();
    const auto query = "SELECT id, tag, text, created_at, dedup_key, sent_to FROM messages ORDER BY id";
    const auto before = other.rows(query);
    const auto tries = other.number("SELECT count(*) FROM attempts");
    for (const int page : {1, 2, 3, 4})
        spoil(page);
    const auto done = salvage();
    BOOST_TEST((outsider(fresh).rows(query) == before));
    BOOST_TEST(table_of(done, "attempts").copied == tries);
    BOOST_TEST(table_of(done, "responses").end_unknown);
    BOOST_TEST(done.header_was_damaged);
    BOOST_TEST(done.schema_was_damaged);
    check_the_copy();
}

BOOST_FIXTURE_TEST_CASE(what_is_no_database_any_more_leaves_no_copy, salvage_fixture) {
    close_all();
    const auto bytes = std::filesystem::file_size(settings.database);
    for (std::uintmax_t page = 1; page * page_bytes <= bytes; ++page)
        spoil(static_cast<std::int64_t>(page));
    BOOST_CHECK_EXCEPTION(salvage(), std::runtime_error, [](const auto& error) {
        return std::string(error.what()).find("restore a backup") != std::string::npos;
    });
    check_that_nothing_is_left();
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_there_is_not_written_over, salvage_fixture) {
    std::ofstream(fresh) << "mine";
    BOOST_CHECK_EXCEPTION(salvage(), std::runtime_error, [](const auto& error) {
        return std::string(error.what()).find("is there already") != std::string::npos;
    });
    BOOST_TEST(bytes_of(fresh) == "mine");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
