#include "simulator/journal.hpp"

#include <stdexcept>

namespace cannedd::sim {
namespace {

void open(std::ofstream& file, const std::string& path) {
    file.open(path, std::ios::app);
    if (!file) throw std::runtime_error("cannot write " + path);
}

} // namespace

void journal::transcribe_to(const std::string& path) {
    open(transcript_file_, path);
}
void journal::log_requests_to(const std::string& path) {
    open(request_file_, path);
}

void journal::delivered(json::object line) {
    if (transcript_file_.is_open()) transcript_file_ << json::serialize(line) << std::endl;
    delivered_.push_back(std::move(line));
}

void journal::violation(json::object line) {
    violations_.push_back(std::move(line));
}

void journal::request_ended(json::object line) {
    const auto operation = text_or(line, "operation", "unknown");
    const auto status = number_or(line, "status", 0);
    ++answers_[operation][status == 0 ? "none" : std::to_string(status)];
    ++counters_["requests"];
    if (status == 429) ++counters_["throttled"];
    if (request_file_.is_open()) request_file_ << json::serialize(line) << std::endl;
}

json::array journal::transcript(const std::string& conversation) const {
    json::array lines;
    for (const auto& line : delivered_)
        if (conversation.empty() || line.at("conversation").as_string() == conversation)
            lines.push_back(line);
    return lines;
}

json::object journal::stats() const {
    json::object operations;
    for (const auto& [name, statuses] : answers_) {
        json::object by_status;
        for (const auto& [status, times] : statuses)
            by_status[status] = times;
        operations[name] = std::move(by_status);
    }
    json::object out;
    for (const auto& [name, value] : counters_)
        out[name] = value;
    out["operations"] = std::move(operations);
    return out;
}

} // namespace cannedd::sim
