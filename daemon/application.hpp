// The composition root: builds the rooms from the configuration, connects them on one thread, and ends them
// in order. Start: lock, open the database, register accounts, restore what their gates remember, verify what
// was in doubt, deliver. End (SIGTERM, SIGINT): claim nothing more, let attempts in flight finish, record,
// close the database, exit.
#pragma once

#include "command_line.hpp"
#include "config/settings.hpp"
#include "exit_code.hpp"

#include <memory>
#include <stdexcept>

namespace cannedd {

// The configuration is well formed, but this machine cannot do what it says: a port in use, a certificate
// that cannot be read.
class unusable_setting : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

class application {
public:
    // Throws unusable_setting, or std::runtime_error with a sentence for the operator when the environment
    // does not let it start.
    application(command asked, settings configured);
    ~application();

    exit_code run();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace cannedd
