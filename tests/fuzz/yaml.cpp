// cannedd.yaml and responses.yaml -> settings, or what is wrong with them. The text is read as both.
#include "config/config_tree.hpp"
#include "config/duration.hpp"
#include "config/faults.hpp"
#include "config/response_file.hpp"
#include "genesys/canned_response.hpp"
#include "property.hpp"

#include <sys/mman.h>
#include <unistd.h>

using namespace cannedd;
using fuzz::must;

namespace {

// As a file that nobody else has.
class memory_file {
public:
    explicit memory_file(const std::string& content) : descriptor_(::memfd_create("yaml", MFD_CLOEXEC)) {
        must(descriptor_ >= 0 &&
                 ::write(descriptor_, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
             "a file in memory can be written");
    }
    memory_file(const memory_file&) = delete;
    memory_file& operator=(const memory_file&) = delete;
    ~memory_file() { ::close(descriptor_); }
    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

private:
    int descriptor_;
};

bool has_key(const config_node& node, std::string_view part) {
    const auto in_item = [&](const config_node& item) { return has_key(item, part); };
    const auto in_entry = [&](const config_entry& entry) {
        return entry.key.find(part) != std::string::npos || has_key(entry.value, part);
    };
    return std::ranges::any_of(node.items, in_item) || std::ranges::any_of(node.entries, in_entry);
}

constexpr std::string_view password = "hunter2";

// Not where it is a key: those are told, for they are what is misspelt. So are names of files.
bool hides_password(const std::string& text) {
    fault_list unseen("unseen");
    const auto tree = parse_config_tree(text, unseen);
    return tree && !has_key(*tree, password) && !has_key(*tree, "file");
}

void check_faults(const std::vector<config_fault>& faults, const std::string& text) {
    const auto lines = std::ranges::count(text, '\n') + 1;
    const bool hides = hides_password(text);
    int last = 0;
    for (const auto& fault : faults) {
        must(!fault.message.empty() && fuzz::is_one_line(fault.message), "a fault is a line of text",
             fault.message);
        must(fault.line >= last && fault.line <= lines,
             "faults come in the order of their lines, which exist", to_line(fault));
        last = fault.line;
        must(!hides || fault.message.find(password) == std::string::npos, "a fault holds no value",
             fault.message);
    }
}

void check_account(const account_settings& account) {
    must(!account.name.empty() && fuzz::is_utf8(account.name), "an account has a name", account.name);
    must(!account.api.origin.empty() && !account.login.origin.empty(), "and somewhere to go to");
    must(account.api.connections >= 1 && account.api.connections <= 256, "and connections");
    must(account.expire_after.count() > 0 && account.client.request_timeout.count() > 0, "and time");
}

void check_settings(const std::string& text) {
    const memory_file file(text);
    setting_checks trusting;
    trusting.auth = [](const oauth_grant&) { return std::optional<std::string>(); };
    const auto read = load_settings(file.path(), config_environment(), trusting);
    if (const auto* faults = std::get_if<std::vector<config_fault>>(&read)) {
        must(!faults->empty(), "without settings there is a fault");
        check_faults(*faults, text);
        return;
    }
    for (const auto& [name, account] : std::get<settings>(read).accounts)
        check_account(account);
}

void check_responses(const std::string& text) {
    fault_list faults("responses.yaml");
    const auto responses = parse_responses(text, faults);
    check_faults(faults.sorted(), text);
    for (const auto& [name, words] : responses) {
        must(!name.empty() && !words.empty(), "a response has a name and a text", name);
        must(!unclosed_name(words, name), "a response can be filled", words);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::input(data, size).rest();
    check_settings(text);
    check_responses(text);
    return 0;
}
