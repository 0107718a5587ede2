#include "support/process.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <ostream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace cannedd {
namespace {

using clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

class file_descriptor {
public:
    file_descriptor() = default;
    explicit file_descriptor(int number) : number_(number) {}
    file_descriptor(file_descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    file_descriptor& operator=(file_descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~file_descriptor() { close(); }
    int get() const noexcept { return number_; }
    void close() noexcept {
        if (number_ >= 0) ::close(number_);
        number_ = -1;
    }

private:
    int number_ = -1;
};

struct pipe_ends {
    file_descriptor read, write;
};

pipe_ends make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe2");
    return {file_descriptor(ends[0]), file_descriptor(ends[1])};
}

// What one of the child's streams has said so far, and how far a waiter has looked.
struct stream_text {
    file_descriptor from;
    std::string all;
    std::size_t looked = 0;
    bool ended = false;

    void take() {
        std::array<char, 64 * 1024> piece{};
        while (!ended) {
            const auto size = ::read(from.get(), piece.data(), piece.size());
            if (size > 0) all.append(piece.data(), static_cast<std::size_t>(size));
            if (size == 0) ended = true;
            if (size < 0 && errno != EINTR) {
                ended = errno != EAGAIN;
                return;
            }
        }
    }

    std::optional<std::string> next_line() {
        const auto end = all.find('\n', looked);
        if (end == std::string::npos) return std::nullopt;
        auto line = all.substr(looked, end - looked);
        looked = end + 1;
        return line;
    }
};

std::vector<std::string> environment_of(const std::map<std::string, std::string>& changes) {
    std::vector<std::string> list;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text(*entry);
        if (!changes.contains(text.substr(0, text.find('=')))) list.push_back(text);
    }
    for (const auto& [name, value] : changes)
        if (!value.empty()) list.push_back(name + "=" + value);
    return list;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (auto& text : texts)
        list.push_back(text.data());
    list.push_back(nullptr);
    return list;
}

// The child's stdin as a file in memory: it may read as late and as little as it likes.
file_descriptor input_file(const std::string& text) {
    file_descriptor file(::memfd_create("stdin", MFD_CLOEXEC));
    if (file.get() < 0) fail("memfd_create");
    if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) fail("write");
    ::lseek(file.get(), 0, SEEK_SET);
    return file;
}

int milliseconds_until(clock::time_point when) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(when - clock::now()).count();
    return left > 0 ? static_cast<int>(left) : 0;
}

} // namespace

std::ostream& operator<<(std::ostream& out, const exit_status& how) {
    if (how.code) return out << "exit code " << *how.code;
    if (how.signal) return out << "killed by signal " << *how.signal;
    return out << "still running";
}

struct child_process::state {
    std::string name;
    int pid = -1;
    stream_text out, err;
    std::optional<exit_status> ended;

    void start(const std::filesystem::path& program, process_options& options);
    [[noreturn]] void complain(const std::string& what) {
        take();
        throw std::runtime_error(name + " " + what + "\nstdout:\n" + out.all + "\nstderr:\n" + err.all);
    }
    void take() {
        out.take();
        err.take();
    }
    // Until something was written, or the streams ended, or the moment has come.
    void listen(clock::time_point until) {
        std::array<pollfd, 2> wanted{pollfd{out.ended ? -1 : out.from.get(), POLLIN, 0},
                                     pollfd{err.ended ? -1 : err.from.get(), POLLIN, 0}};
        ::poll(wanted.data(), wanted.size(), milliseconds_until(until));
        take();
    }
    void reap(int flags) {
        if (ended) return;
        int how = 0;
        const auto result = ::waitpid(pid, &how, flags);
        if (result != pid) return;
        exit_status status;
        if (WIFEXITED(how)) status.code = WEXITSTATUS(how);
        if (WIFSIGNALED(how)) status.signal = WTERMSIG(how);
        ended = status;
    }
    std::string line(stream_text& from, const std::function<bool(std::string_view)>& wanted,
                     deadline within) {
        const auto until = clock::now() + within;
        while (true) {
            while (auto found = from.next_line())
                if (wanted(*found)) return *found;
            if (from.ended) complain("ended before it wrote the line that was waited for");
            if (clock::now() >= until) complain("did not write the line that was waited for");
            listen(until);
        }
    }
};

