// Reads the configuration again while cannedd runs. A faulty one changes nothing; a good one takes effect as
// a whole, under a busy database as soon as it is not.
#pragma once

#include "config/settings.hpp"
#include "delivery/engine.hpp"
#include "metrics/metrics.hpp"
#include "service/notifier.hpp"
#include "service/reload_door.hpp"
#include "service/status.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <string>

namespace cannedd {

class reloading {
public:
    struct surroundings {
        std::filesystem::path file;
        settings& configured; // what is in force
        engine& machine;
        metrics& numbers;
        service_status& status;
        service_notifier& notifier;
        boost::asio::any_io_executor executor;
        time_source& time;
        logger& log;
    };
    explicit reloading(surroundings around) : around_(std::move(around)) {}

    // told: what became of it, once that is known.
    void read_again(const reload_door::told& told);
    // From now on nothing is read again, and this is why.
    void close(std::string why) { closed_ = std::move(why); }

private:
    void refuse(const std::string& why, const reload_door::told& told);
    void apply(settings fresh, const reload_door::told& told);
    void take_effect(settings fresh, int asked, const reload_door::told& told);
    std::string restart_needed() const; // empty: no

    surroundings around_;
    std::string closed_;
    int asked_ = 0;
    int last_refused_ = 0; // of those that were asked
};

} // namespace cannedd
