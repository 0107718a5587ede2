// Opens the database although something is in the way for the moment: a producer's lock, a disk that fails.
#pragma once

#include "log/logger.hpp"
#include "queue/sqlite_store.hpp"
#include "time/time_source.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace cannedd {

// Tries again for 10 s, and says so. Throws std::runtime_error with a sentence for the operator.
std::unique_ptr<message_store> open_store_patiently(const store_settings& where, const time_source& time,
                                                    logger& log);

// What shows that there was a queue before (store_settings::earlier_life); empty: nothing does.
std::string earlier_life_of(const std::filesystem::path& database, bool lock_remembers);

} // namespace cannedd
