// From the configuration to what the engine is asked to serve.
#pragma once

#include "config/settings.hpp"
#include "delivery/account_plan.hpp"
#include "log/logger.hpp"
#include "time/time_source.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <vector>

namespace cannedd {

std::vector<account_plan> account_plans_of(const settings& configured, asio::any_io_executor executor,
                                           time_source& time, logger& log);

} // namespace cannedd
