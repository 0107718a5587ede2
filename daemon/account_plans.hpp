// From the configuration to what the engine is asked to serve.
#pragma once

#include "config/settings.hpp"
#include "delivery/account_plan.hpp"
#include "log/logger.hpp"
#include "time/time_source.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <map>
#include <string>
#include <vector>

namespace cannedd {

std::vector<account_plan> account_plans_of(const settings& configured, asio::any_io_executor executor,
                                           time_source& time, logger& log);

// When the certificates that accounts sign their assertions with expire, the first of each account.
std::map<std::string, wall_time> certificates_of(const settings& configured);

} // namespace cannedd
