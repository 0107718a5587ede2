// The journal's native protocol, so that a line's fields can be asked for: `journalctl CANNEDD_MESSAGE=17` is
// the story of row 17.
#pragma once

#include "log/line.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cannedd {

// Standard error is the journal, as systemd says (JOURNAL_STREAM, systemd.exec(5)): not a file or a terminal.
bool stderr_is_the_journal();

// FIELD=value: MESSAGE (the line), PRIORITY, SYSLOG_IDENTIFIER, and each field of the record as
// CANNEDD_<KEY>; a row's `id` is CANNEDD_MESSAGE. Pure.
std::vector<std::string> journal_fields(const log_record& record, log_format format);

// As the native protocol has them: a value with a newline goes by its length. Pure.
std::string journal_datagram(const std::vector<std::string>& fields);

// Empty when standard error is not the journal.
std::string journal_path();

// sd_journal_sendv() waits while the journal's socket is full; this never does.
class journal_socket {
public:
    enum class answer : std::uint8_t { taken, full, refused };

    explicit journal_socket(std::string path);
    ~journal_socket();
    journal_socket(const journal_socket&) = delete;
    journal_socket& operator=(const journal_socket&) = delete;
    answer send(const std::string& datagram);

private:
    std::string path_;
    int socket_;
};

} // namespace cannedd
