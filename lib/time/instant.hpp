// The two kinds of time, as types that do not mix. Plain aliases: any room may include this file.
//   wall_time    what a calendar says, in ms since 1970-01-01 UTC: the database's columns, Retry-After, Date.
//                It may step forward and back by hours.
//   steady_time  only ever grows (CLOCK_MONOTONIC): limiter, deadlines, durations. Comparable between
//                processes of one boot.
#pragma once

#include <chrono>

namespace cannedd {

using milliseconds = std::chrono::milliseconds;
using seconds = std::chrono::seconds;
using minutes = std::chrono::minutes;
using wall_time = std::chrono::time_point<std::chrono::system_clock, milliseconds>;
using steady_time = std::chrono::steady_clock::time_point;
using steady_duration = std::chrono::steady_clock::duration;

} // namespace cannedd
