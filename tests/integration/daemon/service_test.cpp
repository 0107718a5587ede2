// What the service manager is told, and --reload, which waits for what becomes of it.
#include "running_daemon.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

using namespace cannedd;

// In systemd's place.
class service_manager {
public:
    service_manager() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(&address.sun_path[0], path().c_str(), sizeof address.sun_path - 1);
        BOOST_REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    }
    ~service_manager() { ::close(socket_); }
    service_manager(const service_manager&) = delete;
    service_manager& operator=(const service_manager&) = delete;

    std::string path() const { return (directory_ / "notify").string(); }
    process_options options() const {
        process_options with;
        with.environment["NOTIFY_SOCKET"] = path();
        return with;
    }
    // The latest STATUS=.
    std::string status() {
        std::array<char, 8192> message{};
        for (ssize_t size = 0; (size = ::recv(socket_, message.data(), message.size(), 0)) > 0;) {
            const std::string all(message.data(), static_cast<std::size_t>(size));
            const auto at = all.find("STATUS=");
            if (at != std::string::npos) status_ = all.substr(at + 7, all.find('\n', at) - at - 7);
        }
        return status_;
    }
    void wait_for(const std::string& words) {
        try {
            eventually([&] { return status().find(words) != std::string::npos; }, words);
        } catch (const std::exception& late) {
            throw std::runtime_error(std::string(late.what()) + "; the last status: " + status_);
        }
    }

private:
    temp_directory directory_;
    int socket_;
    std::string status_;
};

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

finished_process reload(running_daemon& daemon) {
    process_options asking;
    asking.arguments = {"--reload", std::to_string(daemon.process().pid())};
    return run_process(CANNEDD_BINARY, asking);
}

} // namespace

BOOST_AUTO_TEST_SUITE(service_)

BOOST_AUTO_TEST_CASE(the_status_is_the_queue_or_what_is_wrong_first) {
    service_manager systemd;
    simulator genesys;
    running_daemon daemon(genesys);
    daemon.start(systemd.options());
    systemd.wait_for("delivering: 0 waiting, 0 on their way");
    daemon.sql("UPDATE accounts SET paused = 1, paused_reason = 'lunch' || char(10) || 'READY=0'");
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 1) + "', 'hello')");
    systemd.wait_for("account default is paused: lunch READY=0; 1 waiting, 0 on their way");
    daemon.sql("UPDATE messages SET status = 'held'");
    daemon.sql("UPDATE accounts SET paused = 0");
    systemd.wait_for("delivering: 0 waiting, 0 on their way, 1 held");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
    systemd.wait_for("stopped: 0 waiting");
}

BOOST_AUTO_TEST_CASE(a_client_that_is_refused_and_a_port_that_is_taken_are_told) {
    service_manager systemd;
    simulator genesys;
    running_daemon daemon(genesys, "metrics: {listen: '" + genesys.url().substr(8) + "'}\n",
                          running_daemon::account(genesys, "default", "", "wrong_secret"));
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 1) + "', 'hello')");
    daemon.start(systemd.options());
    systemd.wait_for("metrics are not served: ");
    systemd.wait_for("account default is paused: invalid_client: ");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(reload_waits_and_fails_when_the_configuration_is_refused) {
    service_manager systemd;
    simulator genesys;
    running_daemon daemon(genesys);
    daemon.start(systemd.options());
    const auto good = contents(daemon.config());
    std::ofstream(daemon.config()) << "no_such_key: 1\n" << good << "delivery: {attempts: 0}\n";
    const auto refused = reload(daemon);
    BOOST_TEST(refused.status == (exit_status{78, {}}));
    BOOST_TEST(refused.errors.find("cannedd.yaml:1: ") != std::string::npos, refused.errors);
    BOOST_TEST(refused.errors.find("delivery.attempts") != std::string::npos, refused.errors);
    systemd.wait_for("the last reload was refused: ");
    std::ofstream(daemon.config()) << good << "log: {level: debug}\n";
    const auto taken = reload(daemon);
    BOOST_TEST(taken.status == (exit_status{0, {}}), taken.errors);
    BOOST_TEST(daemon.errors().find("the configuration was read again and is in force") != std::string::npos);
    systemd.wait_for("delivering: ");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
    BOOST_TEST(reload(daemon).status == (exit_status{74, {}})); // nobody is there
}

// As under systemd: a copy of the secret is handed over, at the start only.
BOOST_AUTO_TEST_CASE(a_secret_that_is_rotated_needs_a_restart_and_the_reload_says_so) {
    service_manager systemd;
    simulator genesys;
    running_daemon daemon(genesys);
    const auto secret = daemon.config().parent_path() / "client_secret";
    const auto credentials = daemon.config().parent_path() / "credentials";
    std::filesystem::create_directory(credentials);
    std::filesystem::copy(secret, credentials / "client_secret");
    auto options = systemd.options();
    options.environment["CREDENTIALS_DIRECTORY"] = credentials.string();
    daemon.start(options);
    BOOST_TEST(reload(daemon).status == (exit_status{0, {}}));
    std::ofstream(secret) << "another";
    const auto told = reload(daemon);
    BOOST_TEST(told.status == (exit_status{75, {}}));
    BOOST_TEST(told.errors.find("a restart is needed: " + secret.string()) != std::string::npos, told.errors);
    systemd.wait_for("a restart is needed: ");
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(a_good_configuration_takes_effect_behind_a_producers_lock) {
    simulator genesys;
    running_daemon daemon(genesys);
    daemon.start();
    daemon.sql("BEGIN IMMEDIATE");
    std::ofstream(daemon.config(), std::ios::app) << "log: {level: debug}\n";
    process_options asking;
    asking.arguments = {"--reload", std::to_string(daemon.process().pid())};
    child_process waiting(CANNEDD_BINARY, asking);
    daemon.process().wait_for_error_line("the accounts are ready and wait for the database");
    BOOST_TEST(waiting.running());
    daemon.sql("COMMIT");
    BOOST_TEST(waiting.wait() == (exit_status{0, {}}));
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(mistakes_of_the_verb) {
    simulator genesys;
    running_daemon daemon(genesys);
    process_options asking;
    asking.arguments = {"--reload", "1"};
    BOOST_TEST(run_process(CANNEDD_BINARY, asking).status == (exit_status{64, {}}));
    asking.arguments = {"--reload", std::to_string(::getpid())};
    const auto lost = run_process(CANNEDD_BINARY, asking);
    BOOST_TEST(lost.status == (exit_status{74, {}}));
    BOOST_TEST(lost.errors.find("cannot be asked to reload") != std::string::npos, lost.errors);
}

BOOST_AUTO_TEST_SUITE_END()
