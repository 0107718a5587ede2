#include "config/database_path.hpp"

#include "config/config_tree.hpp"
#include "config/faults.hpp"
#include "config/named_files.hpp"
#include "config/section.hpp"

namespace cannedd {
namespace {

constexpr std::size_t file_bytes_max = std::size_t{4} * 1024 * 1024;

} // namespace

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
    return std::filesystem::absolute(file.parent_path() / *named).lexically_normal();
}

} // namespace cannedd
