// Notices within milliseconds that another process has committed. A hint (inotify on the database's
// directory, where there is one) is only a hint: it fires when the log is written, the commit becomes visible
// a little later, and a hint may be lost. The truth is the store's data_version, looked at for a short while
// after a hint, ever more slowly, and on a slow tick without one. Our own writes give hints as well: those
// that leave the log as long as our last commit did are taken for ours, and looked after slowly.
#pragma once

#include "queue/message_store.hpp"
#include "time/time_source.hpp"

#include <functional>
#include <memory>

namespace cannedd {

class change_watch {
public:
    change_watch(message_store& store, time_source& time, std::function<void()> on_commit);

    asio::awaitable<void> run(); // until stop()
    void hint();
    void committed(); // we have
    void stop();

private:
    bool changed();
    bool somebody_writes();
    asio::awaitable<void> look_closely();

    message_store& store_;
    time_source& time_;
    std::function<void()> on_commit_;
    std::unique_ptr<alarm> hinted_;
    std::unique_ptr<alarm> pace_;
    std::int64_t version_ = 0;
    std::int64_t own_bytes_ = 0; // of the log, after our last commit
    bool is_news_ = false;       // a hint came since the last look
    bool hints_come_ = false;
    bool stopping_ = false;
};

} // namespace cannedd
