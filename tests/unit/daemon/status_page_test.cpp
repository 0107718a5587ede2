// The page: what it says of which facts, and that nothing of them is ever markup.
#include "page/diagnosis.hpp"
#include "page/html.hpp"
#include "page/plot.hpp"
#include "page/status_page.hpp"
#include "page/words.hpp"
#include "unit/daemon/page_samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;
using namespace cannedd::test;

namespace {

bool says(const std::string& page, const std::string& words) {
    return page.find(words) != std::string::npos;
}

std::string escaped(std::string_view words) {
    html page;
    page.text(words);
    return page.take();
}

constexpr auto injection = "<script>alert('x')</script>\" onload=\"x";

} // namespace

BOOST_AUTO_TEST_SUITE(status_page_)

BOOST_AUTO_TEST_CASE(text_is_escaped_for_content_and_attributes) {
    BOOST_TEST(escaped("a & b < c > \"d\" 'e'") == "a &amp; b &lt; c &gt; &quot;d&quot; &#39;e&#39;");
    BOOST_TEST(escaped("Grüße 👍") == "Grüße 👍");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_replaced) {
    BOOST_TEST(escaped("a\xFF"
                       "b") == "a\xEF\xBF\xBD"
                               "b");
    BOOST_TEST(escaped(std::string_view("a\0b\x1B", 4)) == "a\xEF\xBF\xBD"
                                                           "b\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(nothing_that_somebody_else_wrote_becomes_markup) {
    auto facts = troubled_facts();
    facts.show_texts = true;
    facts.store_trouble = facts.reading_trouble = facts.database = injection;
    for (auto& account : facts.accounts)
        account.queue.name = account.queue.paused_reason = injection;
    for (auto& row : facts.problems)
        row.account = row.error = row.detail = row.conversation = row.text = injection;
    for (auto& row : facts.doubts)
        row.account = row.conversation = injection;
    const auto page = write_status_page(facts);
    BOOST_TEST(!says(page, "<script"));
    BOOST_TEST(!says(page, "\" onload"));
    BOOST_TEST(says(page, "&lt;script&gt;"));
}

BOOST_AUTO_TEST_CASE(it_loads_nothing_and_runs_nothing) {
    for (const auto& facts : {idle_facts(), busy_facts(), troubled_facts()}) {
        const auto page = write_status_page(facts);
        for (const std::string loading :
             {"<script", "src=", "@import", "url(", "<form", "<iframe", "javascript:"})
            BOOST_TEST(!says(page, loading), loading);
        BOOST_TEST(!says(page, "href=\"http"));
    }
}

BOOST_AUTO_TEST_CASE(an_idle_daemon_is_well) {
    const auto page = write_status_page(idle_facts());
    BOOST_TEST(says(page, "<h1>All is well</h1>"));
    BOOST_TEST(says(page, "Nothing waits. None was sent since the start 1 min ago."));
    BOOST_TEST(says(page, "No message was sent in this time."));
    BOOST_TEST(says(page, "No message has failed, expired, or waits for a person."));
    BOOST_TEST(says(page, "cannedd 0.1.0, SQLite 3.40.1"));
}

BOOST_AUTO_TEST_CASE(a_busy_daemon_tells_its_numbers) {
    const auto page = write_status_page(busy_facts());
    BOOST_TEST(
        says(page, "1,216 messages wait. 7,718 were sent in the last hour, half of them within 0.2 s."));
    BOOST_TEST(says(page, "284 used, 16 left of 300"));
    BOOST_TEST(says(page, "Genesys counts 291 of 300 until 08:53:37"));
    BOOST_TEST(says(page, "rows 91220, 90118"));
    BOOST_TEST(says(page, "<title>this minute: "));
}

BOOST_AUTO_TEST_CASE(what_failed_or_expired_is_not_well) {
    BOOST_TEST(diagnose(busy_facts()).headline == "Nothing stands still, 3 rows need a look");
    auto facts = idle_facts();
    auto& messages = facts.accounts.at(0).queue.messages;
    messages.at(static_cast<std::size_t>(message_status::expired)) = 1;
    BOOST_TEST(diagnose(facts).headline == "Nothing stands still, 1 row needs a look");
}

BOOST_AUTO_TEST_CASE(a_row_whose_time_passed_was_not_ended_by_a_person) {
    auto facts = idle_facts();
    facts.problems.emplace_back().status = message_status::expired;
    auto page = write_status_page(facts);
    BOOST_TEST(says(page, "its time passed"));
    BOOST_TEST(!says(page, "by a person"));
    facts.problems.back().status = message_status::held;
    page = write_status_page(facts);
    BOOST_TEST(says(page, "by a person"));
}

BOOST_AUTO_TEST_CASE(trouble_comes_first_with_what_ends_it) {
    const auto diagnosis = diagnose(troubled_facts());
    BOOST_TEST((diagnosis.how == concern::trouble));
    BOOST_TEST(diagnosis.headline == "4 things need a look");
    BOOST_TEST(diagnosis.notices.at(0).title == "Account sales: unreachable");
    BOOST_TEST(
        diagnosis.notices.at(0).sentence ==
        "The API or the network is down; its messages lose no attempt. One request tries again at 08:54:00. "
        "1,204 messages wait.");
    BOOST_TEST(diagnosis.notices.at(1).command ==
               "UPDATE accounts SET paused = 0 WHERE account = 'support';");
    BOOST_TEST(diagnosis.notices.at(2).title == "Account night-shift: told to wait");
    BOOST_TEST(diagnosis.notices.at(3).title == "5 messages wait for a person");
    BOOST_TEST(says(write_status_page(troubled_facts()), "91903"));
}

BOOST_AUTO_TEST_CASE(a_database_in_trouble_is_worst) {
    auto facts = idle_facts();
    facts.store_trouble = "the disk is full";
    const auto diagnosis = diagnose(facts);
    BOOST_TEST(diagnosis.headline == "The database is in trouble");
    BOOST_TEST((diagnosis.how == concern::trouble));
}

BOOST_AUTO_TEST_CASE(an_account_that_is_late_is_told) {
    auto facts = busy_facts();
    facts.accounts.at(0).queue.oldest = facts.now - minutes(25);
    const auto diagnosis = diagnose(facts);
    BOOST_TEST(diagnosis.headline == "Account sales is late");
    BOOST_TEST((diagnosis.how == concern::attention));
}

BOOST_AUTO_TEST_CASE(a_hundred_accounts_do_not_drown_the_page) {
    auto facts = idle_facts();
    facts.accounts.clear();
    for (int at = 0; at < 100; ++at) {
        account_facts one;
        one.queue.name = "account-" + std::to_string(at);
        one.paused = true;
        facts.accounts.push_back(one);
    }
    const auto diagnosis = diagnose(facts);
    BOOST_TEST(diagnosis.headline == "100 things need a look");
    BOOST_TEST(diagnosis.notices.size() == notices_max);
    BOOST_TEST(diagnosis.more == 100 - notices_max);
    BOOST_TEST(says(write_status_page(facts), "And 50 more that have less to do."));
}

BOOST_AUTO_TEST_CASE(a_quote_in_a_name_stays_in_its_statement) {
    auto facts = idle_facts();
    facts.accounts.at(0).queue.name = "o'clock";
    facts.accounts.at(0).paused = true;
    BOOST_TEST(diagnose(facts).notices.at(0).command ==
               "UPDATE accounts SET paused = 0 WHERE account = 'o''clock';");
}

// --- texts

BOOST_AUTO_TEST_CASE(no_message_text_unless_texts_are_shown) {
    auto facts = troubled_facts();
    facts.problems.at(2).detail =
        "The API says: \"Your parcel has left our warehouse & is on its way.\" is too long.";
    const auto closed = write_status_page(facts);
    BOOST_TEST(!says(closed, "parcel has left"));
    BOOST_TEST(says(closed, "The API says: &quot;[…]&quot; is too long."));
    facts.show_texts = true;
    const auto open = write_status_page(facts);
    BOOST_TEST(says(open, "<q>Your parcel has left our warehouse &amp; is on its way.</q>"));
    BOOST_TEST(says(open, "A message that begins &quot;Your parcel has left&quot; is there."));
}

BOOST_AUTO_TEST_CASE(what_repeats_a_text_is_left_out) {
    BOOST_TEST(without_text("refused: hello world, again", "hello world, friend") == "refused: […]again");
    BOOST_TEST(without_text("refused: hello", "hello") == "refused: […]");
    BOOST_TEST(without_text("refused", "hello") == "refused");
    BOOST_TEST(without_text("refused", "") == "refused");
}

// --- words and axes

BOOST_AUTO_TEST_CASE(spans_in_words) {
    const std::vector<std::pair<milliseconds, std::string>> table{
        {milliseconds(-3), "0 ms"},      {milliseconds(40), "40 ms"},   {milliseconds(320), "0.3 s"},
        {milliseconds(1000), "1 s"},     {milliseconds(9949), "9.9 s"}, {milliseconds(9960), "10 s"},
        {milliseconds(59'400), "59 s"},  {seconds(60), "1 min"},        {minutes(59), "59 min"},
        {minutes(125), "2 h 5 min"},     {minutes(120), "2 h"},         {std::chrono::hours(76), "3 d 4 h"},
        {std::chrono::hours(72), "3 d"},
    };
    for (const auto& [span, words] : table)
        BOOST_TEST(span_words(span) == words);
}

BOOST_AUTO_TEST_CASE(another_days_moment_names_its_day) {
    const wall_time now(milliseconds(1'760'000'000'000));
    BOOST_TEST(clock_words(now + seconds(5), now) == "08:53:25");
    BOOST_TEST(clock_words(now + minutes(1440), now) == "10 Oct 08:53");
}

BOOST_AUTO_TEST_CASE(axes_hold_what_is_drawn_in_few_steps) {
    for (const std::int64_t most : {0, 1, 2, 3, 5, 9, 17, 99, 100, 101, 4999, 123'456}) {
        const auto axis = axis_for(most);
        BOOST_TEST(axis.top >= most);
        BOOST_TEST(axis.top % axis.step == 0);
        BOOST_TEST(axis.top / axis.step <= 4);
    }
    std::vector<past_minute> hour(minutes_kept);
    hour[3] = {.sent = 1, .median = milliseconds(30), .late = milliseconds(50'000)};
    const auto delays = axis_for(hour);
    BOOST_TEST(delays.first == 1);
    BOOST_TEST(delays.last == 5);
}

BOOST_AUTO_TEST_SUITE_END()
