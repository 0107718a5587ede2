// What the simulator remembers for its judges: what customers saw, which requests were wrong, what was asked
// how often. Lines are appended to the files as they happen and flushed, so a reader may follow them. No
// token, no secret.
#pragma once

#include "simulator/exchange.hpp"
#include "simulator/json_reading.hpp"

#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace cannedd::sim {

class journal {
public:
    // Throw std::runtime_error when the file cannot be written.
    void transcribe_to(const std::string& path);
    void log_requests_to(const std::string& path);

    void delivered(json::object line);
    void violation(json::object line);
    void request_ended(json::object line); // with "operation" and "status" (0: no answer)
    void count(const std::string& what, std::int64_t by = 1) { counters_[what] += by; }

    json::array transcript(const std::string& conversation) const; // empty: of all
    const json::array& violations() const { return violations_; }
    void forget_violations() { violations_.clear(); }
    json::object stats() const;

private:
    std::ofstream transcript_file_;
    std::ofstream request_file_;
    std::vector<json::object> delivered_;
    json::array violations_;
    std::map<std::string, std::map<std::string, std::int64_t>> answers_; // operation -> status -> times
    std::map<std::string, std::int64_t> counters_;
};

} // namespace cannedd::sim
