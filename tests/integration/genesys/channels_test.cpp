// Channel by channel against a server that holds route agentless to the contract of 2026-07: whom it
// addresses, who may hold the conversation, how long a text may be.
#include "integration/genesys/credentials.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;
using boost::json::object;

const auto clerk = uuid('a', 1);

struct shop {
    explicit shop(const std::string& plan = "", const std::string& account = "")
        : genesys(files.org("rate: {limit: 100000}\n" + plan))
        , daemon(genesys, brisk, files.account(genesys, files.by_secret(), account)) {
        daemon.start();
    }

    void converse(int n, const std::string& messenger, object more = {}) {
        more["id"] = uuid('c', n);
        more["messenger"] = messenger;
        if (!more.contains("agents")) more["agents"] = boost::json::array{clerk};
        genesys.add_conversation(more);
    }
    void add(int n, const std::string& text) {
        daemon.sql(insert("conversation_id, text", quoted(uuid('c', n)) + "," + quoted(text)));
    }
    void add_as_the_agent(int n, const std::string& text) {
        daemon.sql(
            insert("conversation_id, route, text", quoted(uuid('c', n)) + ",'message'," + quoted(text)));
    }
    void expect(const std::string& text, const std::string& what) {
        daemon.wait_for("SELECT status||coalesce(' '||error, '') FROM messages WHERE text = " + quoted(text),
                        what);
    }
    std::string detail(const std::string& text) {
        return daemon.value("SELECT error_detail FROM messages WHERE text = " + quoted(text));
    }
    std::int64_t counted(const std::string& what) {
        const auto stats = genesys.get("stats").as_object();
        const auto* found = stats.if_contains(what);
        return found == nullptr ? 0 : found->to_number<std::int64_t>();
    }

    credentials files;
    simulator genesys;
    running_daemon daemon;
};

std::string repeated(const std::string& what, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i)
        text += what;
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(genesys_channels_)

