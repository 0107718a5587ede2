#include "enqueue.hpp"

#include "intake/row_reader.hpp"
#include "intake_progress.hpp"
#include "queue/producer.hpp"
#include "queue/sqlite_store.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <stdexcept>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace cannedd {
namespace {

constexpr std::size_t rows_per_transaction = 500;
// All of them are one transaction, and everybody else waits for it.
constexpr std::size_t rows_of_atomic_max = 100'000;
constexpr seconds lock_patience{60};

bool more_is_there() {
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    return ::poll(&input, 1, 0) > 0;
}

class enqueuing {
public:
    enqueuing(const command& asked, const std::filesystem::path& database, const time_source& time)
        : atomic_(asked.atomic)
        , time_(time)
        , reader_(asked.csv ? read_csv() : read_json_lines())
        , progress_(time)
        , queue_(open(database)) {}

    exit_code run() {
        try {
            put_in_everything();
        } catch (...) {
            tell_refusals();
            progress_.end();
            std::cout << counts() << ": "
                      << (last_line_ == 0 ? "nothing was inserted"
                                          : "nothing after line " + std::to_string(last_line_))
                      << std::endl;
            throw;
        }
        progress_.end();
        std::cout << counts() << (nothing_done_ ? ": nothing was inserted" : "") << std::endl;
        return refused_ > 0 ? exit_code::refused : exit_code::done;
    }

private:
    std::string counts() const {
        return "enqueued " + std::to_string(inserted_) + ", already there " + std::to_string(known_) +
               ", refused " + std::to_string(refused_);
    }

    void put_in_everything() {
        std::array<char, 65536> bytes{};
        while (!reader_->hopeless()) {
            if (!atomic_ && !more_is_there()) put_in(); // nobody waits for a row that is still to come
            const auto count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) throw std::runtime_error(std::string("standard input: ") + std::strerror(errno));
            if (count == 0) break;
            progress_.read(count);
            reader_->feed(std::string_view(bytes.data(), static_cast<std::size_t>(count)), rows_);
            if (atomic_ && rows_.size() > rows_of_atomic_max)
                throw std::runtime_error(
                    "--atomic takes " + std::to_string(rows_of_atomic_max) +
                    " rows at most, and nothing was inserted: leave it out, with dedup_key "
                    "what is repeated does nothing");
            if (!atomic_)
                while (rows_.size() >= rows_per_transaction)
                    put_in();
        }
        reader_->finish(rows_);
        if (atomic_) {
            put_in_all();
        } else {
            while (!rows_.empty())
                put_in();
        }
    }

    // Tells of those that are none, and keeps the others.
    std::vector<producer_row> take(std::size_t most, std::vector<std::int64_t>& lines) {
        std::vector<producer_row> good;
        std::size_t taken = 0;
        for (; taken < rows_.size() && good.size() < most; ++taken) {
            auto& it = rows_.at(taken);
            if (const auto* why = std::get_if<std::string>(&it.row)) {
                refuse(it.line, *why);
                continue;
            }
            lines.push_back(it.line);
            good.push_back(std::move(std::get<producer_row>(it.row)));
        }
        rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(taken));
        return good;
    }

    void refuse(std::int64_t line, std::string why) {
        ++refused_;
        refusals_.emplace_back(line, std::move(why));
    }

    // What is no row was known before the schema refused one that stands above it.
    void tell_refusals() {
        std::sort(refusals_.begin(), refusals_.end());
        if (!refusals_.empty()) progress_.clear();
        for (const auto& [line, why] : refusals_)
            std::cerr << "line " << line << ": " << why << '\n';
        refusals_.clear();
    }

    void put_in() {
        std::vector<std::int64_t> lines;
        const auto good = take(rows_per_transaction, lines);
        if (!good.empty()) count(insert(good, false), lines);
        if (!lines.empty()) last_line_ = lines.back();
        tell_refusals();
        progress_.show(inserted_ + known_ + refused_);
    }

    void put_in_all() {
        std::vector<std::int64_t> lines;
        const auto good = take(rows_.size(), lines);
        const bool any_is_none = refused_ > 0;
        // The schema has its say about the others all the same.
        const auto done = good.empty() ? std::vector<producer::outcome>() : insert(good, true, any_is_none);
        count(done, lines);
        tell_refusals();
        nothing_done_ = refused_ > 0;
        if (nothing_done_) inserted_ = known_ = 0;
    }

    void count(const std::vector<producer::outcome>& done, const std::vector<std::int64_t>& lines) {
        for (std::size_t at = 0; at < done.size(); ++at) {
            switch (done.at(at).what) {
            case producer::outcome::kind::inserted: ++inserted_; break;
            case producer::outcome::kind::known: ++known_; break;
            case producer::outcome::kind::refused: refuse(lines.at(at), done.at(at).why); break;
            }
        }
    }

    template<typename Work>
    auto patiently(Work work) {
        const auto until = time_.steady() + lock_patience;
        while (true) {
            try {
                return work();
            } catch (const store_not_available& busy) { // SQLite has waited already
                if (time_.steady() >= until) throw;
                if (!std::exchange(said_it_waits_, true))
                    std::cerr << "cannedd: " << busy.what() << ": it is waited for\n";
            }
        }
    }

    std::vector<producer::outcome> insert(const std::vector<producer_row>& rows, bool all_or_none,
                                          bool only_look = false) {
        return patiently([&] {
            const auto how = only_look     ? producer::mode::look
                             : all_or_none ? producer::mode::all_or_none
                                           : producer::mode::each;
            return queue_->insert(rows, how);
        });
    }

    std::unique_ptr<producer> open(const std::filesystem::path& database) {
        return patiently([&] { return std::make_unique<producer>(database); });
    }

    bool atomic_;
    const time_source& time_;
    std::unique_ptr<row_reader> reader_;
    intake_progress progress_;
    bool said_it_waits_ = false;
    std::unique_ptr<producer> queue_;
    std::vector<std::pair<std::int64_t, std::string>> refusals_; // line, why
    std::vector<numbered_row> rows_;                             // read, and not put in yet
    std::int64_t last_line_ = 0;                                 // of those that were put in
    std::int64_t inserted_ = 0, known_ = 0, refused_ = 0;
    bool nothing_done_ = false;
};

} // namespace

exit_code run_enqueue(const command& asked, const std::filesystem::path& database, const time_source& time) {
    return enqueuing(asked, database, time).run();
}

} // namespace cannedd
