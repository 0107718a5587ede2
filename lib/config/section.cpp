#include "config/section.hpp"

#include "config/duration.hpp"
#include "config/faults.hpp"
#include "config/near_names.hpp"

#include <algorithm>
#include <charconv>

namespace cannedd {
namespace {

template<typename T>
std::optional<T> parse_whole(std::string_view text) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string listed(std::span<const std::string_view> names) {
    std::string list;
    for (const auto name : names)
        list += (list.empty() ? "" : ", ") + std::string(name);
    return list;
}

} // namespace

section::section(const config_node* node, std::string path, int line, fault_list& faults)
    : node_(node), path_(std::move(path)), line_(line), faults_(&faults) {
    if (node_ == nullptr || node_->kind == node_kind::mapping) return;
    if (node_->kind != node_kind::empty) fault("must be a mapping (key: value)");
    node_ = nullptr;
}

std::string section::path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void section::fault(std::string_view key, const std::string& message) {
    const auto* found = entry(key);
    faults_->add(found != nullptr ? found->line : line_, path_of(key) + ": " + message);
}

void section::fault(const std::string& message) {
    faults_->add(line_, path_.empty() ? message : path_ + ": " + message);
}

const std::vector<config_entry>& section::entries() const {
    static const std::vector<config_entry> none;
    return node_ == nullptr ? none : node_->entries;
}

const config_entry* section::entry(std::string_view key) const {
    const auto found = std::find_if(entries().begin(), entries().end(),
                                    [&](const config_entry& candidate) { return candidate.key == key; });
    return found == entries().end() ? nullptr : &*found;
}

const config_entry* section::known(std::string_view key) {
    known_.push_back(key);
    return entry(key);
}

const std::string* section::scalar(std::string_view key, const std::string& expected) {
    const auto* found = known(key);
    if (found == nullptr) return nullptr;
    if (found->value.kind == node_kind::scalar) return &found->value.text;
    fault(key, found->value.kind == node_kind::empty ? "has no value; " + expected : expected);
    return nullptr;
}

void section::read_number(std::string_view key, int& target, int least, int most) {
    const auto expected =
        "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    const auto* text = scalar(key, expected);
    if (text == nullptr) return;
    const auto value = parse_whole<int>(*text);
    if (value && *value >= least && *value <= most)
        target = *value;
    else
        fault(key, expected);
}

void section::read_fraction(std::string_view key, double& target) {
    const std::string expected = "must be a number from 0.0 to below 1.0";
    const auto* text = scalar(key, expected);
    if (text == nullptr) return;
    const auto value = parse_whole<double>(*text);
    if (value && *value >= 0.0 && *value < 1.0)
        target = *value;
    else
        fault(key, expected);
}

void section::read_duration(std::string_view key, std::chrono::milliseconds& target,
                            std::chrono::milliseconds least, std::chrono::milliseconds most) {
    const auto expected =
        "must be a whole number and ms, s, m, h or d, from " + to_text(least) + " to " + to_text(most);
    const auto* text = scalar(key, expected);
    if (text == nullptr) return;
    const auto value = parse_duration(*text);
    if (value && *value >= least && *value <= most)
        target = *value;
    else
        fault(key, expected);
}

void section::read_bool(std::string_view key, bool& target) {
    const std::string expected = "must be true or false";
    const auto* text = scalar(key, expected);
    if (text == nullptr) return;
    if (*text == "true" || *text == "false")
        target = *text == "true";
    else
        fault(key, expected);
}

std::optional<std::size_t> section::read_choice(std::string_view key,
                                                std::span<const std::string_view> names) {
    const auto expected = "must be one of " + listed(names);
    const auto* text = scalar(key, expected);
    if (text == nullptr) return std::nullopt;
    const auto found = std::find(names.begin(), names.end(), *text);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    fault(key, expected + did_you_mean(*text, {names.begin(), names.end()}));
    return std::nullopt;
}

std::optional<std::string> section::read_text(std::string_view key) {
    const std::string expected = "must be a text of one character or more";
    const auto* text = scalar(key, expected);
    if (text == nullptr) return std::nullopt;
    if (!text->empty()) return *text;
    fault(key, expected);
    return std::nullopt;
}

std::optional<std::string> section::read_text_or_empty(std::string_view key) {
    const auto* found = entry(key);
    if (found == nullptr || found->value.kind != node_kind::empty) {
        const auto* text = scalar(key, "must be a text or empty");
        return text == nullptr ? std::nullopt : std::optional(*text);
    }
    known(key);
    return std::string();
}

section section::child(std::string_view key) {
    const auto* found = known(key);
    if (found == nullptr) return {nullptr, path_of(key), line_, *faults_};
    return {&found->value, path_of(key), found->line, *faults_};
}

section section::child(const config_entry& named) {
    return {&named.value, path_of(named.key), named.line, *faults_};
}

void section::refuse_unknown_keys() {
    for (const auto& candidate : entries()) {
        if (std::find(known_.begin(), known_.end(), candidate.key) != known_.end()) continue;
        const auto file_key = candidate.key + "_file";
        if (std::find(known_.begin(), known_.end(), file_key) != known_.end()) {
            fault(candidate.key,
                  "is not read from here: write it into a file of mode 0600 and name that in " + file_key);
            continue;
        }
        fault(candidate.key, "unknown key" + did_you_mean(candidate.key, known_));
    }
}

} // namespace cannedd
