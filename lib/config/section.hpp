// One mapping of the configuration, read key by key against what is expected there. Each read_* leaves its
// target (the default) alone when the key is absent, and adds a fault that names the key's path and line when
// its value will not do. A fault never repeats a value: it may be a secret in the wrong place, and the line
// shows it to whoever may read the file.
#pragma once

#include "config/config_tree.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

class fault_list;

class section {
public:
    // A null node is an empty section; `line` is where faults about absent keys belong.
    section(const config_node* node, std::string path, int line, fault_list& faults);

    int line() const noexcept { return line_; }
    const std::string& path() const noexcept { return path_; }
    bool has(std::string_view key) const { return entry(key) != nullptr; }
    std::string path_of(std::string_view key) const; // from the top: accounts.default.auth.client_id

    // A fault at the key's line, or at the section's when the key is absent: `path.key: message`.
    void fault(std::string_view key, const std::string& message);
    // A fault about the section itself: `path: message`.
    void fault(const std::string& message);

    void read_number(std::string_view key, int& target, int least, int most);
    void read_fraction(std::string_view key, double& target); // 0 <= target < 1
    void read_duration(std::string_view key, std::chrono::milliseconds& target,
                       std::chrono::milliseconds least, std::chrono::milliseconds most);
    void read_bool(std::string_view key, bool& target);
    // The index of the name that stands there.
    std::optional<std::size_t> read_choice(std::string_view key, std::span<const std::string_view> names);
    // A text of at least one character.
    std::optional<std::string> read_text(std::string_view key);
    // The same, but `key:` and `key: ""` are an empty text.
    std::optional<std::string> read_text_or_empty(std::string_view key);

    // The mapping under the key; absent or empty: an empty section.
    section child(std::string_view key);
    // Its keys are names that the operator chose: all entries.
    const std::vector<config_entry>& entries() const;
    section child(const config_entry& named);

    // To be called last: a fault for every key that nobody asked for.
    void refuse_unknown_keys();

private:
    const config_entry* entry(std::string_view key) const;
    const config_entry* known(std::string_view key); // entry(), and remembers that the key exists
    const std::string* scalar(std::string_view key, const std::string& expected);

    const config_node* node_;
    std::string path_;
    int line_;
    fault_list* faults_;
    std::vector<std::string_view> known_;
};

} // namespace cannedd
