// Rows that cannedd itself puts in for a producer: by the schema's rules, not past them.
#include "queue/producer.hpp"
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd::test {
namespace {

using enum producer::outcome::kind;

producer_row row_of(std::initializer_list<std::pair<std::string_view, producer_value>> values) {
    producer_row row;
    for (const auto& [column, value] : values)
        row.at(producer_column(column).value()) = value;
    return row;
}

producer_row hello(const std::string& key) {
    return row_of({{"conversation_id", conversation_a}, {"text", "hello"}, {"dedup_key", key}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(producer_)

BOOST_FIXTURE_TEST_CASE(a_row_has_the_defaults_of_what_it_does_not_give, queue_fixture) {
    producer in(settings.database);
    const std::vector rows{hello("a"), row_of({{"account", "second"},
                                               {"agent_id", agent_a},
                                               {"response", "r"},
                                               {"variables", "{\"n\":1}"},
                                               {"priority", "7"}, // of CSV
                                               {"status", "held"}})};
    const auto done = in.insert(rows);
    BOOST_TEST((done.at(0).what == inserted && done.at(1).what == inserted));
    BOOST_TEST(other.value("SELECT account || variables || priority || status FROM messages WHERE id = 1") ==
               "default{}0pending");
    BOOST_TEST(
        other.value("SELECT account || variables || priority || status || typeof(priority) FROM messages "
                    "WHERE id = 2") == "second{\"n\":1}7heldinteger");
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(a_refused_row_is_told_in_the_schemas_words_and_keeps_no_other_out, queue_fixture) {
    producer in(settings.database);
    const std::vector rows{
        row_of({{"conversation_id", "42"}, {"text", "hello"}}),
        row_of({{"conversation_id", conversation_a}, {"text", "hello"}, {"priority", 1.5}}),
        row_of({{"conversation_id", conversation_a}, {"text", "hello"}, {"route", "pigeon"}}),
        row_of({{"conversation_id", conversation_a}, {"text", "hello"}, {"status", "sent"}}),
        hello("a"),
        hello("a")};
    const auto done = in.insert(rows);
    BOOST_TEST(done.at(0).why == "conversation_id must be a UUID");
    BOOST_TEST(done.at(1).why == "priority must be a whole number from -100 to 100");
    BOOST_TEST(done.at(2).why == "route must be message, agentless, chat or tutorial, or left out");
    BOOST_TEST(done.at(3).why.starts_with("a new row is pending or held"));
    BOOST_TEST((done.at(4).what == inserted && done.at(5).what == known));
    BOOST_TEST(other.value("SELECT count(*) FROM messages") == "1");
}

BOOST_FIXTURE_TEST_CASE(all_or_none_is_none_when_one_is_refused, queue_fixture) {
    producer in(settings.database);
    std::vector rows{hello("a"), row_of({{"text", "hello"}}), hello("b")};
    BOOST_TEST(in.insert(rows, producer::mode::all_or_none).at(1).why ==
               "name a conversation_id or an agent_id");
    BOOST_TEST(other.value("SELECT count(*) FROM messages") == "0");
    rows.erase(rows.begin() + 1);
    BOOST_TEST((in.insert(rows, producer::mode::look).at(1).what == inserted));
    BOOST_TEST(other.value("SELECT count(*) FROM messages") == "0");
    in.insert(rows, producer::mode::all_or_none);
    BOOST_TEST(other.value("SELECT count(*) FROM messages") == "2");
}

BOOST_FIXTURE_TEST_CASE(nothing_is_made_where_no_queue_is, queue_fixture) {
    const auto nowhere = folder.path / "nowhere.db";
    BOOST_CHECK_THROW(producer{nowhere}, std::runtime_error);
    BOOST_TEST(!std::filesystem::exists(nowhere));
    outsider(folder.path / "other.db").run("CREATE TABLE messages (id)");
    BOOST_CHECK_THROW(producer{folder.path / "other.db"}, std::runtime_error);
    other.run("PRAGMA user_version = 99");
    BOOST_CHECK_THROW(producer{settings.database}, std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
