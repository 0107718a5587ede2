#include "doctor/secrets.hpp"

#include "config/named_files.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cannedd {
namespace {

struct closes_pipe {
    void operator()(FILE* pipe) const { ::pclose(pipe); }
};

// As it will be at the next start. Empty: no such unit, or no systemd.
std::string words_of_unit(const std::string& unit) {
    if (unit.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@._-") !=
        std::string::npos)
        return {};
    const auto asked = "systemctl cat --no-pager -- " + unit + " 2>/dev/null";
    const std::unique_ptr<FILE, closes_pipe> pipe(::popen(asked.c_str(), "re"));
    std::string words;
    std::array<char, 4096> some{};
    if (pipe)
        while (const auto count = std::fread(some.data(), 1, some.size(), pipe.get()))
            words.append(some.data(), count);
    return words;
}

std::string name_of_user(uid_t user) {
    const auto* const known = ::getpwuid(user);
    return known != nullptr ? known->pw_name : "user " + std::to_string(user);
}

// Tried as that user, for directories on the way have their say as well.
bool may_read(const std::filesystem::path& file, uid_t user) {
    const auto* const known = ::getpwuid(user);
    const auto group = known != nullptr ? known->pw_gid : static_cast<gid_t>(user);
    const auto child = ::fork();
    if (child == 0) {
        const int grouped = known != nullptr ? ::initgroups(known->pw_name, group) : ::setgroups(0, nullptr);
        const bool became = grouped == 0 && ::setgid(group) == 0 && ::setuid(user) == 0;
        ::_exit(became && ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK) >= 0 ? 0 : 1);
    }
    int status = 0;
    return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

void judge(const named_secret& it, const std::string& account, const service_view& service,
           doctor_report& report) {
    const auto what = "secret " + account;
    const auto file = it.file.string();
    if (service.delivered.contains(it.named) &&
        !say_the_same(service.running_with / it.named, it.file).value_or(true)) {
        report.warn(what, file + " was written since " + service.unit +
                              " was started, which still uses the old one: systemctl restart " +
                              service.unit + ", and only then unpause what is paused");
    } else if (service.delivered.contains(it.named)) {
        report.ok(what, service.unit + " is given " + file + " (LoadCredential=" + it.named + ")");
    } else if (may_read(it.file, service.user)) {
        report.ok(what, file + " may be read by " + name_of_user(service.user));
    } else {
        const auto name = it.file.filename().string();
        report.fail(what, file + " may not be read by " + name_of_user(service.user) + ", as whom " +
                              service.unit + " runs: systemctl edit " + service.unit +
                              ", write [Service] and LoadCredential=" + name + ":" + file +
                              (it.named == name ? "" : ", name it " + name + " in the configuration") +
                              ", then systemctl restart " + service.unit);
    }
}

// ProtectHome= of the unit.
bool is_hidden(const std::filesystem::path& file) {
    const auto words = file.string();
    return words.starts_with("/home/") || words.starts_with("/root/") || words.starts_with("/run/user/");
}

void judge_file(const std::string& what, const std::filesystem::path& file, const service_view& service,
                doctor_report& report) {
    std::error_code none;
    if (file.empty() || !std::filesystem::exists(file, none)) return;
    if (!is_hidden(file) && may_read(file, service.user)) return;
    report.fail(what, file.string() + " may not be read by " + name_of_user(service.user) + ", as whom " +
                          service.unit +
                          " runs, or is hidden from it (/home, /root): copy it to /etc/cannedd, " +
                          "readable for all, and name it there");
}

} // namespace

std::string unit_of(const std::filesystem::path& config_file) {
    const auto name = config_file.stem().string();
    return name == "cannedd" ? "cannedd.service" : "cannedd@" + name + ".service";
}

std::set<std::string> credentials_named_in(std::string_view unit) {
    constexpr std::string_view key = "LoadCredential=";
    std::set<std::string> names;
    while (!unit.empty()) {
        const auto line = unit.substr(0, unit.find('\n'));
        unit.remove_prefix(std::min(unit.size(), line.size() + 1));
        if (!line.starts_with(key)) continue;
        const auto value = line.substr(key.size());
        if (value.empty())
            names.clear();
        else
            names.emplace(value.substr(0, value.find(':')));
    }
    return names;
}

void judge_secrets(const settings& configured, const service_view& service, doctor_report& report) {
    judge_file("responses_file", configured.responses_file, service, report);
    for (const auto& [name, account] : configured.accounts) {
        judge_file("ca_file " + name, account.api.ca_file, service, report);
        judge_file("certificate_file " + name, account.auth.certificate_file, service, report);
        for (const auto& it : account.auth.secrets)
            judge(it, name, service, report);
        for (const auto& [agent, auth] : account.auth.users)
            for (const auto& it : auth.secrets)
                judge(it, name + " agent " + agent, service, report);
    }
}

void examine_secrets(const settings& configured, const std::filesystem::path& config_file,
                     doctor_report& report) {
    struct stat directory {};
    if (::geteuid() != 0 || ::stat(configured.database.parent_path().c_str(), &directory) != 0 ||
        directory.st_uid == 0)
        return;
    const auto unit = unit_of(config_file);
    judge_secrets(configured,
                  {.unit = unit,
                   .delivered = credentials_named_in(words_of_unit(unit)),
                   .running_with = std::filesystem::path("/run/credentials") / unit,
                   .user = directory.st_uid},
                  report);
}

} // namespace cannedd
