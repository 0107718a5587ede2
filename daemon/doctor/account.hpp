// --doctor, one account: its token, and what the API lets it do. Asks only questions that change nothing.
#pragma once

#include "config/settings.hpp"
#include "doctor/report.hpp"
#include "log/logger.hpp"
#include "time/time_source.hpp"

#include <filesystem>

namespace cannedd {

asio::awaitable<void> examine_account(account_settings account, time_source& time, logger& quiet,
                                      doctor_report& report);

} // namespace cannedd
