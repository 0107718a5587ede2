// Lines that nobody reads wait for nobody, are bounded, and what is dropped is told.
#include "log_output.hpp"
#include "time/virtual_time.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <csignal>
#include <filesystem>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

using namespace cannedd;

constexpr std::size_t line_bytes = 200;
const log_format plain = log_format::logfmt;

log_record record_of(int number) {
    log_record made;
    made.text = "line";
    made.fields = {{"n", number}, {"filler", std::string(line_bytes, 'x')}};
    return made;
}

std::string read_all(int from) {
    std::string all;
    std::array<char, 65536> some{};
    ::fcntl(from, F_SETFL, O_NONBLOCK);
    for (ssize_t count = 0; (count = ::read(from, some.data(), some.size())) > 0;)
        all.append(some.data(), static_cast<std::size_t>(count));
    return all;
}

bool says(const std::string& words, const std::string& part) {
    return words.find(part) != std::string::npos;
}

struct ends {
    int reads = -1, writes = -1;
    ~ends() {
        ::close(reads);
        ::close(writes);
    }
};

void make_pipe(ends& it) {
    std::array<int, 2> made{};
    BOOST_REQUIRE(::pipe(made.data()) == 0);
    it.reads = made[0];
    it.writes = made[1];
}

void make_sockets(ends& it) {
    std::array<int, 2> made{};
    BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, made.data()) == 0);
    it.reads = made[0];
    it.writes = made[1];
}

void make_terminal(ends& it) {
    it.reads = ::posix_openpt(O_RDWR | O_NOCTTY);
    BOOST_REQUIRE(it.reads >= 0);
    BOOST_REQUIRE(::grantpt(it.reads) == 0);
    BOOST_REQUIRE(::unlockpt(it.reads) == 0);
    it.writes = ::open(::ptsname(it.reads), O_RDWR | O_NOCTTY);
    BOOST_REQUIRE(it.writes >= 0);
}

// Which keeps apart what was written by one call and the next.
void make_packets(ends& it) {
    std::array<int, 2> made{};
    BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, made.data()) == 0);
    it.reads = made[0];
    it.writes = made[1];
}

std::string read_one(int from) {
    std::array<char, 65536> some{};
    const auto count = ::recv(from, some.data(), some.size(), MSG_DONTWAIT);
    return std::string(some.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
}

// A loop in which the lines are written.
struct running_output {
    explicit running_output(int stream) : lines(plain, stream, ""), time(context) {
        boost::asio::co_spawn(context, lines.run(time), [](const std::exception_ptr& failed) {
            if (failed) std::rethrow_exception(failed);
        });
        turn();
    }
    ~running_output() { time.forget_waiters(); } // the loop ends in the middle; what waits is written
    void turn() {
        context.restart();
        context.poll();
    }
    log_output lines;
    boost::asio::io_context context;
    virtual_time time;
};

// What is full must not stop the test for ever: a signal would end it.
struct time_limit {
    time_limit() { ::alarm(60); }
    ~time_limit() { ::alarm(0); }
};

// Many more lines than the kernel and the buffer take; then somebody reads.
void check_a_reader_that_stops(ends& it) {
    const time_limit limit;
    log_output lines(plain, it.writes, "");
    const auto sink = lines.sink();
    constexpr int many = 4000;
    for (int n = 0; n < many; ++n)
        sink(record_of(n));
    BOOST_TEST(lines.waits());
    BOOST_TEST((::fcntl(it.writes, F_GETFL) & O_NONBLOCK) == 0); // it is others' as well
    std::string seen;
    for (int round = 0; lines.waits() && round < 1000; ++round) {
        seen += read_all(it.reads);
        sink(record_of(many + round)); // each line tries those before it too
    }
    seen += read_all(it.reads);
    BOOST_TEST(!lines.waits());
    BOOST_TEST(says(seen, " n=0 "));
    BOOST_TEST(says(seen, " n=500 "));
    BOOST_TEST(!says(seen, " n=3999 "));
    const auto told = seen.find("log lines were dropped");
    BOOST_REQUIRE(told != std::string::npos);
    const auto count = std::stoi(seen.substr(seen.find("dropped=", told) + 8));
    BOOST_TEST(count > 1000);
    BOOST_TEST(count < many + 1000);
}

} // namespace

BOOST_AUTO_TEST_SUITE(log_output_)

BOOST_AUTO_TEST_CASE(a_pipe_that_nobody_reads_stops_nobody_and_what_was_dropped_is_told) {
    ends pipe;
    make_pipe(pipe);
    check_a_reader_that_stops(pipe);
}

BOOST_AUTO_TEST_CASE(nor_does_a_socket) {
    ends sockets;
    make_sockets(sockets);
    check_a_reader_that_stops(sockets);
}

BOOST_AUTO_TEST_CASE(nor_does_a_terminal) {
    ends terminal;
    make_terminal(terminal);
    check_a_reader_that_stops(terminal);
}

