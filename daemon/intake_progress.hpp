// Shows how far --enqueue is: on a terminal in one line that is written over, elsewhere a line a minute.
#pragma once

#include "time/time_source.hpp"

#include <cstdint>
#include <string>

namespace cannedd {

// The words: rows done, rate, and, where the length of the input is known (bytes_in_all), what is left. Pure.
std::string progress_words(std::int64_t rows, steady_duration since_begin, std::int64_t bytes_read,
                           std::int64_t bytes_in_all);

class intake_progress {
public:
    explicit intake_progress(const time_source& time);

    void read(std::int64_t bytes) { bytes_read_ += bytes; }
    void show(std::int64_t rows); // when it is time
    void clear();                 // before another line is written
    void end() { clear(); }

private:
    const time_source& time_;
    steady_time began_;
    steady_time shown_;
    bool on_terminal_;
    bool is_shown_ = false;
    std::int64_t bytes_in_all_ = 0; // 0: a pipe
    std::int64_t bytes_read_ = 0;
};

} // namespace cannedd
