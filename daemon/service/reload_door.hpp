// Where --reload asks a running daemon to read its configuration again, and hears what became of it: a socket
// without a file (an abstract address that names the process). Only its own user and root are heard.
#pragma once

#include "log/logger.hpp"
#include "time/time_source.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace cannedd {

// What is answered, in the first word: in_force (then why it needs a restart all the same, if it does),
// refused (then why, a fault a line), waits (for the database).
inline constexpr std::string_view reload_in_force = "in_force";
inline constexpr std::string_view reload_refused = "refused";
inline constexpr std::string_view reload_waits = "waits";

std::string reload_address(pid_t daemon);

class reload_door {
public:
    using told = std::function<void(std::string answer)>;
    // reload(told): reads the configuration again; tells once it is known what became of it.
    reload_door(asio::any_io_executor executor, time_source& time, logger& log,
                std::function<void(told)> reload);

    asio::awaitable<void> run(); // until stop()
    void stop();

private:
    struct visit;
    asio::awaitable<void> serve(std::shared_ptr<visit> one);

    asio::any_io_executor executor_;
    time_source& time_;
    logger& log_;
    std::function<void(told)> reload_;
    asio::local::stream_protocol::acceptor acceptor_;
    std::vector<std::shared_ptr<visit>> visits_;
    bool stopping_ = false;
};

} // namespace cannedd