BOOST_AUTO_TEST_CASE(the_journals_socket_takes_datagrams_and_a_full_one_stops_nobody) {
    const time_limit limit;
    const auto path = std::filesystem::temp_directory_path() / ("journal" + std::to_string(::getpid()));
    ends journal;
    journal.reads = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    path.string().copy(name.sun_path, sizeof(name.sun_path) - 1);
    BOOST_REQUIRE(::bind(journal.reads, reinterpret_cast<sockaddr*>(&name), sizeof(name)) == 0);
    ends stream;
    make_pipe(stream);
    log_output lines(plain, stream.writes, path.string());
    const auto sink = lines.sink();
    for (int n = 0; n < 200; ++n)
        sink(record_of(n));
    BOOST_TEST(lines.waits());
    std::string seen;
    for (int round = 0; lines.waits() && round < 1000; ++round) {
        seen += read_all(journal.reads);
        sink(record_of(1000 + round));
    }
    seen += read_all(journal.reads);
    BOOST_TEST(says(seen, "MESSAGE=level=info msg=\"line\" n=0 "));
    BOOST_TEST(says(seen, "\nPRIORITY=6\n"));
    BOOST_TEST(says(seen, "\nCANNEDD_N=199\n"));
    // A journal that is gone: the line goes to the stream.
    std::filesystem::remove(path);
    sink(record_of(7777));
    BOOST_TEST(says(read_all(stream.reads), "<6>level=info msg=\"line\" n=7777 "));
}

BOOST_AUTO_TEST_CASE(a_reader_that_has_gone_costs_nothing) {
    const time_limit limit;
    ends pipe;
    make_pipe(pipe);
    log_output lines(plain, pipe.writes, "");
    std::signal(SIGPIPE, SIG_IGN); // as main does
    ::close(pipe.reads);
    pipe.reads = -1;
    lines.sink()(record_of(1));
    BOOST_TEST(!lines.waits());
}

BOOST_AUTO_TEST_CASE(one_write_takes_the_lines_of_a_turn) {
    ends packets;
    make_packets(packets);
    running_output it(packets.writes);
    const auto sink = it.lines.sink();
    for (int n = 0; n < 3; ++n)
        sink(record_of(n));
    BOOST_TEST(read_one(packets.reads) == "");
    it.turn();
    const auto first = read_one(packets.reads);
    BOOST_TEST(says(first, " n=0 "));
    BOOST_TEST(says(first, " n=2 "));
    sink(record_of(3));
    it.turn();
    BOOST_TEST(says(read_one(packets.reads), " n=3 "));
}

BOOST_AUTO_TEST_CASE(a_warning_takes_along_what_came_before_it) {
    ends packets;
    make_packets(packets);
    running_output it(packets.writes);
    const auto sink = it.lines.sink();
    sink(record_of(0));
    auto warning = record_of(1);
    warning.level = log_level::warning;
    sink(warning);
    const auto seen = read_one(packets.reads);
    BOOST_TEST(says(seen, " n=0 "));
    BOOST_TEST(says(seen, " n=1 "));
}

BOOST_AUTO_TEST_CASE(more_than_a_turn_may_gather_is_written_and_none_of_it_dropped) {
    ends pipe;
    make_pipe(pipe);
    running_output it(pipe.writes);
    const auto sink = it.lines.sink();
    constexpr int many = 3 * log_output::gathered_bytes_max / line_bytes;
    std::string seen;
    for (int n = 0; n < many; ++n) {
        sink(record_of(n));
        if (n % 100 == 0) seen += read_all(pipe.reads);
    }
    BOOST_TEST(says(seen, " n=0 "));
    it.turn();
    seen += read_all(pipe.reads);
    BOOST_TEST(says(seen, " n=" + std::to_string(many - 1) + " "));
    BOOST_TEST(!says(seen, "dropped"));
}

BOOST_AUTO_TEST_CASE(nothing_waits_for_a_loop_that_is_to_stop) {
    ends pipe;
    make_pipe(pipe);
    running_output it(pipe.writes);
    it.lines.sink()(record_of(1));
    it.lines.stop();
    it.lines.sink()(record_of(2));
    const auto seen = read_all(pipe.reads);
    BOOST_TEST(says(seen, " n=1 "));
    BOOST_TEST(says(seen, " n=2 "));
}

BOOST_AUTO_TEST_CASE(a_loop_that_a_bug_has_left_takes_no_line_along) {
    ends pipe;
    make_pipe(pipe);
    {
        running_output it(pipe.writes);
        it.lines.sink()(record_of(1));
    }
    BOOST_TEST(says(read_all(pipe.reads), " n=1 "));
}

BOOST_AUTO_TEST_CASE(a_value_with_a_newline_goes_by_its_length) {
    BOOST_TEST(journal_datagram({"A=1", "B=x\ny"}) == std::string("A=1\nB\n\3\0\0\0\0\0\0\0x\ny\n", 18));
}

BOOST_AUTO_TEST_SUITE_END()
