// A Genesys simulator of the test's own: the real binary in a process of its own, ended with the object.
// Control calls go over its plain control port and block; they throw std::runtime_error with the simulator's
// sentence. The documents are those of tests/simulator/main.cpp.
#pragma once

#include "support/process.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

struct simulator_options {
    std::string plan;                   // YAML; empty: none
    std::vector<std::string> arguments; // more of them
    std::string listen = "127.0.0.1:0";
};

// One message as a customer saw it.
struct seen_message {
    std::string conversation, message_id, text, direction, participant, purpose, user_id, operation;
};

class simulator {
public:
    // The client that it knows without a plan.
    static constexpr auto client_id = "11111111-1111-4111-8111-111111111111";
    static constexpr auto client_secret = "simulator-secret";

    explicit simulator(simulator_options options = {});
    ~simulator();

    const std::string& url() const noexcept { return url_; }                 // https://127.0.0.1:PORT
    const std::string& control_url() const noexcept { return control_url_; } // http://127.0.0.1:PORT
    const std::string& ca_file() const noexcept { return ca_file_; }
    const std::filesystem::path& directory() const noexcept {
        return directory_.path();
    } // transcript.jsonl, requests.jsonl
    child_process& process() noexcept { return *process_; }

    // path without /__control/
    boost::json::value get(std::string_view path);
    boost::json::value post(std::string_view path, const boost::json::value& body = boost::json::object());
    boost::json::value put(std::string_view path, const boost::json::value& body);
    boost::json::value remove(std::string_view path);

    void plan(const boost::json::value& sections) { post("plan", sections); }
    void faults(std::string_view rules_json); // replaces the rules
    // Its id. The simplest: {"agent": USER}.
    std::string add_conversation(const boost::json::value& description);
    void change(const std::string& conversation, std::string_view action,
                const boost::json::value& details = boost::json::object());
    boost::json::value conversation(const std::string& id) { return get("conversations/" + id); }

    // What customers saw, in order; outbound only.
    std::vector<seen_message> transcript(const std::string& conversation = {});
    std::vector<std::string> texts_seen(const std::string& conversation = {});
    // Each invalid request as "METHOD path: sentence".
    std::vector<std::string> violations();
    boost::json::value stats() { return get("stats"); }
    std::int64_t requests(std::string_view operation); // of one operation, however answered
    std::int64_t answers(std::string_view operation, std::string_view status); // "none": no answer
    // The most requests of the default client in any sliding window.
    std::int64_t max_in_window(std::chrono::milliseconds window);

private:
    boost::json::value call(std::string_view method, std::string_view path, const std::string& body);

    temp_directory directory_;
    std::unique_ptr<child_process> process_;
    std::string url_, control_url_, ca_file_;
    std::uint16_t control_port_ = 0;
    int socket_ = -1;
};

} // namespace cannedd
