#include "support/simulator.hpp"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace json = boost::json;

namespace cannedd {
namespace {

std::string value_in(const std::string& line, const std::string& key) {
    const auto at = line.find(" " + key + "=");
    if (at == std::string::npos)
        throw std::runtime_error("the simulator's ready line lacks " + key + ": " + line);
    const auto begin = at + key.size() + 2;
    return line.substr(begin, line.find(' ', begin) - begin);
}

int connected_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(socket);
        throw std::runtime_error("the simulator's control port does not answer");
    }
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

void write_all(int socket, const std::string& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
        const auto size = ::send(socket, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
        if (size <= 0) throw std::runtime_error("the simulator's control port is gone");
        done += static_cast<std::size_t>(size);
    }
}

// Head and body of one answer; the simulator always says Content-Length.
std::string read_answer(int socket) {
    std::string bytes;
    std::array<char, 64 * 1024> piece{};
    std::size_t due = std::string::npos;
    while (bytes.size() < due) {
        const auto size = ::recv(socket, piece.data(), piece.size(), 0);
        if (size <= 0) throw std::runtime_error("the simulator's control port is gone");
        bytes.append(piece.data(), static_cast<std::size_t>(size));
        const auto head = bytes.find("\r\n\r\n");
        const std::string key = "Content-Length: ";
        if (due == std::string::npos && head != std::string::npos)
            due = head + 4 + std::stoul(bytes.substr(bytes.find(key) + key.size()));
    }
    return bytes;
}

std::string text_of(const json::value& object, const char* key) {
    return std::string(object.at(key).as_string());
}

} // namespace

simulator::simulator(simulator_options options) {
    process_options how;
    how.arguments = {"--listen",       options.listen,
                     "--ca-out",       (directory_ / "ca.pem").string(),
                     "--transcript",   (directory_ / "transcript.jsonl").string(),
                     "--requests-log", (directory_ / "requests.jsonl").string()};
    if (!options.plan.empty()) {
        how.arguments.emplace_back("--plan");
        how.arguments.push_back(directory_.write("plan.yaml", options.plan).string());
    }
    how.arguments.insert(how.arguments.end(), options.arguments.begin(), options.arguments.end());
    process_ = std::make_unique<child_process>(GENESYS_SIMULATOR, std::move(how));
    const auto ready = process_->wait_for_line("ready ");
    url_ = value_in(ready, "url");
    control_url_ = value_in(ready, "control");
    ca_file_ = value_in(ready, "ca_file");
    control_port_ = static_cast<std::uint16_t>(std::stoul(control_url_.substr(control_url_.rfind(':') + 1)));
    socket_ = connected_to(control_port_);
}

simulator::~simulator() {
    if (socket_ >= 0) ::close(socket_);
}

json::value simulator::call(std::string_view method, std::string_view path, const std::string& body) {
    write_all(socket_,
              std::string(method) + " /__control/" + std::string(path) +
                  " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " +
                  std::to_string(body.size()) + "\r\n\r\n" + body);
    const auto answer = read_answer(socket_);
    auto value = json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
    if (answer.compare(9, 3, "200") != 0)
        throw std::runtime_error("simulator: " + std::string(path) + ": " + text_of(value, "error"));
    return value;
}

json::value simulator::get(std::string_view path) {
    return call("GET", path, {});
}
json::value simulator::post(std::string_view path, const json::value& body) {
    return call("POST", path, json::serialize(body));
}
json::value simulator::put(std::string_view path, const json::value& body) {
    return call("PUT", path, json::serialize(body));
}
json::value simulator::remove(std::string_view path) {
    return call("DELETE", path, {});
}

void simulator::faults(std::string_view rules_json) {
    put("faults", json::parse(json::string_view(rules_json.data(), rules_json.size())));
}

std::string simulator::add_conversation(const json::value& description) {
    return text_of(post("conversations", description), "id");
}

void simulator::change(const std::string& id, std::string_view action, const json::value& details) {
    post("conversations/" + id + "/" + std::string(action), details);
}

std::vector<seen_message> simulator::transcript(const std::string& id) {
    std::vector<seen_message> seen;
    const auto lines = get(id.empty() ? "transcripts" : "transcripts?conversation=" + id);
    for (const auto& line : lines.as_array()) {
        if (line.at("direction") != "outbound") continue;
        seen.push_back({text_of(line, "conversation"), text_of(line, "message_id"), text_of(line, "text"),
                        text_of(line, "direction"), text_of(line, "participant"), text_of(line, "purpose"),
                        text_of(line, "user_id"), text_of(line, "operation")});
    }
    return seen;
}

std::vector<std::string> simulator::texts_seen(const std::string& id) {
    std::vector<std::string> texts;
    for (auto& message : transcript(id))
        texts.push_back(std::move(message.text));
    return texts;
}

std::vector<std::string> simulator::violations() {
    std::vector<std::string> sentences;
    const auto lines = get("violations");
    for (const auto& line : lines.as_array()) {
        const auto& request = line.as_object();
        const auto where =
            request.contains("method") ? text_of(line, "method") + " " + text_of(line, "path") : "";
        for (const auto& fault : line.at("violations").as_array())
            sentences.push_back(where + ": " + std::string(fault.as_string()));
    }
    return sentences;
}

std::int64_t simulator::requests(std::string_view operation) {
    const auto all = stats();
    const auto* statuses =
        all.at("operations").as_object().if_contains(json::string_view(operation.data(), operation.size()));
    std::int64_t sum = 0;
    if (statuses != nullptr)
        for (const auto& member : statuses->as_object())
            sum += member.value().to_number<std::int64_t>();
    return sum;
}

std::int64_t simulator::answers(std::string_view operation, std::string_view status) {
    const auto all = stats();
    const auto* statuses =
        all.at("operations").as_object().if_contains(json::string_view(operation.data(), operation.size()));
    if (statuses == nullptr) return 0;
    const auto* times = statuses->as_object().if_contains(json::string_view(status.data(), status.size()));
    return times == nullptr ? 0 : times->to_number<std::int64_t>();
}

std::int64_t simulator::max_in_window(std::chrono::milliseconds window) {
    const auto all = get("stats?window_ms=" + std::to_string(window.count()));
    const auto* client = all.at("clients").as_object().if_contains(client_id);
    return client == nullptr ? 0 : client->at("max_in_window").to_number<std::int64_t>();
}

} // namespace cannedd
