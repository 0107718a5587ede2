// --doctor: what the API lets an account do, asked by questions that change nothing.
#pragma once

#include "config/settings.hpp"
#include "doctor/report.hpp"
#include "genesys/api_caller.hpp"

namespace cannedd {

// What an operator is told of it.
std::string words_of(const setback& why);

// One line for each permission that the account's route or its rows may need. speaks_as_user: whose token
// asks.
asio::awaitable<void> examine_permissions(api_caller& caller, const account_settings& account,
                                          bool speaks_as_user, doctor_report& report);

} // namespace cannedd
