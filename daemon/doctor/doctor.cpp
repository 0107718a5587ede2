#include "doctor/doctor.hpp"

#include "doctor/account.hpp"
#include "doctor/conversation.hpp"
#include "doctor/disk.hpp"
#include "doctor/secrets.hpp"
#include "exit_code.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <set>

namespace cannedd {

namespace {

// Runs each account's part to its end before the next begins, so that its lines stay together.
template<typename Part>
void each_account(const settings& configured, Part part) {
    asio::io_context context(1);
    const auto time = make_system_time(context.get_executor());
    logger quiet(log_level::error, nullptr);
    for (const auto& [name, account] : configured.accounts) {
        part(context, account, *time, quiet);
        context.restart();
        context.run();
    }
}

void rethrow(const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
}

void examine_everything(const settings& configured, const std::filesystem::path& config_file,
                        doctor_report& report) {
    report.ok("cannedd", CANNEDD_VERSION);
    report.ok("configuration", std::to_string(configured.accounts.size()) + " account(s)");
    std::set<std::string> names;
    for (const auto& [name, account] : configured.accounts)
        names.insert(name);
    examine_disk(configured.database, names, report);
    examine_secrets(configured, config_file, report);
    each_account(configured, [&](asio::io_context& context, const account_settings& account,
                                 time_source& time, logger& quiet) {
        asio::co_spawn(context, examine_account(account, time, quiet, report), rethrow);
    });
}

void examine_one(const settings& configured, const std::string& conversation_id, doctor_report& report) {
    bool settled = false; // read, or left unasked: then nothing is known against it
    const auto private_directory = configured.database.parent_path() / "private";
    each_account(configured, [&](asio::io_context& context, const account_settings& account,
                                 time_source& time, logger& quiet) {
        asio::co_spawn(context,
                       examine_conversation(account, conversation_id, private_directory, time, quiet, report),
                       [&settled](const std::exception_ptr& failure, conversation_sight sight) {
                           rethrow(failure);
                           settled = settled || sight != conversation_sight::not_read;
                       });
    });
    if (!settled)
        report.fail("conversation", conversation_id +
                                        ": no account could read it; check the id, the account's "
                                        "region and the client's divisions");
}

} // namespace

int run_doctor(const settings& configured, const std::filesystem::path& config_file,
               const std::string& conversation_id, std::ostream& out) {
    doctor_report report(out);
    if (conversation_id.empty())
        examine_everything(configured, config_file, report);
    else
        examine_one(configured, conversation_id, report);
    return static_cast<int>(report.failed() ? exit_code::doctor_failed : exit_code::done);
}

} // namespace cannedd