void child_process::state::start(const std::filesystem::path& program, process_options& options) {
    name = program.filename().string();
    const auto input = input_file(options.input);
    auto out_pipe = make_pipe();
    auto err_pipe = make_pipe();
    std::vector<std::string> arguments{program.string()};
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    auto environment = environment_of(options.environment);
    auto argument_pointers = pointers_to(arguments);
    auto environment_pointers = pointers_to(environment);
    const int parent = ::getpid();
    pid = ::fork();
    if (pid < 0) fail("fork");
    if (pid == 0) { // only calls that are safe between fork and exec
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(127);
        // What a test framework ignores or blocks is not the child's concern.
        ::signal(SIGPIPE, SIG_DFL);
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        ::dup2(input.get(), 0);
        ::dup2(out_pipe.write.get(), 1);
        ::dup2(err_pipe.write.get(), 2);
        if (!options.directory.empty() && ::chdir(options.directory.c_str()) != 0) ::_exit(127);
        ::execve(program.c_str(), argument_pointers.data(), environment_pointers.data());
        ::_exit(127);
    }
    out.from = std::move(out_pipe.read);
    err.from = std::move(err_pipe.read);
    ::fcntl(out.from.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(err.from.get(), F_SETFL, O_NONBLOCK);
}

child_process::child_process(const std::filesystem::path& program, process_options options)
    : state_(std::make_unique<state>()) {
    if (!std::filesystem::exists(program))
        throw std::runtime_error("there is no program " + program.string());
    state_->start(program, options);
}

child_process::~child_process() {
    if (state_->ended) return;
    ::kill(state_->pid, SIGKILL);
    state_->reap(0);
}

int child_process::pid() const noexcept {
    return state_->pid;
}

std::string child_process::wait_for_line(const std::function<bool(std::string_view)>& wanted,
                                         deadline within) {
    return state_->line(state_->out, wanted, within);
}

std::string child_process::wait_for_error_line(const std::function<bool(std::string_view)>& wanted,
                                               deadline within) {
    return state_->line(state_->err, wanted, within);
}

std::string child_process::wait_for_line(std::string_view part, deadline within) {
    return wait_for_line([part](std::string_view line) { return line.find(part) != line.npos; }, within);
}

std::string child_process::wait_for_error_line(std::string_view part, deadline within) {
    return wait_for_error_line([part](std::string_view line) { return line.find(part) != line.npos; },
                               within);
}

std::string child_process::output() {
    state_->take();
    return state_->out.all;
}

std::string child_process::errors() {
    state_->take();
    return state_->err.all;
}

void child_process::send_signal(int number) {
    if (!state_->ended && ::kill(state_->pid, number) != 0) fail("kill");
}

bool child_process::running() {
    state_->reap(WNOHANG);
    return !state_->ended;
}

exit_status child_process::wait(deadline within) {
    const auto until = clock::now() + within;
    while (running()) {
        if (clock::now() >= until) state_->complain("did not end in time");
        // Its streams usually end with it; a grandchild may hold them open, so look again soon.
        state_->listen(std::min(until, clock::now() + std::chrono::milliseconds(5)));
        if (state_->out.ended && state_->err.ended) ::poll(nullptr, 0, 1);
    }
    state_->take();
    return *state_->ended;
}

exit_status child_process::terminate(deadline within) {
    send_signal(SIGTERM);
    return wait(within);
}

exit_status child_process::kill() {
    send_signal(SIGKILL);
    return wait();
}

finished_process run_process(const std::filesystem::path& program, process_options options,
                             std::chrono::milliseconds within) {
    child_process child(program, std::move(options));
    finished_process result;
    result.status = child.wait(within);
    result.output = child.output();
    result.errors = child.errors();
    return result;
}

temp_directory::temp_directory() {
    auto pattern = (std::filesystem::temp_directory_path() / "cannedd-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) fail("mkdtemp");
    path_ = pattern;
}

temp_directory::~temp_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path temp_directory::write(std::string_view name, std::string_view text) const {
    const auto file = path_ / name;
    std::ofstream out(file, std::ios::binary);
    out << text;
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
    return file;
}

void eventually(const std::function<bool()>& condition, std::string_view what,
                std::chrono::milliseconds within) {
    const auto until = clock::now() + within;
    for (int pause = 1; !condition(); pause = std::min(pause + 1, 10)) {
        if (clock::now() >= until) throw std::runtime_error("not in time: " + std::string(what));
        ::poll(nullptr, 0, pause);
    }
}

} // namespace cannedd
