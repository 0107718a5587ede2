#include "config/settings.hpp"

#include "config/account_settings.hpp"
#include "config/config_tree.hpp"
#include "config/database_path.hpp"
#include "config/faults.hpp"
#include "config/named_files.hpp"
#include "config/proxy.hpp"
#include "config/response_file.hpp"
#include "config/section.hpp"
#include "text/url.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace cannedd {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::size_t file_bytes_max = std::size_t{4} * 1024 * 1024;

// Account names are in log lines, metrics' labels and operators' SQL.
bool is_account_name(const std::string& name) {
    constexpr std::size_t bytes_max = 64;
    return !name.empty() && name.size() <= bytes_max &&
           std::none_of(name.begin(), name.end(), [](unsigned char c) { return c <= ' ' || c == 0x7f; });
}

class settings_reader {
public:
    settings_reader(const std::filesystem::path& file, const config_environment& environment,
                    const setting_checks& checks)
        : file_(file)
        , environment_(environment)
        , checks_(checks)
        , files_(file, environment)
        , faults_(file.string()) {}

    std::variant<settings, std::vector<config_fault>> read() {
        auto content = read_file(file_, file_privacy::any, file_bytes_max);
        if (const auto* fault = std::get_if<file_fault>(&content)) {
            faults_.add(0, fault->message);
            return faults_.sorted();
        }
        const auto tree = parse_config_tree(std::get<std::string>(content), faults_);
        if (!tree) return faults_.sorted();
        section root(&*tree, "", 1, faults_);
        read_sections(root);
        refuse_shared_database(root);
        root.refuse_unknown_keys();
        if (faults_.empty() && response_faults_.empty()) return std::move(settings_);
        auto all = faults_.sorted();
        all.insert(all.end(), response_faults_.begin(), response_faults_.end());
        return all;
    }

private:
    void read_sections(section& root) {
        if (const auto database = root.read_text("database"))
            settings_.database = std::filesystem::absolute(files_.beside(*database))
                                     .lexically_normal(); // its directory is watched
        if (const auto fault = fault_of_place(settings_.database)) root.fault("database", *fault);
        if (const auto fault =
                checks_.database_directory ? fault_of_absent_directory(settings_.database) : std::nullopt)
            root.fault("database", *fault);
        read_responses(root);
        const auto common = read_delivery(root.child("delivery"));
        read_accounts(root, common);
        read_retention(root.child("retention"));
        read_metrics(root.child("metrics"));
        read_log(root.child("log"));
    }

    void read_responses(section& root) {
        const auto named = root.read_text_or_empty("responses_file");
        if (named)
            settings_.responses_file = named->empty() ? std::filesystem::path() : files_.beside(*named);
        if (settings_.responses_file.empty()) return;
        const auto& path = settings_.responses_file;
        files_.note(path, "responses_file");
        const auto content = read_file(path, file_privacy::any, file_bytes_max);
        if (const auto* fault = std::get_if<file_fault>(&content)) {
            // The default file need not be there.
            if (named || !fault->absent) root.fault("responses_file", path.string() + " " + fault->message);
            return;
        }
        fault_list faults(path.string());
        settings_.delivery.file_responses = parse_responses(std::get<std::string>(content), faults);
        response_faults_ = faults.sorted();
    }

    environment_proxy proxy_of_environment() {
        environment_proxy result;
        if (environment_.https_proxy && !environment_.https_proxy->empty()) {
            const auto url = environment_proxy_url(*environment_.https_proxy);
            const auto proxy = parse_proxy(url);
            if (proxy)
                result.proxy = secret(url);
            else
                result.fault = proxy.error().sentence;
        }
        result.no_proxy = environment_.no_proxy.value_or("");
        return result;
    }

    void read_accounts(section& root, const account_settings& common) {
        auto accounts = root.child("accounts");
        if (accounts.entries().empty()) accounts.fault("needs at least one account");
        const auto proxy = proxy_of_environment();
        for (const auto& entry : accounts.entries()) {
            if (!is_account_name(entry.key))
                accounts.fault(entry.key,
                               "an account's name is 1 to 64 bytes without blanks and control characters");
            settings_.accounts[entry.key] =
                read_account(accounts.child(entry), entry.key, common, files_, proxy, checks_);
            refuse_shared_token_files(accounts, entry.key);
        }
    }

    // The queue would be written over what is there, or that be taken for a damaged queue.
    void refuse_shared_database(section& root) {
        files_.note(file_, std::string());
        if (const auto whose = files_.whose(settings_.database))
            root.fault("database", fault_of_other_use(*whose));
    }

