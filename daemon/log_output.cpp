#include "log_output.hpp"

#include "text/timestamps.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cannedd {
namespace {

// O_NONBLOCK on the stream itself would be everybody's who shares it, a shell's for example; opened once more
// it is ours alone. A file never waits, and has its position to keep; a socket cannot be opened.
int open_once_more(int stream, mode_t mode) {
    if (!S_ISFIFO(mode) && !S_ISCHR(mode)) return -1;
    const auto name = "/proc/self/fd/" + std::to_string(stream);
    return ::open(name.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

bool is_room_lacking(ssize_t written) {
    return written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

} // namespace

bool takes_more(int descriptor, int within_ms) {
    pollfd asked{.fd = descriptor, .events = POLLOUT, .revents = 0};
    return ::poll(&asked, 1, within_ms) > 0;
}

log_output::log_output(const log_format& format, int stream, const std::string& journal)
    : format_(format), stream_(stream) {
    struct stat found {};
    if (::fstat(stream, &found) == 0) {
        is_socket_ = S_ISSOCK(found.st_mode);
        is_file_ = S_ISREG(found.st_mode);
        opened_ = open_once_more(stream, found.st_mode);
    }
    if (!journal.empty()) journal_ = std::make_unique<journal_socket>(journal);
}

log_output::~log_output() {
    write_what_waits();
    auto left = bytes_;
    for (int tries = 0; waits() && tries < tries_at_end; ++tries) {
        const bool by_journal = !lines_.front().datagram.empty(); // whose socket never says that it is full
        takes_more(by_journal ? -1 : stream_, static_cast<int>(between_tries.count()));
        write_what_waits();
        if (std::exchange(left, bytes_) > bytes_) tries = 0; // it is being read
    }
    if (opened_ >= 0) ::close(opened_);
}

log_sink log_output::sink() {
    return [this](const log_record& record) { take(record); };
}

void log_output::take(const log_record& record) {
    entry made;
    if (journal_) {
        made.datagram = journal_datagram(journal_fields(record, format_));
        made.line = std::string(journal_prefix(record.level)) + to_line(record, format_) + '\n';
    } else {
        made.line = to_line(record, format_, to_timestamp(machine_wall_time())) + '\n';
    }
    put(std::move(made));
    if (!can_wait(record.level)) write_what_waits();
    if (waits() && wake_ != nullptr && !std::exchange(rung_, true)) wake_->ring();
}

// The journal takes one line a datagram, so that nothing is gained there.
bool log_output::can_wait(log_level level) const {
    return level <= log_level::info && wake_ != nullptr && !stopping_ && !journal_ &&
           bytes_ <= gathered_bytes_max;
}

// The first lines tell how it began, so it is the later ones that are dropped.
void log_output::put(entry what) {
    const auto size = what.line.size() + what.datagram.size();
    if (!lines_.empty() && bytes_ + size > bytes_max) {
        ++dropped_;
        return;
    }
    bytes_ += size;
    const bool joins = !lines_.empty() && what.datagram.empty() && lines_.back().datagram.empty() &&
                       lines_.back().line.size() + size <= PIPE_BUF; // which a pipe takes as a whole
    if (joins)
        lines_.back().line += what.line;
    else
        lines_.push_back(std::move(what));
}

void log_output::write_what_waits() {
    while (!lines_.empty()) {
        auto& first = lines_.front();
        if (!write(first)) return;
        bytes_ -= first.line.size() + first.datagram.size();
        lines_.pop_front();
        if (lines_.empty() && dropped_ > 0) tell_of_dropped();
    }
}

void log_output::tell_of_dropped() {
    log_record told;
    told.level = log_level::warning;
    told.text = "log lines were dropped: whoever reads the log had stopped reading";
    told.fields.emplace_back("dropped", std::exchange(dropped_, 0));
    take(told);
}

// False: there is no room now.
bool log_output::write(entry& what) {
    if (what.datagram.empty()) return write_to_stream(what);
    switch (journal_->send(what.datagram)) {
    case journal_socket::answer::taken: return true;
    case journal_socket::answer::full: return false;
    case journal_socket::answer::refused: break;
    }
    bytes_ -= what.datagram.size();
    what.datagram.clear();
    return write_to_stream(what);
}

bool log_output::write_to_stream(entry& what) {
    while (what.done < what.line.size()) {
        const auto* const from = what.line.data() + what.done;
        const auto left = what.line.size() - what.done;
        ssize_t written = 0;
        if (is_socket_) {
            written = ::send(stream_, from, left, MSG_DONTWAIT | MSG_NOSIGNAL);
        } else if (opened_ >= 0) {
            written = ::write(opened_, from, left);
        } else {
            if (!is_file_ && !takes_more(stream_)) return false;
            written = ::write(stream_, from,
                              is_file_ ? left : std::min<std::size_t>(left, PIPE_BUF)); // so much has room
        }
        if (is_room_lacking(written)) return false;
        if (written <= 0) return true; // nobody will ever read it
        what.done += static_cast<std::size_t>(written);
    }
    return true;
}

asio::awaitable<void> log_output::run(time_source& time) {
    const auto mine = time.make_alarm(); // goes with the frame, and so before the loop
    const std::unique_ptr<alarm*, void (*)(alarm**)> lent(&wake_, [](alarm** at) { *at = nullptr; });
    wake_ = mine.get();
    while (!stopping_) {
        rung_ = false;
        write_what_waits();
        auto again = steady_time::max();
        if (waits()) again = time.steady() + between_tries;
        co_await mine->wait_until(again);
    }
}

void log_output::stop() {
    stopping_ = true;
    if (wake_ != nullptr) wake_->ring();
}

} // namespace cannedd
