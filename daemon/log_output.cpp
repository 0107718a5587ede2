#include "log_output.hpp"

#include <cstdio>
#include <cstdlib>

namespace cannedd {

log_sink stderr_sink(const log_format& format) {
    const bool to_journal = std::getenv("JOURNAL_STREAM") != nullptr;
    return [&format, to_journal](const log_record& record) {
        std::string line;
        if (to_journal) line += journal_prefix(record.level);
        line += to_line(record, format);
        line += '\n';
        std::fwrite(line.data(), 1, line.size(),
                    stderr); // one write a line: lines of two processes do not mix
    };
}

} // namespace cannedd