    // Each use of a refresh token may void it for the other one.
    void refuse_shared_token_files(section& accounts, const std::string& name) {
        const auto& auth = settings_.accounts.at(name).auth;
        const auto claim = [&](const auth_settings& one, const std::string& whose) {
            if (one.refresh_token_file.empty()) return;
            const auto file = one.refresh_token_file.lexically_normal();
            const auto first = std::ranges::find_if(token_files_, [&](const auto& claimed) {
                std::error_code unseen;
                return claimed.first == file || std::filesystem::equivalent(claimed.first, file, unseen);
            });
            if (first == token_files_.end())
                token_files_.emplace(file, whose);
            else
                accounts.fault(name, "the refresh_token_file of " + whose + " belongs to " + first->second +
                                         " already: each needs a token of its own");
        };
        claim(auth, name);
        for (const auto& [agent, one] : auth.users)
            claim(one, name + ", user " + agent);
    }

    // What it says about every account's API comes back as an account to begin with.
    account_settings read_delivery(section from) {
        read_tries(from);
        account_settings common;
        auto breaker = from.child("breaker");
        breaker.read_number("failures", common.breaker.failures, 1, 10'000);
        breaker.read_duration("cool_off", common.breaker.cool_off, milliseconds(1),
                              common.breaker.cool_off_max);
        breaker.refuse_unknown_keys();
        from.read_duration("request_timeout", common.client.request_timeout, milliseconds(1), minutes(5));
        auto drain_seconds = static_cast<int>(settings_.delivery.drain / seconds(1));
        from.read_number("drain_seconds", drain_seconds, 0, 3600);
        settings_.delivery.drain = seconds(drain_seconds);
        from.read_duration("settle", settings_.delivery.settle, milliseconds(0), minutes(10));
        from.read_bool("follow_status", settings_.delivery.follow_status);
        from.refuse_unknown_keys();
        return common;
    }

    void read_tries(section& from) {
        auto& to = settings_.delivery.limits;
        from.read_number("attempts", to.attempts_max, 1, 100);
        auto backoff = from.child("backoff");
        backoff.read_duration("base", to.backoff.base, milliseconds(1), hours(1));
        to.backoff.max = std::max(to.backoff.max, to.backoff.base);
        backoff.read_duration("max", to.backoff.max, to.backoff.base, days(1));
        backoff.refuse_unknown_keys();
        constexpr std::array<std::string_view, 3> policies{"verify", "hold", "resend"};
        if (const auto policy = from.read_choice("unconfirmed", policies))
            to.doubt = static_cast<doubt_policy>(*policy);
    }

    void read_retention(section from) {
        constexpr auto most = days(3650);
        auto& to = settings_.delivery.retention;
        from.read_duration("sent", to.sent, milliseconds(0), most);
        from.read_duration("failed", to.failed, milliseconds(0), most);
        from.read_duration("attempts", to.attempts, milliseconds(0), most);
        from.refuse_unknown_keys();
    }

    void read_metrics(section from) {
        if (const auto listen = from.read_text_or_empty("listen")) {
            const auto place = parse_host_port(*listen);
            if (!listen->empty() && !place)
                from.fault("listen", "must be host:port, [IPv6]:port, or empty for none");
            else if (place && !place->is_address)
                from.fault("listen", "must be an address, not a name: 127.0.0.1:9464 for this machine alone, "
                                     "0.0.0.0:9464 for all who can reach it");
            settings_.metrics_listen = *listen;
        }
        from.read_bool("show_texts", settings_.metrics_show_texts);
        from.refuse_unknown_keys();
    }

    void read_log(section from) {
        constexpr std::array<std::string_view, 5> levels{"debug", "info", "notice", "warning", "error"};
        constexpr std::array<std::string_view, 2> formats{"logfmt", "json"};
        if (const auto level = from.read_choice("level", levels))
            settings_.level = static_cast<log_level>(*level);
        if (const auto format = from.read_choice("format", formats))
            settings_.format = static_cast<log_format>(*format);
        from.refuse_unknown_keys();
    }

    std::filesystem::path file_;
    const config_environment& environment_;
    const setting_checks& checks_;
    std::map<std::filesystem::path, std::string> token_files_; // whose they are
    named_files files_;
    fault_list faults_;
    std::vector<config_fault> response_faults_;
    settings settings_;
};

} // namespace

std::string to_line(const config_fault& fault) {
    const auto line = fault.line == 0 ? std::string() : std::to_string(fault.line) + ":";
    return fault.file + ":" + line + " " + fault.message;
}

std::variant<settings, std::vector<config_fault>> load_settings(const std::filesystem::path& file,
                                                                const config_environment& environment,
                                                                const setting_checks& checks) {
    return settings_reader(file, environment, checks).read();
}

} // namespace cannedd
