// --doctor --conversation: one conversation as an account sees it, and what would become of a message on each
// route, and why. Reads it once and sends nothing.
#pragma once

#include "config/settings.hpp"
#include "doctor/report.hpp"
#include "genesys/conversation.hpp"
#include "log/logger.hpp"
#include "time/time_source.hpp"

namespace cannedd {

// What the account would do now; speaks_as_user: whose its own token is. Pure. Only what the account's
// default route cannot do is a `fail`.
void judge_conversation(const conversation& in, const account_settings& account, bool speaks_as_user,
                        wall_time now, doctor_report& report);

// Whether the account's org knows the conversation.
asio::awaitable<bool> examine_conversation(account_settings account, std::string conversation_id,
                                           time_source& time, logger& quiet, doctor_report& report);

} // namespace cannedd