BOOST_AUTO_TEST_CASE(each_channel_is_addressed_as_the_contract_demands) {
    shop at("agentless: {whatsapp_text: true}\n");
    int n = 0;
    for (const auto* messenger : {"webmessaging", "open", "whatsapp", "apple", "sms"}) {
        at.converse(++n, messenger);
        at.add(n, messenger);
        at.expect(messenger, "sent");
        BOOST_TEST(at.genesys.texts_seen(uuid('c', n)).size() == 1U, messenger);
    }
    BOOST_TEST(at.genesys.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_customer_whom_genesys_knows_no_contact_for_is_not_written_to) {
    shop at;
    at.converse(1, "webmessaging", object{{"customer", object{{"external_contact_id", ""}}}});
    at.add(1, "hello");
    at.expect("hello", "failed no_contact");
    BOOST_TEST(at.detail("hello").find("route message") != std::string::npos, at.detail("hello"));
    BOOST_TEST(at.genesys.requests("send_agentless") == 0);
}

BOOST_AUTO_TEST_CASE(the_account_may_name_the_orgs_side) {
    const auto integration = uuid('d', 7);
    shop at("", "    agentless: {from_addresses: {open: " + integration + "}}\n");
    at.converse(1, "open", object{{"org_address", integration}});
    at.converse(2, "open"); // another integration's: not the one that the account names
    at.add(1, "ours");
    at.add(2, "theirs");
    at.expect("ours", "sent");
    at.expect("theirs", "unconfirmed sent_elsewhere");
}

BOOST_AUTO_TEST_CASE(what_genesys_says_of_plain_text_on_whatsapp_is_quoted) {
    shop at;
    at.converse(1, "whatsapp");
    at.add(1, "hello");
    at.expect("hello", "failed bad_request");
    BOOST_TEST(at.detail("hello").find("messagingTemplate is required") != std::string::npos,
               at.detail("hello"));
}

BOOST_AUTO_TEST_CASE(while_a_flow_holds_the_conversation_the_message_waits_for_an_agent) {
    shop at;
    at.converse(1, "sms", object{{"agents", boost::json::array()}});
    at.genesys.change(talk, "join", object{{"purpose", "workflow"}});
    at.add(1, "hello");
    at.expect("hello", "pending bot_in_conversation");
    eventually([&] { return at.genesys.requests("get_conversation") > 3; }, "it is looked at again");
    BOOST_TEST(at.genesys.requests("send_agentless") == 0);
    at.genesys.change(talk, "join", object{{"user_id", clerk}});
    at.expect("hello", "sent");
    BOOST_TEST(at.counted("taken_by_a_bot") == 0);
}

BOOST_AUTO_TEST_CASE(a_conversation_that_ends_while_a_bot_holds_it_ends_the_row) {
    shop at;
    at.converse(1, "open", object{{"agents", boost::json::array()}});
    at.genesys.change(talk, "join", object{{"purpose", "bot"}});
    at.add(1, "hello");
    at.expect("hello", "pending bot_in_conversation");
    at.genesys.change(talk, "end");
    at.expect("hello", "failed conversation_ended");
}

BOOST_AUTO_TEST_CASE(a_bot_is_spoken_past_where_the_account_says_so) {
    shop at("", "    agentless: {with_bot: send}\n");
    at.converse(1, "open", object{{"agents", boost::json::array()}});
    at.genesys.change(talk, "join", object{{"purpose", "bot"}});
    at.add(1, "hello");
    at.expect("hello", "sent");
    BOOST_TEST(at.counted("taken_by_a_bot") == 1);
}

BOOST_AUTO_TEST_CASE(a_message_that_went_elsewhere_is_not_taken_for_sent_and_ends_the_lane) {
    shop at;
    at.converse(1, "open");
    at.genesys.faults(R"json([{"match": {"operation": "send", "times": 1}, "do": "end_conversation"}])json");
    for (const auto* text : {"one", "two", "three"})
        at.add(1, text);
    at.expect("one", "unconfirmed sent_elsewhere");
    at.expect("two", "failed conversation_ended");
    at.expect("three", "failed conversation_ended");
    const auto seen = at.genesys.transcript();
    BOOST_REQUIRE(seen.size() == 1U);
    BOOST_TEST(at.detail("one").find(seen.front().conversation) != std::string::npos, at.detail("one"));
}

BOOST_AUTO_TEST_CASE(where_the_account_waits_the_lane_goes_on_when_the_conversation_is_taken_up_again) {
    shop at("", "    conversation_ended: wait\n");
    at.converse(1, "open");
    at.genesys.change(talk, "end");
    at.add(1, "one");
    at.add(1, "two");
    at.expect("one", "pending conversation_ended");
    at.genesys.change(talk, "reopen", object{{"agent", clerk}});
    at.expect("one", "sent");
    at.expect("two", "sent");
    BOOST_TEST(at.genesys.texts_seen(talk).size() == 2U);
}

BOOST_AUTO_TEST_CASE(lengths_go_by_the_channel_and_by_the_alphabet_of_sms) {
    struct {
        const char* messenger;
        std::string text;
        const char* outcome;
    } table[] = {
        {"sms", repeated("a", 765), "sent"},
        {"sms", repeated("\u0416", 400), "failed text_too_long"},
        {"sms", repeated("a", 700) + "\U0001F600", "failed text_too_long"},
        {"sms", repeated("b", 159) + "\u2019", "sent"},
        {"instagram", repeated("a", 1500), "failed text_too_long"},
        {"webmessaging", repeated("a", 3000), "sent"},
    };
    shop at("client_may_speak: true\n");
    int n = 0;
    for (const auto& row : table) {
        at.converse(++n, row.messenger);
        at.add_as_the_agent(n, row.text);
        BOOST_TEST_CONTEXT(row.messenger << " " << row.text.size() << " bytes") {
            BOOST_CHECK_NO_THROW(at.expect(row.text, row.outcome));
        }
    }
    BOOST_TEST(at.genesys.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_whatsapp_text_goes_within_a_day_of_the_customers_last_word_and_not_later) {
    constexpr std::int64_t hour = 3'600'000;
    shop at("agentless: {whatsapp_text: true}\n");
    at.converse(1, "whatsapp", object{{"silent", true}});
    at.converse(2, "whatsapp", object{{"silent", true}});
    at.genesys.change(uuid('c', 1), "say", object{{"text", "hello?"}, {"ms_ago", 25 * hour}});
    at.genesys.change(uuid('c', 2), "say", object{{"text", "hello?"}, {"ms_ago", 23 * hour}});
    at.add(1, "late");
    at.add(2, "in time");
    at.expect("late", "failed outside_window");
    at.expect("in time", "sent");
    BOOST_TEST(at.genesys.texts_seen(uuid('c', 1)).empty());
    at.genesys.change(uuid('c', 1), "say", object{{"text", "still there?"}});
    at.add(1, "again");
    at.expect("again", "sent");
}

BOOST_AUTO_TEST_SUITE_END()
