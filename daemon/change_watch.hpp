// Notices within milliseconds that another process has committed. inotify on the database's directory is only
// a hint: it fires when the log is written, the commit becomes visible a little later, and a hint may be
// lost. The truth is the store's data_version, polled for a short while after a hint and on a slow tick
// without one.
#pragma once

#include "queue/message_store.hpp"
#include "time/time_source.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <filesystem>
#include <functional>
#include <memory>

namespace cannedd {

class change_watch {
public:
    change_watch(asio::any_io_executor executor, message_store& store, time_source& time,
                 const std::filesystem::path& directory, std::function<void()> on_commit);

    asio::awaitable<void> listen(); // for hints; until stop()
    asio::awaitable<void> poll();   // for the truth; until stop()
    void stop();

private:
    bool changed();

    message_store& store_;
    time_source& time_;
    std::function<void()> on_commit_;
    asio::posix::stream_descriptor hints_;
    std::unique_ptr<alarm> hinted_;
    std::int64_t version_ = 0;
    bool stopping_ = false;
};

} // namespace cannedd
