// Reads `auth` of an account, and of an agent under `users`: which grant, and exactly the keys that this
// grant takes.
#pragma once

#include "config/named_files.hpp"
#include "config/section.hpp"
#include "config/settings.hpp"

namespace cannedd {

// token_url: to which assertions are addressed.
auth_settings read_auth(section from, named_files& files, const std::string& token_url,
                        const setting_checks& checks);

} // namespace cannedd
