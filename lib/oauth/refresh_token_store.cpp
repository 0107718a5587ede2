#include "oauth/refresh_token_store.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cannedd {
namespace {

class descriptor {
public:
    explicit descriptor(int number) : number_(number) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int get() const { return number_; }
    bool good() const { return number_ >= 0; }

private:
    int number_;
};

bool write_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(to, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

class token_file final : public refresh_token_store {
public:
    token_file(std::filesystem::path file, step_hook before_step)
        : file_(std::move(file)), new_file_(file_.string() + ".new"), before_step_(std::move(before_step)) {}

    std::vector<secret> load() override {
        std::vector<secret> found;
        for (const auto& path : {new_file_, file_})
            if (auto token = read(path); !token.empty()) found.push_back(std::move(token));
        return found;
    }

    std::optional<std::string> save(const secret& token) override {
        std::error_code failed;
        const auto directory = file_.parent_path();
        if (std::filesystem::create_directories(directory, failed)) ::chmod(directory.c_str(), 0700);
        if (failed) return complaint("make the directory", failed.value());
        if (const auto wrong = write_new(token)) return wrong;
        before("rename");
        if (::rename(new_file_.c_str(), file_.c_str()) != 0) return complaint("replace", errno);
        before("sync_directory");
        const descriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!folder.good() || ::fsync(folder.get()) != 0) return complaint("sync the directory", errno);
        return std::nullopt;
    }

private:
    std::optional<std::string> write_new(const secret& token) {
        before("write");
        const descriptor out(
            ::open(new_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
        // The line feed tells a whole token from one that was cut off.
        if (!out.good() || ::fchmod(out.get(), 0600) != 0 || !write_all(out.get(), token.reveal() + "\n"))
            return complaint("write", errno);
        before("sync");
        if (::fsync(out.get()) != 0) return complaint("sync", errno);
        return std::nullopt;
    }

    static secret read(const std::filesystem::path& path) {
        std::ifstream in(path, std::ios::binary);
        std::string line;
        if (!std::getline(in, line) || in.eof()) return {};
        return secret(std::move(line));
    }

    void before(std::string_view step) const {
        if (before_step_) before_step_(step);
    }

    std::string complaint(const char* what, int error) const {
        return std::string("could not ") + what + " of the refresh token's file " + file_.string() + ": " +
               std::strerror(error) + "; the newest token is only in memory until this is mended";
    }

    std::filesystem::path file_;
    std::filesystem::path new_file_;
    step_hook before_step_;
};

} // namespace

std::unique_ptr<refresh_token_store> make_refresh_token_file(std::filesystem::path file,
                                                             step_hook before_step) {
    return std::make_unique<token_file>(std::move(file), std::move(before_step));
}

} // namespace cannedd
