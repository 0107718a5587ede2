// Whether the database works. While it does not, nothing new is claimed; when trouble that is not a
// neighbour's lock lasts 10 s, the daemon gives up (exit 74): it never goes on with a database that it cannot
// trust.
#pragma once

#include "log/logger.hpp"
#include "queue/store_fault.hpp"
#include "time/time_source.hpp"

#include <functional>
#include <optional>

namespace cannedd {

class store_health {
public:
    static constexpr seconds patience{10};
    // Trouble that has not shown itself for so long is over: a lock that lasts does not make it last.
    static constexpr seconds between_signs{2};
    static constexpr seconds between_reports{5};

    // give_up is called once, with the sentence for the operator; recovered when trouble is over.
    store_health(time_source& time, logger& log, std::function<void(const std::string&)> give_up,
                 std::function<void()> recovered);

    void failed(const store_fault& why);
    void worked();
    // Says that trouble is over, once it has not come back for a while. Not to be asked while the next write
    // may fail all the same: on a disk that is still full a small one passes now and then.
    void say_when_over();
    bool ok() const { return !since_; }
    bool given_up() const { return given_up_; }
    const std::string& trouble() const { return trouble_; } // in words, while it is not ok
    // How long to wait before the next try: a lock is short, a full disk is not.
    milliseconds pause_before_retry() const;

private:
    void report(const store_fault& why, steady_time now);
    void watch_serious(const store_fault& why, steady_time now);

    time_source& time_;
    logger& log_;
    std::function<void(const std::string&)> give_up_;
    std::function<void()> recovered_;
    std::optional<steady_time> since_;
    std::optional<steady_time> unsaid_; // since when there was the trouble whose end nobody was told
    steady_time over_at_{};
    std::optional<steady_time> serious_since_;
    steady_time serious_seen_{};
    steady_time reported_at_{};
    std::string trouble_;
    int failures_ = 0;
    bool given_up_ = false;
};

} // namespace cannedd
