#include "intake_progress.hpp"

#include "progress_pace.hpp"

#include <algorithm>
#include <cstdio>

#include <sys/stat.h>
#include <unistd.h>

namespace cannedd {
namespace {

std::int64_t length_of_input() {
    struct stat input {};
    return ::fstat(STDIN_FILENO, &input) == 0 && S_ISREG(input.st_mode) ? input.st_size : 0;
}

} // namespace

std::string progress_words(std::int64_t rows, steady_duration since_begin, std::int64_t bytes_read,
                           std::int64_t bytes_in_all) {
    const auto took_s = std::max(std::chrono::duration<double>(since_begin).count(), 0.001);
    auto words = std::to_string(rows) + " rows done, " +
                 std::to_string(static_cast<std::int64_t>(static_cast<double>(rows) / took_s)) + " a second";
    if (bytes_in_all <= 0 || bytes_read <= 0) return words;
    const auto share = std::min(static_cast<double>(bytes_read) / static_cast<double>(bytes_in_all), 1.0);
    words += ", about " +
             std::to_string(static_cast<std::int64_t>(static_cast<double>(rows) * (1 / share - 1))) +
             " left, " + std::to_string(static_cast<std::int64_t>(took_s * (1 / share - 1))) + " s";
    return words;
}

intake_progress::intake_progress(const time_source& time)
    : time_(time)
    , began_(time.steady())
    , shown_(began_)
    , on_terminal_(::isatty(STDERR_FILENO) == 1)
    , bytes_in_all_(length_of_input()) {}

void intake_progress::show(std::int64_t rows) {
    const auto now = time_.steady();
    if (now - shown_ < (on_terminal_ ? between_terminal_lines : between_log_lines)) return;
    shown_ = now;
    const auto words = progress_words(rows, now - began_, bytes_read_, bytes_in_all_);
    std::fprintf(stderr, on_terminal_ ? "\r\033[K%s" : "%s\n", words.c_str());
    is_shown_ = on_terminal_;
}

void intake_progress::clear() {
    if (is_shown_) std::fputs("\r\033[K", stderr);
    is_shown_ = false;
}

} // namespace cannedd
