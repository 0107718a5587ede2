// The plain `sqlite3` program, as another system uses it: a process of its own with its own library and
// defaults.
#pragma once

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace cannedd::test {

struct shell_answer {
    int exit_code = 0;
    std::string output; // what it printed, complaints included
};

// Runs the script in one sqlite3 process.
shell_answer sqlite_shell(const std::filesystem::path& database, const std::string& script);

// A sqlite3 process that is told its script line by line, so that it can be left in the middle of a
// transaction.
class running_shell {
public:
    explicit running_shell(const std::filesystem::path& database);
    ~running_shell();
    running_shell(const running_shell&) = delete;
    running_shell& operator=(const running_shell&) = delete;
    // Returns when the line has been carried out.
    void tell(const std::string& line);
    void kill();  // SIGKILL
    int finish(); // end of input; its exit code

private:
    pid_t process_ = -1;
    int in_ = -1;
    int out_ = -1;
};

} // namespace cannedd::test
