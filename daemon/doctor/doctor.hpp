// --doctor: looks at everything the daemon depends on and changes nothing. One line each:
// `ok|warn|fail  what  why and what to do`.
#pragma once

#include "config/settings.hpp"

#include <filesystem>
#include <iosfwd>
#include <string>

namespace cannedd {

// 0, or 1 when a line says fail. conversation_id: only what would become of messages for it; empty: all but
// that.
int run_doctor(const settings& configured, const std::filesystem::path& config_file,
               const std::string& conversation_id, std::ostream& out);

} // namespace cannedd
