#include "running_daemon.hpp"

#include <sqlite3.h>

#include <array>
#include <cstdio>
#include <stdexcept>

#include <sys/stat.h>

namespace cannedd {

const char* const fast_delivery =
    "delivery: {settle: 60ms, follow_status: false, request_timeout: 4m, backoff: {base: 20ms, max: 200ms}, "
    "breaker: {failures: 100, cool_off: 50ms}}\n";
const char* const wide_rates = "    rate: {requests_per_minute: 100000, burst: 10000}\n"
                               "    conversation_rate: {messages_per_minute: 60000, burst: 1000}\n";

simulator_options unlimited_org() {
    simulator_options options;
    options.plan = "rate: {limit: 1000000}\n";
    return options;
}

std::string uuid(char kind, int number) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%c0000000-0000-4000-8000-%012d", kind, number);
    return text.data();
}

std::string running_daemon::account(const simulator& genesys, const std::string& name,
                                    const std::string& more, const std::string& secret_file) {
    return "  " + name + ":\n    api_url: " + genesys.url() + "\n    login_url: " + genesys.url() +
           "\n    ca_file: " + genesys.ca_file() +
           "\n    auth: {grant: client_credentials, client_id: " + simulator::client_id +
           ", client_secret_file: " + secret_file + "}\n" + more;
}

running_daemon::running_daemon(simulator& genesys, const std::string& more, const std::string& accounts) {
    const auto secret = directory_.write("client_secret", simulator::client_secret);
    ::chmod(secret.c_str(), 0600);
    const auto wrong = directory_.write("wrong_secret", "wrong");
    ::chmod(wrong.c_str(), 0600);
    directory_.write("cannedd.yaml",
                     "database: " + database().string() + "\naccounts:\n" +
                         (accounts.empty() ? account(genesys, "default") : accounts) + more +
                         (more.find("metrics:") == std::string::npos ? "metrics: {listen: ''}\n" : ""));
    const auto made = run({"--init"});
    if (made.status.code != 0) throw std::runtime_error("--init: " + made.errors);
    if (sqlite3_open(database().c_str(), &producer_) != SQLITE_OK)
        throw std::runtime_error("cannot open the database");
    sqlite3_busy_timeout(producer_, static_cast<int>(patience.count()));
}

running_daemon::~running_daemon() {
    sqlite3_close(producer_);
}

finished_process running_daemon::run(std::vector<std::string> arguments) {
    process_options options;
    options.arguments = std::move(arguments);
    options.arguments.insert(options.arguments.end(), {"--config", config().string()});
    return run_process(CANNEDD_BINARY, std::move(options));
}

void running_daemon::begin(process_options options) {
    options.arguments = {"--config", config().string()};
    process_ = std::make_unique<child_process>(CANNEDD_BINARY, std::move(options));
}

void running_daemon::start(process_options options) {
    begin(std::move(options));
    process_->wait_for_error_line("msg=\"ready\"");
}

exit_status running_daemon::stop() {
    return process_->terminate();
}
void running_daemon::kill() {
    process_->kill();
}

void running_daemon::sql(const std::string& statement) {
    char* error = nullptr;
    if (sqlite3_exec(producer_, statement.c_str(), nullptr, nullptr, &error) == SQLITE_OK) return;
    const std::string words = error != nullptr ? error : "unknown";
    sqlite3_free(error);
    throw std::runtime_error(words);
}

std::vector<std::string> running_daemon::column(const std::string& query) {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(producer_, query.c_str(), -1, &prepared, nullptr) != SQLITE_OK)
        throw std::runtime_error(sqlite3_errmsg(producer_));
    std::vector<std::string> values;
    while (sqlite3_step(prepared) == SQLITE_ROW) {
        const auto* text = sqlite3_column_text(prepared, 0);
        values.emplace_back(text != nullptr ? reinterpret_cast<const char*>(text) : "NULL");
    }
    sqlite3_finalize(prepared);
    return values;
}

std::string running_daemon::value(const std::string& query) {
    const auto values = column(query);
    return values.empty() ? "none" : values.front();
}

void running_daemon::wait_for(const std::string& query, const std::string& answer,
                              std::chrono::milliseconds within) {
    std::string last;
    const auto is_so = [&] {
        if (process_) process_->errors(); // read, or a daemon that tells much waits for room in the pipe
        return (last = value(query)) == answer;
    };
    try {
        eventually(is_so, query, within);
    } catch (const std::exception& late) {
        std::string rest = "\nlast answer: " + last + ", not " + answer + "\n";
        for (const auto& row :
             column("SELECT id||' '||status||' '||coalesce(error,'')||' '||coalesce(error_detail,'') FROM "
                    "messages WHERE status NOT IN ('sent') LIMIT 20"))
            rest += row + '\n';
        throw std::runtime_error(late.what() + rest + process_->errors());
    }
}

} // namespace cannedd
