#include "service.hpp"

#include <algorithm>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

namespace cannedd {
namespace {

constexpr int conversations = 8;

simulator& with_conversations(simulator& genesys, int number) {
    genesys.plan({{"rate", {{"limit", 1'000'000}}}});
    for (int c = 0; c < conversations; ++c)
        genesys.add_conversation({{"id", uuid('c', number * conversations + c)},
                                  {"agent", uuid('a', number * conversations + c)}});
    return genesys;
}

} // namespace

service::service(simulator& genesys, int number, const std::string& more, const std::string& rates)
    : genesys_(with_conversations(genesys, number))
    , files_(genesys, more, running_daemon::account(genesys, "default", rates))
    , database_(files_.database())
    , number_(number) {}

void service::preload(const std::filesystem::path& library) {
    environment_["LD_PRELOAD"] = library.string();
    const char* asan = std::getenv("ASAN_OPTIONS"); // it wants to be the first library
    environment_["ASAN_OPTIONS"] =
        (asan != nullptr ? std::string(asan) + ":" : "") + "verify_asan_link_order=0";
}

process_options service::options(std::vector<std::string> arguments) const {
    process_options made;
    made.environment = environment_;
    made.arguments = wrapper_;
    if (!wrapper_.empty()) {
        made.arguments.erase(made.arguments.begin());
        made.arguments.emplace_back(CANNEDD_BINARY);
    }
    made.arguments.insert(made.arguments.end(), arguments.begin(), arguments.end());
    made.arguments.insert(made.arguments.end(), {"--config", files_.config().string()});
    return made;
}

void service::start() {
    process_ =
        std::make_unique<child_process>(wrapper_.empty() ? CANNEDD_BINARY : wrapper_.front(), options({}));
    process_->wait_for_error_line("msg=\"ready\"");
}

finished_process service::run(std::vector<std::string> arguments) {
    return run_process(wrapper_.empty() ? CANNEDD_BINARY : wrapper_.front(), options(std::move(arguments)));
}

std::string service::insert_words(int rows, std::vector<std::string>& texts) {
    std::string values;
    for (int n = 0; n < rows; ++n) {
        const int c = number_ * conversations + inserted_ % conversations;
        texts.push_back("service " + std::to_string(number_) + " text " + std::to_string(inserted_++));
        texts_.insert(texts.back());
        values += std::string(values.empty() ? "" : ",") + "('" + uuid('c', c) + "','" + texts.back() + "')";
    }
    return "INSERT INTO messages (conversation_id, text) VALUES " + values + ";";
}

std::vector<std::string> service::insert(int rows) {
    std::vector<std::string> texts;
    const auto words = insert_words(rows, texts);
    files_.sql(words);
    return texts;
}

int service::times_seen(const std::string& text) {
    int times = 0;
    for (const auto& seen : genesys_.texts_seen())
        if (seen == text) ++times;
    return times;
}

void service::wait_until_seen() {
    const auto all_seen = [this] {
        const auto list = genesys_.texts_seen();
        const std::set<std::string> seen(list.begin(), list.end());
        return std::ranges::includes(seen, texts_);
    };
    try {
        eventually(all_seen, "all messages seen by their customers");
    } catch (const std::exception& late) {
        throw std::runtime_error(late.what() + ('\n' + process_->errors()));
    }
}

void service::wait_for(const std::string& query, const std::string& answer) {
    std::string last;
    try {
        const auto is_so = [&] {
            if (process_) process_->errors(); // read, or a daemon that tells much waits for room in the pipe
            return (last = files_.value(query)) == answer;
        };
        eventually(is_so, query);
    } catch (const std::exception& late) {
        throw std::runtime_error(late.what() + ("\nlast answer: " + last + ", not " + answer + "\n") +
                                 process_->errors());
    }
}

void service::check_all_sent_once() {
    std::map<std::string, int> seen;
    for (const auto& text : genesys_.texts_seen())
        ++seen[text];
    for (const auto& text : texts_)
        BOOST_TEST(seen[text] == 1, text << " was seen " << seen[text] << " times");
    BOOST_TEST(shell("SELECT count(*) FROM messages WHERE status <> 'sent' AND not_before IS NULL") == "0\n");
    BOOST_TEST(shell("PRAGMA integrity_check") == "ok\n");
}

void service::move_database(const std::filesystem::path& to) {
    std::ifstream in(files_.config());
    std::string text((std::istreambuf_iterator<char>(in)), {});
    text.replace(text.find(database_.string()), database_.string().size(), to.string());
    std::ofstream(files_.config()) << text;
    database_ = to;
    const auto made = run({"--init"});
    if (made.status.code != 0) throw std::runtime_error("--init: " + made.errors);
}

std::string service::shell(const std::string& script) {
    process_options how;
    how.arguments = {"-batch", "-bail", "-cmd", ".timeout 120000", database_.string(), script};
    const auto done = run_process("/usr/bin/sqlite3", std::move(how));
    return done.output + done.errors;
}

bool may_choose_users() {
    if (::geteuid() != 0) return false;
    static const bool readable = [] {
        process_options how;
        how.arguments = as_user(service_id, service_id);
        how.arguments.erase(how.arguments.begin());
        how.arguments.insert(how.arguments.end(), {"/usr/bin/test", "-r", CANNEDD_BINARY});
        return run_process("/usr/bin/setpriv", std::move(how)).status == exit_status{0, {}};
    }();
    return readable;
}

boost::test_tools::assertion_result needs_users(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result may(may_choose_users());
    may.message() << "SKIPPED: only root, with programs that all may read, can start them as other users";
    return may;
}

std::vector<std::string> as_user(unsigned user, unsigned group) {
    return {"/usr/bin/setpriv", "--reuid=" + std::to_string(user), "--regid=" + std::to_string(group),
            "--clear-groups", "--"};
}

void give(const std::filesystem::path& tree, unsigned user, unsigned group) {
    const auto hand_over = [&](const std::filesystem::path& path) {
        if (::lchown(path.c_str(), user, group) != 0) throw std::runtime_error("chown " + path.string());
    };
    hand_over(tree);
    if (!std::filesystem::is_directory(tree)) return;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(tree))
        hand_over(entry.path());
}

bool says(const std::string& words, const std::string& part) {
    return words.find(part) != std::string::npos;
}

} // namespace cannedd
