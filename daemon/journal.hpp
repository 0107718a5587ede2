// The journal's native protocol, so that a line's fields can be asked for: `journalctl CANNEDD_MESSAGE=17` is
// the story of row 17.
#pragma once

#include "log/line.hpp"

#include <string>
#include <vector>

namespace cannedd {

// Standard error is the journal, as systemd says (JOURNAL_STREAM, systemd.exec(5)): not a file or a terminal.
bool stderr_is_the_journal();

// FIELD=value: MESSAGE (the line), PRIORITY, SYSLOG_IDENTIFIER, and each field of the record as
// CANNEDD_<KEY>; a row's `id` is CANNEDD_MESSAGE. Pure.
std::vector<std::string> journal_fields(const log_record& record, log_format format);

// False: the journal did not take it.
bool write_to_journal(const std::vector<std::string>& fields);

} // namespace cannedd
