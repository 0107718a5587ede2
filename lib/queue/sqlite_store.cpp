#include "queue/sqlite_store.hpp"

#include "log/logger.hpp"
#include "queue/accounts.hpp"
#include "queue/changes.hpp"
#include "queue/claims.hpp"
#include "queue/disk_room.hpp"
#include "queue/fault.hpp"
#include "queue/file_watch.hpp"
#include "queue/log_index.hpp"
#include "queue/maintenance.hpp"
#include "queue/opening.hpp"
#include "queue/operator_changes.hpp"
#include "queue/readback.hpp"
#include "queue/wal_rewrite.hpp"

#include <sqlite3.h>

namespace cannedd {
namespace sql {

const text probe_begin{"probe_begin", "INSERT OR IGNORE INTO own_writes (one) VALUES (1)"};
const text probe_end{"probe_end", "DELETE FROM own_writes"};
const text lane_turns_forget{"lane_turns_forget", R"(
UPDATE lanes SET served_at = ?1, turn_at = max(ready_at, ?1) WHERE served_at > ?1)"};

} // namespace sql

namespace {

constexpr int held_per_commit = 150;

class one_snapshot final : public one_moment {
public:
    explicit one_snapshot(database& db) : reading_(db) {}

private:
    read_transaction reading_;
};

class sqlite_store final : public message_store {
public:
    sqlite_store(std::unique_ptr<database> db, const store_settings& settings)
        : db_(std::move(db))
        , directory_(settings.vfs == nullptr ? std::filesystem::absolute(settings.database).parent_path()
                                             : std::filesystem::path())
        , watch_(*db_, settings.database, settings.vfs == nullptr)
        , latest_turn_(milliseconds(db_->number("SELECT coalesce(max(served_at), 0) FROM lanes")))
        , operators_(*db_) {}

    std::unique_ptr<one_moment> read_at_one_moment() override { return std::make_unique<one_snapshot>(*db_); }
    store_result<std::vector<due_lane>> due(const std::string& account, wall_time now, std::size_t limit,
                                            turn which) override {
        return guarded([&] { return due_lanes(*db_, account, now, latest_turn_, limit, which); });
    }
    store_result<std::optional<message>> load(std::int64_t id) override {
        return guarded([&] { return load_pending(*db_, id); });
    }
    store_result<std::optional<wall_time>> next_due(const std::string& account, wall_time now) override {
        return guarded([&] { return next_ready(*db_, account, now, latest_turn_); });
    }
    store_result<int> hold_unknown_accounts(wall_time) override {
        return writing([&] { return keep(hold_unknown(*db_, registered_, held_per_commit)); });
    }
    store_result<int> expire(wall_time now, int limit) override {
        return writing([&] { return keep(expire_messages(*db_, now, limit)); });
    }
    store_result<std::optional<wall_time>> next_expiry() override {
        return guarded([&] { return cannedd::next_expiry(*db_); });
    }

    store_result<std::vector<bool>> apply(std::span<const change> changes) override {
        return writing([&] { return write_all(changes); });
    }

    std::set<std::string> take_who_came_first() override { return std::exchange(came_first_, {}); }

    std::vector<set_aside_row> take_set_aside() override { return std::exchange(set_aside_, {}); }

    store_result<std::vector<operator_change>> take_operator_changes() override {
        return guarded([&] { return operators_.take(); });
    }

    store_result<std::vector<interrupted_message>> interrupted() override {
        return guarded([&] { return read_interrupted(*db_); });
    }
    store_result<std::vector<std::string>> owned(std::span<const std::string> remote_message_ids) override {
        return guarded([&] { return owned_of(*db_, remote_message_ids); });
    }
    store_result<std::vector<spoken_message>> spoken(const std::string& sent_to,
                                                     wall_time named_since) override {
        return guarded([&] { return read_spoken(*db_, sent_to, named_since); });
    }
    store_result<std::optional<wall_time>> first_doubt(std::int64_t message_id) override {
        return guarded([&] { return first_doubt_of(*db_, message_id); });
    }
    store_result<int> answers(std::int64_t message_id, int attempts, int http_status) override {
        return guarded([&] { return answers_of(*db_, message_id, attempts, http_status); });
    }
    store_result<std::vector<std::int64_t>> unproven(const std::string& account,
                                                     wall_time planned_after) override {
        return guarded([&] { return unproven_ids(*db_, account, planned_after); });
    }
    store_result<std::optional<unproven_message>> load_unproven(std::int64_t id) override {
        return guarded([&] { return read_unproven(*db_, id); });
    }
    store_result<std::vector<followed_message>> followed(const std::string& account,
                                                         std::size_t limit) override {
        return guarded([&] { return next_followed(account, limit); });
    }

    store_result<bool> register_accounts(std::span<const account_registration> known) override {
        return writing([&] {
            register_in_accounts(*db_, known);
            registered_.clear();
            for (const auto& it : known)
                registered_.insert(it.account);
            size_cache(*db_, known.size());
            return true;
        });
    }
    store_result<int> fill_expiries(int limit) override {
        return writing([&] { return fill_missing_expiries(*db_, limit); });
    }
    store_result<std::set<std::string>> paused_accounts() override {
        return guarded([&] {
            const auto names = paused_account_names(*db_);
            return std::set<std::string>(names.begin(), names.end());
        });
    }
    store_result<std::vector<std::string>> pending_accounts() override {
        return guarded([&] { return pending_account_names(*db_); });
    }
    store_result<std::vector<account_row>> accounts() override {
        return guarded([&] { return read_accounts(*db_); });
    }
    store_result<std::optional<std::string>> response(const std::string& name) override {
        return guarded([&] { return read_response(*db_, name); });
    }

