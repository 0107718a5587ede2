#include "doctor.hpp"

#include "doctor_account.hpp"
#include "doctor_disk.hpp"
#include "exit_code.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace cannedd {

int run_doctor(const settings& configured, std::ostream& out) {
    doctor_report report(out);
    report.ok("cannedd", CANNEDD_VERSION);
    report.ok("configuration", std::to_string(configured.accounts.size()) + " account(s)");
    examine_disk(configured.database, report);
    asio::io_context context(1);
    const auto time = make_system_time(context.get_executor());
    logger quiet(log_level::error, nullptr);
    for (const auto& [name, account] : configured.accounts) {
        auto rethrow = [](const std::exception_ptr& failure) {
            if (failure) std::rethrow_exception(failure);
        };
        asio::co_spawn(context, examine_account(account, *time, quiet, report), rethrow);
        context.restart();
        context.run(); // one after the other: the lines of an account stay together
    }
    return static_cast<int>(report.failed() ? exit_code::doctor_failed : exit_code::done);
}

} // namespace cannedd
