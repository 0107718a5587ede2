// Other programs, as tests need them: started with arguments and environment, their output lines waited for
// with a deadline, signalled, and their end awaited. A child that is still running when its object goes is
// killed and reaped, and it dies with the test. Failures throw std::runtime_error with what the child wrote.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

// How long a test waits for what must come. It bounds what never comes, and is no measure of speed: a machine
// may be as slow as it likes.
inline constexpr std::chrono::milliseconds patience = std::chrono::minutes(2);

struct exit_status {
    std::optional<int> code;   // it exited
    std::optional<int> signal; // it was killed
    friend bool operator==(const exit_status&, const exit_status&) = default;
};
std::ostream& operator<<(std::ostream& out, const exit_status& how);

struct process_options {
    std::vector<std::string> arguments; // without the program itself
    std::map<std::string, std::string>
        environment;                 // added to the test's own; an empty value removes a variable
    std::filesystem::path directory; // empty: the test's own
    std::string input;               // its stdin; then the end of file
};

class child_process {
public:
    using deadline = std::chrono::milliseconds;

    child_process(const std::filesystem::path& program, process_options options = {});
    ~child_process();
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;

    int pid() const noexcept;
    // The next line of stdout (stderr) that satisfies the condition; lines before it are passed over, though
    // kept in output().
    std::string wait_for_line(const std::function<bool(std::string_view)>& wanted,
                              deadline within = patience);
    std::string wait_for_error_line(const std::function<bool(std::string_view)>& wanted,
                                    deadline within = patience);
    std::string wait_for_line(std::string_view part, deadline within = patience);
    std::string wait_for_error_line(std::string_view part, deadline within = patience);
    // All that was written so far.
    std::string output();
    std::string errors();

    void send_signal(int number);
    bool running();
    // Throws when it has not ended in time.
    exit_status wait(deadline within = patience);
    // SIGTERM, then wait().
    exit_status terminate(deadline within = patience);
    // SIGKILL, then wait().
    exit_status kill();

private:
    struct state;
    std::unique_ptr<state> state_;
};

// Runs a program to its end.
struct finished_process {
    exit_status status;
    std::string output;
    std::string errors;
};
finished_process run_process(const std::filesystem::path& program, process_options options = {},
                             std::chrono::milliseconds within = patience);

// A directory of its own, 0700, removed with everything in it.
class temp_directory {
public:
    temp_directory();
    ~temp_directory();
    temp_directory(const temp_directory&) = delete;
    temp_directory& operator=(const temp_directory&) = delete;
    const std::filesystem::path& path() const noexcept { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
    // Writes the file and returns its path.
    std::filesystem::path write(std::string_view name, std::string_view text) const;

private:
    std::filesystem::path path_;
};

// Asks again, without a pause that is longer than a few milliseconds, until it is true; throws with the
// sentence when it is not in time.
void eventually(const std::function<bool()>& condition, std::string_view what,
                std::chrono::milliseconds within = patience);

} // namespace cannedd
