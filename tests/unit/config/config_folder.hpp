// A folder of its own for one test, with a configuration file and what that names.
#pragma once

#include "config/settings.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cannedd::test {

inline constexpr std::string_view client_id = "11111111-2222-3333-4444-555555555555";
inline constexpr std::string_view secret_value = "the-secret-that-nobody-may-read";

class config_folder {
public:
    config_folder() {
        std::string name = (std::filesystem::temp_directory_path() / "cannedd-config-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path = name;
        write("client_secret", secret_value, 0600);
        write("ca.pem", "-----BEGIN CERTIFICATE-----\n", 0644);
    }
    config_folder(const config_folder&) = delete;
    config_folder& operator=(const config_folder&) = delete;
    ~config_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }

    std::filesystem::path write(const std::string& name, std::string_view content,
                                unsigned mode = 0644) const {
        const auto file = path / name;
        std::ofstream(file, std::ios::binary) << content;
        std::filesystem::permissions(file, static_cast<std::filesystem::perms>(mode));
        return file;
    }

    std::variant<settings, std::vector<config_fault>> load(std::string_view yaml) const {
        return load_settings(write("cannedd.yaml", yaml), environment);
    }

    // `account` is the text of accounts.default, indented by four blanks; no responses file.
    static std::string with_account(const std::string& account) {
        return "responses_file:\naccounts:\n  default:\n    ca_file: ca.pem\n" + account;
    }

    // A configuration that will do, with `more` at its top level.
    static std::string valid(const std::string& more = "") { return with_account(good_account()) + more; }

    static std::string good_account() {
        return "    region: mypurecloud.com\n    auth:\n      client_id: " + std::string(client_id) +
               "\n      client_secret_file: client_secret\n";
    }

    // The faults as `line: message`, one a line; empty when there are none.
    std::string faults(std::string_view yaml) const {
        const auto loaded = load(yaml);
        std::string text;
        if (const auto* list = std::get_if<std::vector<config_fault>>(&loaded))
            for (const auto& fault : *list)
                text += std::to_string(fault.line) + ": " + fault.message + "\n";
        return text;
    }

    settings loaded(std::string_view yaml) const {
        const auto result = load(yaml);
        if (const auto* list = std::get_if<std::vector<config_fault>>(&result))
            throw std::runtime_error(to_line(list->front()));
        return std::get<settings>(result);
    }

    account_settings account(const std::string& text) const {
        return loaded(with_account(text)).accounts.at("default");
    }

    std::filesystem::path path;
    config_environment environment;
};

} // namespace cannedd::test
