// Where the newest refresh token of a grant is kept: a file of its own, 0600, in a directory 0700.
// Replaced so that no moment of a crash leaves us without one: the new token is written beside the old,
// synced, put in its place by rename, and the directory is synced. A crash in between leaves both, and load()
// returns both.
#pragma once

#include "log/secret.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

class refresh_token_store {
public:
    virtual ~refresh_token_store() = default;
    // What may be the newest token, likeliest first. Empty: none was ever kept.
    virtual std::vector<secret> load() = 0;
    // Durable when it returns nothing; else a sentence for the operator, and load() still has what it had.
    virtual std::optional<std::string> save(const secret& token) = 0;
};

// Called before each step on the disk, with its name: write, sync, rename, sync_directory. Tests crash here.
using step_hook = std::function<void(std::string_view step)>;

std::unique_ptr<refresh_token_store> make_refresh_token_file(std::filesystem::path file,
                                                             step_hook before_step = {});

} // namespace cannedd
