#include "config/named_files.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cannedd {
namespace {

class descriptor {
public:
    explicit descriptor(int value) : value_(value) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    int get() const noexcept { return value_; }

private:
    int value_;
};

constexpr std::size_t secret_bytes_max = std::size_t{64} * 1024;
constexpr std::size_t public_bytes_max = std::size_t{16} * 1024 * 1024; // bundles of certificates

std::string without_trailing_newline(std::string text) {
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    return text;
}

std::string in_octal(mode_t mode) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04o", mode & 07777U);
    return text.data();
}

std::int64_t as_number(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

std::optional<std::string> privacy_fault(const struct stat& status) {
    if (status.st_uid != ::geteuid() && status.st_uid != 0)
        return "belongs to user " + std::to_string(status.st_uid) +
               ", who could change it; make it belong to the user that runs cannedd, or to root (chown)";
    if ((status.st_mode & 077U) != 0)
        return "may be read or changed by others (mode " + in_octal(status.st_mode) + "); do: chmod 600";
    return std::nullopt;
}

} // namespace

std::variant<std::string, file_fault> read_file(const std::filesystem::path& file, file_privacy privacy,
                                                std::size_t bytes_max) {
    // O_NONBLOCK: a FIFO must not stop the start.
    const descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (opened.get() < 0) {
        const int error = errno;
        const std::string as_credential = error == EACCES && privacy == file_privacy::owner
                                              ? " for the user that runs cannedd; under systemd name it in a "
                                                "LoadCredential= line of the unit "
                                                "(systemctl edit cannedd), then restart"
                                              : "";
        return file_fault{"cannot be read: " + std::string(std::strerror(error)) + as_credential,
                          error == ENOENT || error == ENOTDIR};
    }
    struct stat status {};
    if (::fstat(opened.get(), &status) != 0 || !S_ISREG(status.st_mode))
        return file_fault{"is not a regular file"};
    if (privacy == file_privacy::owner) {
        if (auto fault = privacy_fault(status)) return file_fault{std::move(*fault)};
    }
    std::string content;
    std::array<char, 16'384> block{};
    for (;;) {
        const auto got = ::read(opened.get(), block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return file_fault{"cannot be read: " + std::string(std::strerror(errno))};
        if (got == 0) return content;
        content.append(block.data(), static_cast<std::size_t>(got));
        if (content.size() > bytes_max)
            return file_fault{"is larger than " + std::to_string(bytes_max) + " bytes"};
    }
}

named_files::named_files(const std::filesystem::path& config_file, const config_environment& environment)
    : config_folder_(config_file.parent_path()), instance_(config_file.stem().string()) {
    if (environment.credentials_directory && !environment.credentials_directory->empty())
        credentials_ = (*environment.credentials_directory / "").lexically_normal();
}

std::filesystem::path named_files::secret_path(const std::filesystem::path& named) const {
    std::error_code ignored;
    if (credentials_ && named.is_relative() && std::filesystem::exists(*credentials_ / named, ignored))
        return *credentials_ / named;
    return secret_beside(named);
}

std::filesystem::path named_files::secret_beside(const std::filesystem::path& named) const {
    std::error_code ignored;
    auto of_instance = config_folder_ / (instance_ + "." + named.string());
    if (!named.has_parent_path() && std::filesystem::exists(of_instance, ignored)) return of_instance;
    return config_folder_ / named;
}

std::optional<bool> say_the_same(const std::filesystem::path& one, const std::filesystem::path& other) {
    const auto first = read_file(one, file_privacy::any, secret_bytes_max);
    const auto second = read_file(other, file_privacy::any, secret_bytes_max);
    const auto* const content = std::get_if<std::string>(&first);
    if (content == nullptr || second.index() != 0) return std::nullopt;
    return *content == std::get<std::string>(second);
}

std::vector<std::filesystem::path> named_files::newer_than_delivered() const {
    std::vector<std::filesystem::path> newer;
    if (!credentials_) return newer;
    std::error_code none;
    for (std::filesystem::directory_iterator it(*credentials_, none), end; !none && it != end;
         it.increment(none)) {
        const auto source = secret_beside(it->path().filename());
        struct stat copy {};
        struct stat now {};
        if (::stat(it->path().c_str(), &copy) != 0 || ::stat(source.c_str(), &now) != 0) continue;
        // When it came there, whatever time it bears: cp -p and rsync keep an older one.
        const bool written = as_number(now.st_ctim) > as_number(copy.st_mtim);
        // Mostly only root may read the one that was copied: then nobody can tell.
        if (written && !say_the_same(it->path(), source).value_or(false))
            newer.push_back(source.lexically_normal());
    }
    return newer;
}

bool named_files::is_delivered(const std::filesystem::path& path) const {
    if (!credentials_) return false;
    return path.lexically_normal().string().starts_with(credentials_->string());
}

std::optional<std::string> named_files::whose(const std::filesystem::path& path) const {
    std::error_code unseen;
    for (const auto& [file, key] : noted_)
        if (std::filesystem::absolute(file).lexically_normal() == path ||
            std::filesystem::equivalent(file, path, unseen))
            return key;
    return std::nullopt;
}

std::optional<std::string> named_files::read_secret(section& from, std::string_view key,
                                                    const std::string& named) {
    const auto path = secret_path(named);
    note(path, from.path_of(key));
    auto read =
        read_file(path, is_delivered(path) ? file_privacy::delivered : file_privacy::owner, secret_bytes_max);
    if (const auto* fault = std::get_if<file_fault>(&read)) {
        const bool two_places = credentials_ && std::filesystem::path(named).is_relative();
        if (fault->absent)
            from.fault(key,
                       std::string("there is no such file") +
                           (two_places ? " in $CREDENTIALS_DIRECTORY or beside the configuration file" : ""));
        else
            from.fault(key, "the file " + fault->message);
        return std::nullopt;
    }
    auto content = without_trailing_newline(std::move(std::get<std::string>(read)));
    if (!content.empty()) return content;
    // The unit's SetCredential= stands in for a file that is not there.
    from.fault(key, is_delivered(path) ? "the secret is missing: systemd found no such file beside the "
                                         "configuration file, or an empty one; install it there with mode "
                                         "600, then start again"
                                       : "the file is empty");
    return std::nullopt;
}

std::optional<std::string> named_files::read_public(section& from, std::string_view key,
                                                    const std::filesystem::path& file) {
    note(file, from.path_of(key));
    auto read = read_file(file, file_privacy::any, public_bytes_max);
    if (auto* content = std::get_if<std::string>(&read)) return std::move(*content);
    from.fault(key, file.string() + " " + std::get<file_fault>(read).message);
    return std::nullopt;
}

} // namespace cannedd
