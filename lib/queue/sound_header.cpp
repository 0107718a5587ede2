#include "queue/sound_header.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>
#include <system_error>

namespace cannedd {
namespace {

using namespace std::string_view_literals;

struct header_field {
    std::size_t at = 0;
    std::string_view bytes;
};

constexpr std::size_t header_bytes = 100;
constexpr std::array header_fields{
    header_field{0, "SQLite format 3\0"sv},         header_field{16, "\x10\x00"sv}, // pages of 4096 bytes
    header_field{18, "\x02\x02\x00\x40\x20\x20"sv}, // WAL; no reserved bytes; three fractions that are fixed
    header_field{44, "\x00\x00\x00\x04"sv},         // schema format
    header_field{52, "\x00\x00\x00\x00"sv},         // no auto-vacuum
    header_field{56, "\x00\x00\x00\x01"sv},         // UTF-8
    header_field{64, "\x00\x00\x00\x00"sv},         // nor an incremental one
};
// How many pages the file has, and which are free: without them SQLite counts, and uses none again.
constexpr header_field counted{28, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"sv};

} // namespace

bool has_sound_header(const std::filesystem::path& database) {
    std::array<char, header_bytes> bytes{};
    std::ifstream file(database, std::ios::binary);
    if (!file.read(bytes.data(), bytes.size())) return false;
    const std::string_view header(bytes.data(), bytes.size());
    return std::ranges::all_of(header_fields, [&](const header_field& field) {
        return header.substr(field.at, field.bytes.size()) == field.bytes;
    });
}

void copy_under_sound_header(const std::filesystem::path& database, const std::filesystem::path& copy) {
    std::filesystem::copy_file(database, copy);
    const auto log = database.string() + "-wal";
    if (std::filesystem::exists(log)) std::filesystem::copy_file(log, copy.string() + "-wal");
    std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
    const auto write = [&](const header_field& field) {
        file.seekp(static_cast<std::streamoff>(field.at));
        file.write(field.bytes.data(), static_cast<std::streamsize>(field.bytes.size()));
    };
    std::ranges::for_each(header_fields, write);
    write(counted);
    if (!file.flush()) throw std::system_error(std::make_error_code(std::errc::io_error), copy.string());
}

} // namespace cannedd
