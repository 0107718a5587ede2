#include "log_output.hpp"

#include "journal.hpp"
#include "text/timestamps.hpp"
#include "time/time_source.hpp"

#include <cstdio>

namespace cannedd {
namespace {

// One write a line: lines of two processes do not mix.
void write_to_stderr(std::string line) {
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stderr);
}

} // namespace

log_sink stderr_sink(const log_format& format) {
    const bool to_journal = stderr_is_the_journal();
    return [&format, to_journal](const log_record& record) {
        if (!to_journal)
            write_to_stderr(to_line(record, format, to_timestamp(machine_wall_time())));
        else if (!write_to_journal(journal_fields(record, format)))
            write_to_stderr(std::string(journal_prefix(record.level)) + to_line(record, format));
    };
}

} // namespace cannedd
