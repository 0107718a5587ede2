// The composition root: the engine on one thread, with signals, files and the service manager around it.
// SIGTERM and SIGINT end it, SIGHUP reads the configuration again.
#pragma once

#include "command_line.hpp"
#include "config/settings.hpp"
#include "exit_code.hpp"
#include "queue/sqlite_store.hpp"

#include <memory>
#include <stdexcept>

namespace cannedd {

// The configuration is well formed, but what it names cannot be used: a certificate that cannot be read.
class unusable_setting : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

class application {
public:
    // lock: of the configured database. Waits 10 s at most for a database that cannot be opened now. Throws
    // unusable_setting, or std::runtime_error with a sentence for the operator when the environment does not
    // let it start.
    application(command asked, settings configured, database_lock& lock);
    ~application();

    exit_code run();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace cannedd
