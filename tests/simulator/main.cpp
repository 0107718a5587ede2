// genesys-simulator: stands in for Genesys Cloud. Strict about requests, able to fail in every way that the
// real one can.
//
// On stdout, once it listens: `ready url=https://127.0.0.1:PORT control=http://127.0.0.1:PORT ca_file=PATH`.
// SIGTERM and SIGINT end it with 0. Without a plan it knows one client, 11111111-1111-4111-8111-111111111111
// with the secret simulator-secret and every permission.
//
// A plan (--plan FILE in YAML, or POST /__control/plan in JSON: the sections that are there apply at once):
//   org: {id, name}                 token_seconds, clock_shift_ms, accepting (false: connections are refused)
//   rate: {limit, window_ms, mode: sliding|fixed|off, headers, retry_after, count_rejected, others_every_ms}
//   read_back: {lag_ms, hold, normalise: [trim, crlf, collapse, nfc]}      analytics: {lag_ms, duplicate}
//   delivery: {paused, sent_after_ms, final_after_ms}
//   refusals: {ended, not_connected, disconnected, not_owner: {status, code}}
//   client_may_speak, legacy_chat, legacy_chat_status, legacy_text_body, tutorial, agentless_no_active (0:
//   opens a new one; or a status)
//   agentless: {web_by_address, whatsapp_text, messengers: [...]}: the contract of 2026-07, unless told to be
//   laxer or stricter        text_limits: {webmessaging, ..., sms, sms_unicode}
//   users: [{id, name, email}] clients: [{id, secret, name, grants:
//   [client_credentials, refresh_token, saml2_bearer, private_key_jwt],
//              permissions: [...], token_seconds, rotate, refresh_tokens: {TOKEN: USER},
//              saml: {certificate(_file), audience, issuer}, jwt: {key(_file), key_id, audience}}]
//   conversations: [...]   libraries: [...]   responses: [...]   faults: [...] (these replace the rules there
//   were)
//
// Control calls, on the control port and at the API's own port; JSON in, JSON out; a mistake is 400 {error}:
//   GET    /__control/health
//   POST   /__control/plan                        see above
//   POST   /__control/conversations               {id, media: message|chat, messenger, customer:
//   {PARTICIPANT},
//            customer_address, org_address, agent: USER|{PARTICIPANT}, agents: [...], participants: [...],
//            started_ms_ago, ended, silent: the customer has said nothing} -> its state, as GET gives it.
//            PARTICIPANT: id, purpose, name, user_id, state (alerting|connected|parked|disconnected),
//            attributes, communication_id, wrapup_required, external_contact_id (of a customer; "": Genesys
//            knows none), {monitored,coached,consult,barged}_participant_id
//   GET    /__control/conversations[/ID]          state with every message, its status and text
//   POST   /__control/conversations/ID/ACTION     whom: {participant: ID} or {agent: USER}, else the last
//   agent.
//            connect alert park  disconnect {wrapup, type}  complete_wrapup  end  customer_leave  transfer
//            {to, state} reconnect {state}  join {PARTICIPANT}  reopen {agent}  attributes {attributes}  say
//            {text, ms_ago} (the customer)
//   GET    /__control/transcripts[?conversation=ID]   what customers saw, in order: each delivered message
//   once GET    /__control/violations   DELETE likewise    invalid requests, with their sentences GET
//   /__control/stats[?window_ms=N]         counts by operation and status ("none": no answer), 429s, and for
//   each
//            client its arrivals and the most of them in any sliding window
//   GET PUT POST DELETE /__control/faults         list, replace, add, clear rules: fault_plan.hpp
//   POST   /__control/use-budget                  {client, requests}: somebody else uses the client's rate
//   budget now POST   /__control/tokens                      {client, user, seconds} -> {access_token};
//   DELETE [?client=ID] revokes POST   /__control/responses, /__control/libraries      response_library.hpp;
//   DELETE /__control/responses/ID
#include "simulator/server.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/program_options.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace options = boost::program_options;
namespace sim = cannedd::sim;
using tcp = boost::asio::ip::tcp;

