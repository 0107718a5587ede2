// The daemon among neighbours: as a user of its own, where we may choose one, perhaps behind another program
// (setpriv, bash) and with a preloaded library. The files and the SQL are running_daemon's; the messages,
// each with a text of its own, are counted here.
#pragma once

#include "integration/daemon/running_daemon.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace cannedd {

class service {
public:
    // The daemon speaks in conversations of its own, named by `number`.
    explicit service(simulator& genesys, int number = 0, const std::string& more = fast_delivery,
                     const std::string& rates = wide_rates);

    void run_behind(std::vector<std::string> wrapper) { wrapper_ = std::move(wrapper); }
    void preload(const std::filesystem::path& library);
    void set(const std::string& variable, const std::string& value) { environment_[variable] = value; }
    void start(); // returns when it is ready
    finished_process run(std::vector<std::string> arguments = {});
    child_process& process() { return *process_; }
    exit_status stop() { return process_->terminate(); }

    // Inserts rows with texts of their own by running_daemon's connection; their texts.
    std::vector<std::string> insert(int rows);
    // The SQL that does so, for another program to run.
    std::string insert_words(int rows, std::vector<std::string>& texts);
    // Waits until the customers have seen all that were inserted.
    void wait_until_seen();
    int times_seen(const std::string& text);
    void wait_for(const std::string& query, const std::string& answer);
    // Each text exactly once, every row sent, the file sound.
    void check_all_sent_once();

    running_daemon& files() { return files_; }
    std::filesystem::path database() const { return database_; }
    // Another place for the database; made by --init.
    void move_database(const std::filesystem::path& to);
    std::string shell(const std::string& script); // the program sqlite3; what it printed, complaints included

private:
    process_options options(std::vector<std::string> arguments) const;

    simulator& genesys_;
    running_daemon files_;
    std::filesystem::path database_;
    int number_;
    int inserted_ = 0;
    std::set<std::string> texts_;
    std::vector<std::string> wrapper_;
    std::map<std::string, std::string> environment_;
    std::unique_ptr<child_process> process_;
};

// Whether processes may be started as other users, who can read the programs too: root may.
bool may_choose_users();
// For BOOST's precondition decorator: says loudly what is lacking.
boost::test_tools::assertion_result needs_users(boost::unit_test::test_unit_id);

// The service's user and group, where we are root and so may choose: nobody's.
constexpr unsigned service_id = 65534;
std::vector<std::string> as_user(unsigned user, unsigned group);
// Gives everything below to user and group.
void give(const std::filesystem::path& tree, unsigned user, unsigned group);

bool says(const std::string& words, const std::string& part);

} // namespace cannedd
