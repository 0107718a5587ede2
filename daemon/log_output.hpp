// Where log lines go: standard error, one line a record; with journal priorities when systemd reads it.
#pragma once

#include "log/line.hpp"

namespace cannedd {

// format is read at each line, so that a reload may change it.
log_sink stderr_sink(const log_format& format);

} // namespace cannedd
