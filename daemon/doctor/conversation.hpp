// --doctor --conversation: one conversation as an account sees it, and what would become of a message on each
// route, and why. Reads it once and sends nothing.
#pragma once

#include "config/settings.hpp"
#include "doctor/report.hpp"
#include "genesys/conversation.hpp"
#include "log/logger.hpp"
#include "time/time_source.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace cannedd {

// What the account would do now; speaks_as_user: whose its own token is. Pure. Only what the account's
// default route cannot do is a `fail`.
void judge_conversation(const conversation& in, const account_settings& account, bool speaks_as_user,
                        wall_time now, doctor_report& report);

enum class conversation_sight : std::uint8_t { read, not_read, not_asked };

// private_directory: where the daemon keeps refresh tokens; an account that has one is not asked.
asio::awaitable<conversation_sight> examine_conversation(account_settings account,
                                                         std::string conversation_id,
                                                         std::filesystem::path private_directory,
                                                         time_source& time, logger& quiet,
                                                         doctor_report& report);

} // namespace cannedd
