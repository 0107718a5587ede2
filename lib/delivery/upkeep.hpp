// What must happen beside delivery: rows expire, a clock that is set back freezes none, the write-ahead log
// is cut (by us alone), finished rows are deleted after their retention, the file and its disk are watched,
// and trouble of the database is noticed to be over.
#pragma once

#include "delivery/context.hpp"
#include "delivery/row_lines.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace cannedd {

class upkeep {
public:
    // on_change is called when rows changed that delivery may have waited for.
    upkeep(delivery_context& context, std::function<void()> on_change);

    asio::awaitable<void> run(); // until stop()
    void stop();
    // Accounts were registered: rows that came before them have no expiry yet.
    void look_at_new_accounts();
    // Another process has committed: what people did to rows is told.
    void tell_operator_changes();
    // Somebody has committed: the log may have become long.
    void committed();
    void others_committed();
    std::int64_t wal_bytes() const { return wal_bytes_; }

private:
    bool look(); // whether the log was cut, as checkpoint()
    asio::awaitable<void> breathe();
    void check_health();
    void hold_unknown(wall_time now);
    void try_the_disk(steady_time moment);
    void watch_clock();
    void make_due_again(wall_time now);
    void expire(wall_time now);
    void tell_set_aside();
    std::vector<set_aside_row> take_set_aside();
    void fill_expiries();
    bool checkpoint(steady_time now);
    std::optional<log_room> worth_cutting(steady_time now);
    bool wal_is_long(std::int64_t bytes) const;
    std::int64_t too_long() const;
    void purge(wall_time now, steady_time moment);
    template<typename T>
    bool worked(const store_result<T>& answer);

    delivery_context& context_;
    std::function<void()> on_change_;
    std::unique_ptr<alarm> wake_;
    row_lines set_aside_;
    bool stopping_ = false;
    std::int64_t wal_bytes_ = 0;
    bool log_keeps_room_ = false;
    bool rung_meanwhile_ = false; // while we breathed
    steady_time told_at_{};
    steady_time disk_tried_at_{};
    steady_time wal_grew_at_{};
    steady_time checkpointed_at_{};
    steady_time blocked_since_{};
    steady_time blocked_reported_at_{};
    steady_time purged_at_{};
    std::int64_t held_ = 0; // of unknown accounts, in slices; not told yet
    bool purge_more_ = false;
    bool fill_more_ = true;                    // after a start, accounts that are new may have rows already
    std::optional<milliseconds> clock_ahead_;  // wall less steady, when last seen
    std::optional<wall_time> due_again_after_; // set: rows due later are to be made due
};

} // namespace cannedd