    store_result<std::vector<status_count>> counts() override {
        return guarded([&] { return read_counts(*db_, registered_); });
    }
    store_result<std::optional<wall_time>> oldest_undelivered(const std::string& account,
                                                              wall_time now) override {
        return guarded([&] { return oldest_undelivered_message(*db_, account, now); });
    }
    store_result<std::optional<wall_time>> oldest_due(const std::string& account, wall_time now) override {
        return guarded([&] { return oldest_due_message(*db_, account, now); });
    }
    store_result<rest_of_work> work_left(wall_time horizon) override {
        return guarded([&] { return read_rest_of_work(*db_, horizon); });
    }

    store_result<std::int64_t> data_version() override {
        return guarded([&] { return data_version_of(*db_); });
    }
    store_result<bool> check_file() override {
        if (damaged_) return *damaged_;
        return guarded([&] {
            if (auto fault = watch_.check()) throw found_fault(std::move(*fault));
            return true;
        });
    }
    store_result<checkpoint_report> checkpoint(log_room room) override {
        return writing([&] { return truncate_wal(*db_, room); });
    }
    std::int64_t wal_bytes() override { return wal_bytes_of(*db_); }
    bool room_is_scarce() override {
        if (directory_.empty()) return false;
        const auto left = room_in(directory_);
        return left && is_scarce(*left);
    }
    store_result<int> purge(wall_time now, const retention_limits& limits, int slice_rows) override {
        return writing([&] {
            const int gone = purge_slice(*db_, now, limits, slice_rows);
            if (gone > 0) watch_.purged();
            return gone;
        });
    }

private:
    // The room's border: inside, SQLite's complaints are exceptions.
    template<typename Ask>
    auto guarded(Ask&& ask) -> store_result<decltype(ask())> {
        try {
            return ask();
        } catch (const sqlite_error& error) {
            if (error.extended_code() == SQLITE_IOERR_FSYNC) log_may_have_a_hole_ = true;
            auto fault = to_fault(error);
            // One page makes no sense: of the others nobody knows, also when the next read goes well.
            if (fault.kind == store_trouble::corrupt) damaged_ = fault;
            return fault;
        } catch (const found_fault& found) {
            return found.fault();
        }
    }
    // Nothing is committed behind a hole in the log.
    template<typename Ask>
    auto writing(Ask&& ask) -> store_result<decltype(ask())> {
        if (damaged_) return *damaged_;
        return guarded([&] {
            if (log_may_have_a_hole_) rewrite_wal(*db_);
            log_may_have_a_hole_ = false;
            return ask();
        });
    }

    std::vector<bool> write_all(std::span<const change> changes) {
        write_transaction transaction(*db_);
        if (auto fault = watch_.check_at_commit()) throw found_fault(std::move(*fault));
        if (changes.empty()) write_nothing();
        bookkeeping kept(*db_);
        wall_time latest = latest_turn_;
        std::int64_t attempt = 0, attempt_of = 0;
        std::vector<bool> applied;
        applied.reserve(changes.size());
        for (const auto& what : changes) {
            if (const auto* const marked = std::get_if<mark>(&what)) {
                // The clock was set back: turns of the future would put their lanes behind all others until
                // it comes.
                if (marked->now < latest) db_->use(sql::lane_turns_forget).with(marked->now).run();
                latest = marked->now;
            }
            applied.push_back(write_change(*db_, kept, what));
            if (const auto* const marked = std::get_if<mark>(&what); marked != nullptr && applied.back()) {
                attempt = sqlite3_last_insert_rowid(db_->handle());
                attempt_of = marked->message_id;
            }
        }
        kept.settle();
        transaction.commit();
        came_first_.insert(kept.came_first().begin(), kept.came_first().end());
        keep(kept.set_aside());
        latest_turn_ = latest;
        if (attempt != 0) watch_.wrote_attempt(attempt, attempt_of);
        return applied;
    }

    // For take_set_aside(); how many they are.
    int keep(const std::vector<set_aside_row>& rows) {
        set_aside_.insert(set_aside_.end(), rows.begin(), rows.end());
        return static_cast<int>(rows.size());
    }

    // A commit that changes no page would not touch the disk, and show nothing of it.
    void write_nothing() {
        db_->use(sql::probe_begin).run();
        db_->use(sql::probe_end).run();
    }

    // Goes round, so that rows which never come to an end do not hide the later ones.
    std::vector<followed_message> next_followed(const std::string& account, std::size_t limit) {
        auto& last = last_followed_[account];
        auto found = read_followed(*db_, account, last, limit);
        if (found.empty() && last != 0) found = read_followed(*db_, account, 0, limit);
        last = found.empty() ? 0 : found.back().id;
        return found;
    }

    std::unique_ptr<database> db_;
    std::filesystem::path directory_;    // empty: the file lies in a VFS of a test's own
    bool log_may_have_a_hole_ = true;    // what syncs failed before, nobody knows
    std::optional<store_fault> damaged_; // never to be mended under us
    file_watch watch_;
    std::set<std::string> came_first_;
    std::vector<set_aside_row> set_aside_;
    wall_time latest_turn_;
    operator_changes operators_;
    std::set<std::string> registered_;
    std::map<std::string, std::int64_t> last_followed_;
};

} // namespace

std::unique_ptr<message_store> open_sqlite_store(const store_settings& settings, logger& log) {
    return std::make_unique<sqlite_store>(open_queue(settings, log), settings);
}

void use_sqlite_from_one_thread_only() {
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

std::string sqlite_library_version() {
    return sqlite3_libversion();
}

} // namespace cannedd
