// Where log lines go: to the journal with their fields when systemd has standard error there, else to
// standard error, a line with its time for each record.
#pragma once

#include "log/line.hpp"

namespace cannedd {

// format is read at each line, so that a reload may change it.
log_sink stderr_sink(const log_format& format);

} // namespace cannedd
