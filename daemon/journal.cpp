#include "journal.hpp"

#include <systemd/sd-journal.h>

#include <cstdlib>

#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace cannedd {
namespace {

constexpr std::size_t name_bytes_max = 64; // of a field

// A letter of the alphabet, a digit or an underscore.
char in_a_name(char letter) {
    const bool small = letter >= 'a' && letter <= 'z';
    if (small) return static_cast<char>(letter - 'a' + 'A');
    const bool plain = (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    return plain ? letter : '_';
}

std::string name_of_field(const std::string& key) {
    std::string name = "CANNEDD_";
    if (key == "id") return name + "MESSAGE";
    if (key == "message") return name + "MESSAGE_";
    for (const char letter : key)
        name += in_a_name(letter);
    return name.substr(0, name_bytes_max);
}

} // namespace

bool stderr_is_the_journal() {
    const char* const stream = std::getenv("JOURNAL_STREAM");
    struct stat here {};
    if (stream == nullptr || ::fstat(STDERR_FILENO, &here) != 0) return false;
    return stream == std::to_string(here.st_dev) + ':' + std::to_string(here.st_ino);
}

std::vector<std::string> journal_fields(const log_record& record, log_format format) {
    const auto prefix = journal_prefix(record.level); // <6>
    std::vector<std::string> fields{"MESSAGE=" + to_line(record, format),
                                    "PRIORITY=" + std::string(prefix.substr(1, 1)),
                                    "SYSLOG_IDENTIFIER=cannedd"};
    for (const auto& field : record.fields)
        if (!field.value.empty()) fields.push_back(name_of_field(field.key) + '=' + field.value);
    return fields;
}

bool write_to_journal(const std::vector<std::string>& fields) {
    std::vector<iovec> parts;
    parts.reserve(fields.size());
    for (const auto& field : fields) // sendv reads only
        parts.push_back({.iov_base = const_cast<char*>(field.data()), .iov_len = field.size()});
    return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) >= 0;
}

} // namespace cannedd
