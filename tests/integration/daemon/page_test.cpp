// The page of a running daemon: empty, busy, in trouble.
#include "running_daemon.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>

namespace {

using namespace cannedd;

const std::string listening = "metrics: {listen: '127.0.0.1:0'}\n";

bool says(const std::string& page, const std::string& words) {
    return page.find(words) != std::string::npos;
}

struct reader_of_pages {
    explicit reader_of_pages(running_daemon& daemon) {
        const auto line = daemon.process().wait_for_error_line("metrics are served");
        const auto colon = line.rfind(':');
        port = line.substr(colon + 1, line.find_first_not_of("0123456789", colon + 1) - colon - 1);
    }
    std::string get(const std::string& request) const {
        namespace asio = boost::asio;
        asio::io_context context;
        asio::ip::tcp::socket socket(context);
        socket.connect({asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(std::stoi(port))});
        asio::write(socket, asio::buffer(request + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        std::string answer;
        boost::system::error_code end;
        asio::read(socket, asio::dynamic_buffer(answer), end);
        return answer;
    }
    // What was gathered is kept for a second: asks until the page says so.
    std::string page_that_says(const std::string& words) const {
        std::string page;
        const auto is_there = [&] { return says(page = get("GET /"), words); };
        try {
            eventually(is_there, words);
        } catch (const std::exception& late) {
            throw std::runtime_error(std::string(late.what()) + "\nlast page:\n" + page);
        }
        return page;
    }
    std::string port;
};

} // namespace

BOOST_AUTO_TEST_SUITE(page_)

BOOST_AUTO_TEST_CASE(of_a_daemon_with_nothing_to_do) {
    simulator genesys;
    running_daemon daemon(genesys, listening);
    daemon.begin();
    const reader_of_pages reader(daemon);
    const auto page = reader.page_that_says("<h1>All is well</h1>");
    for (const std::string words :
         {"HTTP/1.0 200 OK\r\n", "\r\nContent-Type: text/html; charset=utf-8\r\n",
          "\r\nContent-Security-Policy: default-src 'none'; ", "\r\nCache-Control: no-store\r\n",
          "No message was sent in this time.", "0 used, 300 left of 300"})
        BOOST_TEST(says(page, words), words << " is not in\n" << page);
    BOOST_TEST(!says(page, "http-equiv=\"refresh\""));
    BOOST_TEST(says(reader.get("GET /live"), "http-equiv=\"refresh\""));
    BOOST_TEST(says(reader.get("POST /"), "HTTP/1.0 405 "));
    BOOST_TEST(says(reader.get("GET /else"), "HTTP/1.0 404 "));
    BOOST_TEST(says(reader.get("GET /metrics"), "text/plain; version=0.0.4"));
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(of_a_busy_daemon_without_a_word_of_a_text_unless_it_is_wanted) {
    simulator genesys;
    genesys.add_conversation({{"id", uuid('c', 1)}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys, listening);
    for (const std::string more : {"", "", " || char(7)", "", ""}) // the third has what chats do not take
        daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 1) +
                   "', 'word-of-the-customer'" + more + ")");
    daemon.begin();
    const reader_of_pages reader(daemon);
    const auto page = reader.page_that_says("4 were sent since the start");
    BOOST_TEST(says(page, "<code>bad_text</code>"), page);
    BOOST_TEST(says(page, "row 3"));
    BOOST_TEST(says(page, "4 sent, half within"));
    BOOST_TEST(!says(page, "word-of-the-customer"));
    std::ifstream in(daemon.config());
    std::string text((std::istreambuf_iterator<char>(in)), {});
    text.replace(text.find(":0'}"), 4, ":0', show_texts: true}");
    std::ofstream(daemon.config()) << text;
    daemon.process().send_signal(SIGHUP);
    reader.page_that_says("<q>word-of-the-customer");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(of_a_daemon_in_trouble_also_while_a_producer_holds_the_lock) {
    simulator genesys;
    genesys.add_conversation({{"id", uuid('c', 1)}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys, listening);
    daemon.begin();
    const reader_of_pages reader(daemon);
    daemon.process().wait_for_error_line("msg=\"ready\"");
    daemon.sql("UPDATE accounts SET paused = 1, paused_reason = '<b>holidays</b>'");
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 1) + "', 'hello')");
    daemon.sql("INSERT INTO messages (conversation_id, text, status) VALUES ('" + uuid('c', 1) +
               "', 'hello', 'held')");
    const auto page = reader.page_that_says("2 things need a look");
    BOOST_TEST(says(page, "Account default: paused"));
    BOOST_TEST(says(page, "&lt;b&gt;holidays&lt;/b&gt;. 1 message waits."), page);
    BOOST_TEST(says(page, "1 message waits for a person"));
    daemon.sql("BEGIN IMMEDIATE");
    daemon.sql("UPDATE messages SET status = 'cancelled' WHERE status = 'held'");
    BOOST_TEST(says(reader.get("GET /"), "2 things need a look"));
    daemon.sql("ROLLBACK");
    daemon.sql("UPDATE accounts SET paused = 0");
    reader.page_that_says("1 was sent since the start");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_SUITE_END()
