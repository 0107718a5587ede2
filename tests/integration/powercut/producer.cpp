// A producer with SQLite's C API: inserts COUNT rows, each in a transaction of its own, and writes each text
// to the file TOLD as soon as SQLite has said that it is committed. Usage: powercut_producer DATABASE TOLD
// NAME CONVERSATIONS COUNT
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <unistd.h>

int main(int count, char** arguments) {
    if (count != 6) return 64;
    sqlite3* connection = nullptr;
    const int told = ::open(arguments[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (told < 0 || sqlite3_open(arguments[1], &connection) != SQLITE_OK) return 1;
    sqlite3_busy_timeout(connection, 120'000);
    const int conversations = std::atoi(arguments[4]);
    for (int row = 0; row < std::atoi(arguments[5]); ++row) {
        char conversation[40];
        std::snprintf(conversation, sizeof conversation, "c0000000-0000-4000-8000-%012d",
                      row % conversations);
        const std::string text = arguments[3] + std::string(" ") + std::to_string(row);
        const std::string insert = "INSERT INTO messages (conversation_id, text) VALUES ('" +
                                   std::string(conversation) + "', '" + text + "')";
        char* error = nullptr;
        if (sqlite3_exec(connection, insert.c_str(), nullptr, nullptr, &error) != SQLITE_OK) {
            std::fprintf(stderr, "%s\n", error);
            return 1;
        }
        const std::string line = text + '\n';
        if (::write(told, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return 1;
    }
    return sqlite3_close(connection) == SQLITE_OK ? 0 : 1;
}