namespace {

constexpr auto default_plan = R"json({"clients": [{"id": "11111111-1111-4111-8111-111111111111",
 "secret": "simulator-secret", "name": "simulated client"}]})json";

tcp::endpoint endpoint_of(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) throw std::runtime_error("'" + text + "' is not ADDRESS:PORT");
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2); // IPv6
    const auto address = boost::asio::ip::make_address(host);
    return {address, static_cast<unsigned short>(std::stoul(text.substr(colon + 1)))};
}

std::string contents(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream file(path);
    file << text;
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

options::options_description described() {
    options::options_description all("genesys-simulator");
    auto add = all.add_options();
    add("help", "says this");
    add("listen", options::value<std::string>()->default_value("127.0.0.1:0"), "where the API is (HTTPS)");
    add("control-listen", options::value<std::string>()->default_value("127.0.0.1:0"),
        "where control is (HTTP)");
    add("ca-out", options::value<std::string>()->default_value("simulator-ca.pem"),
        "the CA's certificate goes there");
    add("plan", options::value<std::string>(), "YAML file: see main.cpp");
    add("transcript", options::value<std::string>(), "JSON lines: what customers saw");
    add("requests-log", options::value<std::string>(), "JSON lines: what was asked");
    add("requests-log-bodies",
        "with query, headers and body of each; secrets and tokens are replaced by ***");
    add("seed", options::value<std::uint64_t>()->default_value(1), "of ids and probabilities");
    add("window-ms", options::value<std::int64_t>(), "of the rate limit");
    add("limit", options::value<std::int64_t>(), "requests of one client in a window");
    add("check-replies", "holds the simulator's own answers to the published structure too");
    return all;
}

void prepare(sim::world& in, const options::variables_map& given) {
    if (given.count("transcript") > 0) in.memory.transcribe_to(given["transcript"].as<std::string>());
    if (given.count("requests-log") > 0) in.memory.log_requests_to(given["requests-log"].as<std::string>());
    in.check_replies = given.count("check-replies") > 0;
    in.log_whole_requests = given.count("requests-log-bodies") > 0;
    in.apply(sim::json::parse(default_plan));
    if (given.count("plan") > 0) in.apply(sim::from_yaml(contents(given["plan"].as<std::string>())));
    sim::json::object rate;
    if (given.count("window-ms") > 0) rate["window_ms"] = given["window-ms"].as<std::int64_t>();
    if (given.count("limit") > 0) rate["limit"] = given["limit"].as<std::int64_t>();
    if (!rate.empty()) in.apply(sim::json::object{{"rate", rate}});
}

int run(const options::variables_map& given) {
    sim::world in(given["seed"].as<std::uint64_t>());
    prepare(in, given);
    const auto certs = sim::make_certificates();
    const auto ca_file = std::filesystem::absolute(given["ca-out"].as<std::string>());
    write_file(ca_file, certs.ca_pem);

    boost::asio::io_context context(1);
    const auto server = sim::make_server(context, in, certs, endpoint_of(given["listen"].as<std::string>()),
                                         endpoint_of(given["control-listen"].as<std::string>()));
    boost::asio::signal_set signals(context, SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error) server->stop();
    });
    std::cout << "ready url=https://" << server->api_endpoint() << " control=http://"
              << server->control_endpoint() << " ca_file=" << ca_file.string() << std::endl;
    context.run();
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        const auto known = described();
        options::variables_map given;
        options::store(options::parse_command_line(argc, argv, known), given);
        options::notify(given);
        if (given.count("help") > 0) {
            std::cout << known;
            return 0;
        }
        return run(given);
    } catch (const std::exception& problem) {
        std::cerr << "genesys-simulator: " << problem.what() << std::endl;
        return 64;
    }
}
