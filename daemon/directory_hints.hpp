// Tells by inotify that something was written in the database's directory. Only a hint (delivery/change_watch
// looks at the truth), so a machine that has no inotify instance left is served without.
#pragma once

#include "log/logger.hpp"
#include "time/time_source.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <filesystem>
#include <functional>

namespace cannedd {

class directory_hints {
public:
    directory_hints(asio::any_io_executor executor, const std::filesystem::path& directory, logger& log,
                    std::function<void()> on_hint);

    asio::awaitable<void> run(); // until stop()
    void stop();

private:
    std::function<void()> on_hint_;
    asio::posix::stream_descriptor events_;
};

} // namespace cannedd
