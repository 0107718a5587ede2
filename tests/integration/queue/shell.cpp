#include "integration/queue/shell.hpp"

#include <cerrno>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cannedd::test {
namespace {

int exit_code_of(pid_t process) {
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void write_all(int to, const std::string& words) {
    for (std::size_t done = 0; done < words.size();) {
        const auto wrote = ::write(to, words.data() + done, words.size() - done);
        if (wrote <= 0) throw std::runtime_error("sqlite3 has closed its input");
        done += static_cast<std::size_t>(wrote);
    }
}

} // namespace

running_shell::running_shell(const std::filesystem::path& database) {
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const std::string file = database.string();
    process_ = ::fork();
    if (process_ == 0) {
        ::dup2(in[0], STDIN_FILENO);
        ::dup2(out[1], STDOUT_FILENO);
        ::dup2(out[1], STDERR_FILENO);
        ::execlp("sqlite3", "sqlite3", "-batch", "-bail", "-init", "/dev/null", file.c_str(),
                 static_cast<char*>(nullptr));
        ::_exit(127); // no such program
    }
    ::close(in[0]);
    ::close(out[1]);
    in_ = in[1];
    out_ = out[0];
}

running_shell::~running_shell() {
    if (process_ > 0) kill();
    ::close(out_);
}

void running_shell::tell(const std::string& line) {
    write_all(in_, line + "\n.print done\n");
    std::string heard;
    for (char letter = 0; heard.find("done\n") == std::string::npos; heard += letter)
        if (::read(out_, &letter, 1) != 1) throw std::runtime_error("sqlite3 has ended: " + heard);
}

void running_shell::kill() {
    ::kill(process_, SIGKILL);
    finish();
}

int running_shell::finish() {
    ::close(in_);
    in_ = -1;
    return exit_code_of(std::exchange(process_, -1));
}

shell_answer sqlite_shell(const std::filesystem::path& database, const std::string& script) {
    int out[2] = {-1, -1};
    if (::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const std::string file = database.string();
    const pid_t process = ::fork();
    if (process == 0) {
        ::dup2(out[1], STDOUT_FILENO);
        ::dup2(out[1], STDERR_FILENO);
        ::execlp("sqlite3", "sqlite3", "-batch", "-bail", "-cmd", ".timeout 120000", "-init", "/dev/null",
                 file.c_str(), script.c_str(), static_cast<char*>(nullptr));
        ::_exit(127); // no such program
    }
    ::close(out[1]);
    shell_answer answer;
    char part[4096];
    for (ssize_t got = 0; (got = ::read(out[0], part, sizeof part)) > 0;)
        answer.output.append(part, static_cast<std::size_t>(got));
    ::close(out[0]);
    answer.exit_code = exit_code_of(process);
    return answer;
}

} // namespace cannedd::test
