#include "store_opening.hpp"

#include <stdexcept>
#include <utility>

#include <poll.h>

namespace cannedd {
namespace {

constexpr seconds patience{10};
constexpr int between_tries_ms = 100;

} // namespace

std::unique_ptr<message_store> open_store_patiently(const store_settings& where, const time_source& time,
                                                    logger& log) {
    const auto until = time.steady() + patience;
    bool said = false;
    while (true) {
        try {
            return open_sqlite_store(where, log);
        } catch (const store_not_available& trouble) {
            if (!std::exchange(said, true))
                log.warning("the database cannot be opened now: it is tried again",
                            {{"why", trouble.what()}});
            if (time.steady() >= until) throw std::runtime_error("for 10 s, " + std::string(trouble.what()));
        }
        ::poll(nullptr, 0, between_tries_ms); // nothing runs yet that a pause could stop
    }
}

std::string earlier_life_of(const std::filesystem::path& database, bool lock_remembers) {
    if (lock_remembers) return "its lock file shows that there was one";
    const auto kept = database.parent_path() / "private";
    std::error_code none;
    if (std::filesystem::exists(kept, none) && !std::filesystem::is_empty(kept, none) && !none)
        return kept.string() + " shows that there was one";
    return {};
}

} // namespace cannedd
