#include "config/database_path.hpp"

#include "config/config_tree.hpp"
#include "config/faults.hpp"
#include "config/named_files.hpp"
#include "config/section.hpp"

namespace cannedd {
namespace {

constexpr std::size_t file_bytes_max = std::size_t{4} * 1024 * 1024;
constexpr std::string_view made_at_the_start = "/var/lib/cannedd/"; // by systemd: StateDirectory=

// SQLite's own, and the lock.
std::string_view ending_of_companion(std::string_view name) {
    for (const std::string_view ending : {"-wal", "-shm", "-journal", ".lock"})
        if (name.ends_with(ending)) return ending;
    return {};
}

} // namespace

std::string fault_of_other_use(const std::string& key) {
    return (key.empty() ? "is this configuration file itself" : "is the file that " + key + " names, too") +
           "; give the queue a file of its own, like " + std::string(made_at_the_start) + "queue.db";
}

std::optional<std::string> fault_of_place(const std::filesystem::path& database) {
    const auto& named = database.native();
    if (named.ends_with(":memory:") || named.starts_with("file:") ||
        named.find("/file:") != std::string::npos)
        return "is not the name of a file but what SQLite takes for a database elsewhere or in memory; "
               "name the file, like " +
               std::string(made_at_the_start) + "queue.db";
    std::error_code unseen;
    const auto kind = std::filesystem::status(database, unseen).type();
    if (kind == std::filesystem::file_type::directory)
        return "is a directory; name the file in it, like queue.db";
    if (!database.has_filename())
        return "ends in /, as a directory's name does; name the file in it, like queue.db";
    const bool can_be_a_file = kind == std::filesystem::file_type::regular ||
                               kind == std::filesystem::file_type::not_found ||
                               kind == std::filesystem::file_type::none;
    if (!can_be_a_file)
        return "is a device, a pipe or a socket; name a regular file, like " +
               std::string(made_at_the_start) + "queue.db";
    if (const auto ending = ending_of_companion(database.filename().string()); !ending.empty())
        return "ends in " + std::string(ending) +
               ", as a file that stands beside a database does: name the " + "database itself, like queue.db";
    const auto directory = database.parent_path();
    const auto holder = std::filesystem::status(directory, unseen).type();
    if (holder == std::filesystem::file_type::directory || holder == std::filesystem::file_type::not_found ||
        holder == std::filesystem::file_type::none)
        return std::nullopt;
    return directory.string() + " is not a directory: name a file in a directory, like " +
           std::string(made_at_the_start) + "queue.db";
}

std::optional<std::string> fault_of_absent_directory(const std::filesystem::path& database) {
    std::error_code unseen;
    const auto directory = database.parent_path();
    if (std::filesystem::status(directory, unseen).type() != std::filesystem::file_type::not_found ||
        (directory.string() + '/').starts_with(made_at_the_start))
        return std::nullopt;
    return "its directory " + directory.string() +
           " does not exist: make it, and let it belong to the user that runs cannedd";
}

std::variant<std::filesystem::path, std::vector<config_fault>>
database_named_in(const std::filesystem::path& file) {
    fault_list faults(file.string());
    const auto content = read_file(file, file_privacy::any, file_bytes_max);
    if (const auto* fault = std::get_if<file_fault>(&content)) {
        faults.add(0, fault->message);
        return faults.sorted();
    }
    const auto tree = parse_config_tree(std::get<std::string>(content), faults);
    if (!tree || !faults.empty()) return faults.sorted();
    section root(&*tree, "", 1, faults);
    const auto named = root.read_text("database");
    if (!faults.empty()) return faults.sorted();
    if (!named) return settings().database;
    auto database = std::filesystem::absolute(file.parent_path() / *named).lexically_normal();
    std::error_code unseen;
    if (std::filesystem::equivalent(database, file, unseen))
        root.fault("database", fault_of_other_use(""));
    else if (const auto fault = fault_of_place(database))
        root.fault("database", *fault);
    if (!faults.empty()) return faults.sorted();
    return database;
}

} // namespace cannedd
