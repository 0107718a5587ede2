#include "salvage.hpp"

#include "intake_progress.hpp"
#include "log_output.hpp"
#include "queue/salvage_addition.hpp"
#include "queue/sqlite_store.hpp"

#include <iostream>

#include <sys/stat.h>
#include <unistd.h>

namespace cannedd {
namespace {

std::string line_of(const salvaged_table& table) {
    auto words = table.name + ": " + std::to_string(table.copied) + " copied";
    if (table.lost > 0 && table.is_guess)
        words += ", some may be lost";
    else if (table.lost > 0)
        words += ", " + std::to_string(table.lost) + " at most are lost (id " + table.lost_ids + ")";
    if (table.refused > 0) words += ", " + std::to_string(table.refused) + " make no sense and were left out";
    if (table.end_unknown) words += ", and how many there were cannot be read";
    return words + '\n';
}

// Run by root, it must not leave what the daemon cannot open.
void give_to_the_owner_of(const std::filesystem::path& damaged, const std::filesystem::path& fresh) {
    struct stat found {};
    if (::geteuid() != 0 || ::stat(damaged.c_str(), &found) != 0) return;
    if (::chown(fresh.c_str(), found.st_uid, found.st_gid) != 0)
        std::cerr << "cannedd: give " << fresh.string() << " to the daemon's user: chown cannedd:cannedd\n";
}

std::int64_t copied_of(const salvage_report& done) {
    for (const auto& table : done.tables)
        if (table.name == "messages") return table.copied;
    return 0;
}

} // namespace

std::string salvage_words(const salvage_report& done) {
    std::string words;
    const auto copied = copied_of(done);
    bool all = true;
    for (const auto& table : done.tables) {
        words += line_of(table);
        all = all && table.lost == 0 && table.refused == 0 && !table.end_unknown;
    }
    if (done.counted >= 0 && done.counted != copied)
        words += "the damaged file counted " + std::to_string(done.counted) + " messages\n";
    words += std::to_string(done.held) + " that were pending are held, " + std::to_string(done.unconfirmed) +
             " that were being sent are unconfirmed: nothing of it is sent by itself\n";
    if (done.header_was_damaged)
        words += "the file's header (its first 100 bytes) was damaged: it was read as that of a queue\n";
    if (done.tree_was_damaged)
        words += "pages that lead to messages were damaged: they were found by their own pages\n";
    if (done.schema_was_damaged)
        words += "the schema was damaged and is that of a new queue; accounts (who was paused) and responses "
                 "of the table may be lost\n";
    std::string others;
    for (const auto& name : done.left_behind)
        others += (others.empty() ? "" : ", ") + name;
    if (!others.empty()) words += "not cannedd's, and not copied: " + others + '\n';
    return words + (all ? "nothing was lost\n" : "");
}

std::string words_on_what_is_next(const std::filesystem::path& damaged, const std::filesystem::path& fresh) {
    return "Next: " + damaged.string() + " stays aside with its -wal and -shm, and " + fresh.string() +
           " goes to where cannedd looks for its database; then cannedd --requeue-unproven, then start it\n";
}

namespace {

// Nothing: somebody else has it, and that is said.
std::optional<database_lock> lock_or_say(const std::filesystem::path& database) {
    auto lock = database_lock::acquire(database);
    if (!lock)
        std::cerr << "cannedd: another cannedd has the database " << database.string() << ": stop it first\n";
    return lock;
}

exit_code add_to(const std::filesystem::path& queue, const std::filesystem::path& damaged, logger& log,
                 const std::function<void(std::int64_t)>& show, intake_progress& progress) {
    const auto lock = lock_or_say(queue);
    if (!lock) return exit_code::locked;
    const auto told = add_salvaged(queue, damaged, log, show);
    progress.end();
    std::cout
        << "of " << damaged.string() << ":\n"
        << salvage_words(told.salvaged) << queue.string() << " had " << told.before << " messages and has "
        << told.after
        << " now: those of both are as the damaged file has them, and what is lost there is as it was in "
           "the backup, pending included\n"
        << words_on_what_is_next(damaged, queue) << std::flush;
    return exit_code::done;
}

} // namespace

exit_code run_salvage(const command& asked, const std::filesystem::path& database, const time_source& time) {
    const auto lock = lock_or_say(database);
    if (!lock) return exit_code::locked;
    const auto format = log_format::logfmt;
    log_output lines(format);
    logger log(log_level::warning, lines.sink());
    intake_progress progress(time);
    const auto show = [&](std::int64_t rows) { progress.show(rows); };
    if (asked.add) return add_to(asked.salvage_into, database, log, show, progress);
    const auto done = salvage_queue(database, asked.salvage_into, log, show);
    progress.end();
    give_to_the_owner_of(database, asked.salvage_into);
    std::cout << salvage_words(done) << words_on_what_is_next(database, asked.salvage_into) << std::flush;
    return exit_code::done;
}

} // namespace cannedd
