// Where log lines go: to the journal with their fields when systemd has standard error there, else to
// standard error, a line with its time for each record. Never waits for whoever reads: what is not taken at
// once is kept, bytes_max at most, and written when there is room; what is dropped beyond that is counted and
// told. While run() goes on, lines that nobody must act on wait for the end of the loop's turn, so that one
// write takes those of many messages; a warning or an error takes them along at once, and so does the end.
#pragma once

#include "journal.hpp"
#include "log/line.hpp"
#include "time/time_source.hpp"

#include <deque>
#include <memory>
#include <string>

namespace cannedd {

class log_output {
public:
    static constexpr std::size_t bytes_max = 256 * 1024;         // of lines that wait
    static constexpr std::size_t gathered_bytes_max = 32 * 1024; // before somebody looks whether they can go
    static constexpr milliseconds between_tries{50};
    static constexpr int tries_at_end = 10; // in which nothing was read

    // format is read at each line, so that a reload may change it. journal: empty, or the path of its socket.
    explicit log_output(const log_format& format, int stream = 2,
                        const std::string& journal = journal_path());
    // Gives what waits a last chance: half a second in which nothing is read.
    ~log_output();
    log_output(const log_output&) = delete;
    log_output& operator=(const log_output&) = delete;

    log_sink sink();
    // Writes what waits, until stop(). The time source outlives it.
    asio::awaitable<void> run(time_source& time);
    void stop();
    bool waits() const { return !lines_.empty(); }

private:
    struct entry {
        std::string line;     // or several, for the stream
        std::string datagram; // for the journal; empty: the line goes to the stream
        std::size_t done = 0; // bytes of the line
    };

    void take(const log_record& record);
    void put(entry what);
    bool can_wait(log_level level) const;
    void write_what_waits();
    bool write(entry& what);
    bool write_to_stream(entry& what);
    void tell_of_dropped();

    const log_format& format_;
    int stream_;
    int opened_ = -1; // the stream once more, without waiting
    bool is_socket_ = false;
    bool is_file_ = false; // which never waits
    std::unique_ptr<journal_socket> journal_;
    std::deque<entry> lines_;
    std::size_t bytes_ = 0;
    std::int64_t dropped_ = 0;
    alarm* wake_ = nullptr; // run()'s
    bool rung_ = false;     // it has been, and will write
    bool stopping_ = false;
};

// Whether a write to it would not wait.
bool takes_more(int descriptor, int within_ms = 0);

} // namespace cannedd
