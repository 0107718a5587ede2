#include "journal.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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

std::string journal_datagram(const std::vector<std::string>& fields) {
    std::string all;
    for (const auto& field : fields) {
        if (field.find('\n') == std::string::npos) {
            all += field + '\n';
            continue;
        }
        const auto name_end = field.find('=');
        const auto value = field.substr(name_end + 1);
        all += field.substr(0, name_end) + '\n';
        for (unsigned bit = 0; bit < 64; bit += 8) // little endian
            all += static_cast<char>((value.size() >> bit) & 0xffU);
        all += value + '\n';
    }
    return all;
}

std::string journal_path() {
    return stderr_is_the_journal() ? "/run/systemd/journal/socket" : "";
}

journal_socket::journal_socket(std::string path)
    : path_(std::move(path)), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}

journal_socket::~journal_socket() {
    if (socket_ >= 0) ::close(socket_);
}

// By its name each time: a journal that was restarted has another socket of that name.
journal_socket::answer journal_socket::send(const std::string& datagram) {
    sockaddr_un whom{};
    whom.sun_family = AF_UNIX;
    if (path_.size() >= sizeof(whom.sun_path)) return answer::refused;
    std::copy(path_.begin(), path_.end(), static_cast<char*>(whom.sun_path));
    const auto sent = ::sendto(socket_, datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&whom), sizeof(whom));
    if (sent >= 0) return answer::taken;
    return errno == EAGAIN || errno == ENOBUFS || errno == EINTR ? answer::full : answer::refused;
}

} // namespace cannedd
