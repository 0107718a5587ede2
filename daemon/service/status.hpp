// Gathers what the status line tells, and tells the service manager whenever it has changed.
#pragma once

#include "delivery/engine.hpp"
#include "metrics/endpoint.hpp"
#include "service/notifier.hpp"
#include "time/time_source.hpp"

#include <memory>
#include <string>

namespace cannedd {

class service_status {
public:
    // endpoint: null where there is none.
    service_status(engine& machine, const metrics_endpoint* endpoint, service_notifier& notifier,
                   time_source& time);

    // The last reload: refused, with why; or begun, and in force.
    void reload_refused(std::string why);
    void reload_begun();
    void reload_in_force(std::string restart_needed); // empty: no; else why

    std::string line();
    std::string last_line();     // when the engine has ended
    void ready();                // told at once, with READY=1
    asio::awaitable<void> run(); // until stop(); ends at once when no service manager listens
    void stop();

private:
    engine& engine_;
    const metrics_endpoint* endpoint_;
    service_notifier& notifier_;
    time_source& time_;
    std::unique_ptr<alarm> wake_;
    std::string refused_reload_;
    std::string restart_needed_;
    bool reload_waits_ = false;
    std::string told_;
    bool is_ready_ = false;
    bool stopping_ = false;
};

} // namespace cannedd
