// Files that the configuration names: found, opened once, judged and read through that one descriptor, so
// that what was checked is what is read. The name of a secret's file is in no fault: people put the secret
// itself there.
#pragma once

#include "config/section.hpp"
#include "config/settings.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cannedd {

enum class file_privacy : std::uint8_t {
    any,      // may be read by everybody
    owner,    // ours or root's, no rights for group and others
    delivered // from $CREDENTIALS_DIRECTORY: as systemd made it
};

struct file_fault {
    std::string message;
    bool absent = false; // there is no such file
};

// The whole content of a regular file of `bytes_max` at most, or why there is none.
std::variant<std::string, file_fault> read_file(const std::filesystem::path& file, file_privacy privacy,
                                                std::size_t bytes_max);

// Whether two secrets' files say the same, whatever their modes. Nothing: one of them cannot be read.
std::optional<bool> say_the_same(const std::filesystem::path& one, const std::filesystem::path& other);

class named_files {
public:
    // Relative names are beside the configuration file.
    named_files(const std::filesystem::path& config_file, const config_environment& environment);

    std::filesystem::path beside(const std::filesystem::path& named) const {
        return (config_folder_ / named).lexically_normal();
    }

    // A secret's relative name is in $CREDENTIALS_DIRECTORY if there is such a file, else beside the
    // configuration file: beside shop.yaml that is shop.NAME, as for the unit cannedd@shop, if there is such
    // a file, else NAME.
    std::filesystem::path secret_path(const std::filesystem::path& named) const;

    // The files beside the configuration file that were written since systemd copied them into
    // $CREDENTIALS_DIRECTORY, at the start; not those that can be read and say the same.
    std::vector<std::filesystem::path> newer_than_delivered() const;

    // The content of the file that `key` of `from` names, without its trailing newline; else a fault is
    // added.
    std::optional<std::string> read_secret(section& from, std::string_view key, const std::string& named);
    // The same for a file that anybody may read, by its path: beside() was asked already.
    std::optional<std::string> read_public(section& from, std::string_view key,
                                           const std::filesystem::path& file);

    // That the key named by `whose` names this file; read_secret and read_public do it themselves.
    void note(const std::filesystem::path& file, std::string whose) {
        noted_.emplace_back(file, std::move(whose));
    }
    // Which key names the file that is at this path (absolute, normal), under whatever name.
    std::optional<std::string> whose(const std::filesystem::path& path) const;

private:
    bool is_delivered(const std::filesystem::path& path) const;
    std::filesystem::path secret_beside(const std::filesystem::path& named) const;

    std::vector<std::pair<std::filesystem::path, std::string>> noted_;
    std::filesystem::path config_folder_;
    std::string instance_; // shop of shop.yaml
    std::optional<std::filesystem::path> credentials_;
};

} // namespace cannedd
