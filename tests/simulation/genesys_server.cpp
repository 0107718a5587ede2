#include "genesys_server.hpp"

#include "genesys/api_words.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cannedd::simulation {

enum class fate : std::uint8_t {
    good,
    unreachable,
    not_written,
    lost_before,
    lost_after,
    timeout_before,
    timeout_after,
    server_error_before,
    server_error_after,
    cut_short,
    without_id,
    refused,
    stale,
    throttled,
    unauthorized,
    account_fault,
};

namespace {

constexpr std::array<const char*, 16> fate_names{"good",          "unreachable",         "not written",
                                                 "lost before",   "lost after",          "timeout before",
                                                 "timeout after", "server error before", "server error after",
                                                 "cut short",     "without id",          "refused",
                                                 "stale",         "throttled",           "unauthorized",
                                                 "account fault"};

// Before it is processed, its answer is lost or never comes.
bool is_processed(fate how) {
    return how == fate::good || how == fate::without_id || how == fate::lost_after ||
           how == fate::timeout_after || how == fate::server_error_after || how == fate::cut_short;
}

bool times_out(fate how) {
    return how == fate::timeout_before || how == fate::timeout_after;
}

void answer(request_facts& facts, int status, const char* code = "") {
    facts.reached = phase::replied;
    facts.fault = transport_fault::none;
    facts.http_status = status;
    facts.word = word_of(code);
    facts.api_code = code;
    facts.reply_whole = true;
}

void break_off(request_facts& facts, phase reached, transport_fault fault) {
    facts.reached = reached;
    facts.fault = fault;
    facts.http_status = 0;
    facts.reply_whole = false;
}

void tell(request_facts& facts, fate how, dice& throws) {
    constexpr std::array<int, 5> outages{500, 502, 503, 504, 408};
    switch (how) {
    case fate::good: answer(facts, 200); break;
    case fate::unreachable: break_off(facts, phase::not_connected, transport_fault::connect); break;
    case fate::not_written: break_off(facts, phase::not_written, transport_fault::connection_lost); break;
    case fate::lost_before:
    case fate::lost_after: break_off(facts, phase::written, transport_fault::connection_lost); break;
    case fate::timeout_before:
    case fate::timeout_after: break_off(facts, phase::written, transport_fault::timeout); break;
    case fate::server_error_before:
    case fate::server_error_after: answer(facts, throws.one_of(outages)); break;
    case fate::cut_short:
        answer(facts, 200);
        facts.reply_whole = false;
        facts.fault = transport_fault::connection_lost;
        break;
    case fate::without_id: answer(facts, 202); break;
    case fate::refused: answer(facts, throws.chance(0.8) ? 400 : 413, "bad.request"); break;
    case fate::stale: answer(facts, throws.chance(0.5) ? 404 : 409); break;
    case fate::throttled:
        answer(facts, 429, "too.many.requests");
        if (throws.chance(0.9)) facts.retry_after = seconds(throws.between(0, 5));
        break;
    case fate::unauthorized: answer(facts, 401); break;
    case fate::account_fault: answer(facts, 403, "missing.permissions"); break;
    }
}

void replace(std::string& text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

std::string misread(const std::string& text) {
    std::string out;
    for (const char byte : text)
        out += encode_utf8(static_cast<unsigned char>(byte)).value();
    return out;
}

std::string kept_as(keeping how, std::string text) {
    switch (how) {
    case keeping::escaped:
        replace(text, "&", "&amp;");
        replace(text, "'", "&#39;");
        break;
    case keeping::plain:
        replace(text, "\u00A0", " ");
        replace(text, "\uFE0F", "");
        break;
    case keeping::cut_off: text.resize(std::min(text.size(), text.find('&'))); break;
    case keeping::with_more: text += " -- sent by a gateway"; break;
    case keeping::other_links: replace(text, "https://shop.example/a?b=1", "https://sho.rt/x"); break;
    case keeping::misread: return misread(text);
    case keeping::without:
        std::erase_if(text, [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; });
        break;
    case keeping::url_escaped: replace(text, " ", "%20"); break;
    case keeping::exactly:
    case keeping::last: break;
    }
    return text;
}

} // namespace

genesys_server::genesys_server(const plan& chosen, time_source& time, agenda& later, journal& notes)
    : plan_(chosen)
    , time_(time)
    , later_(later)
    , notes_(notes)
    , dice_(chosen.network)
    , began_(time.steady())
    , clock_began_(time.wall() + chosen.clock_skew) {
    for (const auto& one : plan_.conversations)
        rooms_.emplace_back(one);
    speak_before();
}

// A person has said the same words long before: reading back must not take them for ours.
void genesys_server::speak_before() {
    for (std::size_t i = 0; i < rooms_.size(); ++i) {
        if (!rooms_[i].plan->spoke_before) continue;
        heard_message said;
        said.id = "person-" + std::to_string(i);
        said.text = "c" + std::to_string(i) + " good day";
        said.kept = said.text;
        // Later it would be taken for ours, as the contract has it.
        said.timestamp = clock() - dice_.span(seconds(62), minutes(20));
        said.readable_at = began_;
        said.by_us = false;
        rooms_[i].heard.push_back(std::move(said));
    }
}

wall_time genesys_server::clock() const {
    return clock_began_ + std::chrono::floor<milliseconds>(time_.uptime() - began_);
}

bool genesys_server::reached(const std::optional<milliseconds>& since_begin) const {
    return since_begin && time_.steady() >= began_ + *since_begin;
}

bool genesys_server::ended(const conversation_room& room) const {
    return reached(room.plan->ends);
}
bool genesys_server::ringing(const conversation_room& room) const {
    return room.plan->rings_until && !reached(room.plan->rings_until);
}
bool genesys_server::unreadable(const conversation_room& room) const {
    return reached(room.plan->unreadable_from) && !reached(room.plan->readable_again);
}

std::ptrdiff_t genesys_server::moves_made(const conversation_room& room) const {
    return std::count_if(room.plan->moves.begin(), room.plan->moves.end(),
                         [this](milliseconds at) { return reached(at); });
}

std::string genesys_server::communication_of(const conversation_room& room) const {
    return "m" + std::to_string(moves_made(room)) + "-" + room.plan->id;
}

bool genesys_server::lists(const std::string& account) const {
    return std::ranges::any_of(plan_.accounts,
                               [&](const planned_account& one) { return one.name == account && one.lists; });
}

std::vector<std::pair<conversation_room*, std::string>> genesys_server::listed(const std::string& account) {
    ++lists_told_;
    std::vector<std::pair<conversation_room*, std::string>> shown;
    for (auto& room : rooms_) {
        const auto& its = *room.plan;
        const bool is_there = its.exists && !its.unlisted && !ended(room) && !ringing(room);
        if (!is_there || plan_.accounts.at(its.account).name != account) continue;
        const auto made = moves_made(room);
        const auto told = its.listed_as_it_was ? std::max<std::ptrdiff_t>(made - 1, 0) : made;
        shown.emplace_back(&room, "m" + std::to_string(told) + "-" + its.id);
    }
    return shown;
}

conversation_room* genesys_server::find(const std::string& id) {
    const auto found = std::find_if(rooms_.begin(), rooms_.end(), [&](const auto& room) {
        return room.plan->id == id && room.plan->exists;
    });
    return found == rooms_.end() ? nullptr : &*found;
}

std::vector<conversation_room*> genesys_server::served_by(const std::string& agent_id) {
    std::vector<conversation_room*> open;
    for (auto& room : rooms_)
        if (room.plan->exists && room.plan->agent_id == agent_id && !ended(room)) open.push_back(&room);
    return open;
}

bool genesys_server::distorts(const conversation_room& room, const heard_message& said) const {
    const bool alters = room.plan->keeps >= keeping::cut_off && said.kept != said.text;
    return alters || !said.by_us || plan_.date_ahead > seconds(58);
}

// --- the network

fate genesys_server::throw_fate(bool is_send) {
    if (time_.steady() < down_until_)
        return dice_.chance(0.5) ? fate::unreachable : fate::server_error_before;
    if (calm_) return fate::good;
    const auto& rates = plan_.faults;
    const std::array<std::pair<fate, double>, 15> table{{
        {fate::unreachable, rates.unreachable},
        {fate::not_written, rates.not_written},
        {fate::lost_before, rates.lost_before},
        {fate::lost_after, rates.lost_after},
        {fate::timeout_before, rates.timeout_before},
        {fate::timeout_after, rates.timeout_after},
        {fate::server_error_before, rates.server_error_before},
        {fate::server_error_after, rates.server_error_after},
        {fate::cut_short, rates.cut_short},
        {fate::throttled, rates.throttled},
        {fate::unauthorized, rates.unauthorized},
        {fate::account_fault, rates.account_fault},
        {fate::refused, is_send ? rates.refused : 0},
        {fate::stale, is_send ? rates.stale : 0},
        {fate::without_id, is_send ? rates.without_id : 0},
    }};
    auto left = dice_.fraction();
    for (const auto& [how, rate] : table) {
        left -= rate;
        if (left < 0) return how;
    }
    return fate::good;
}

std::shared_ptr<exchange> genesys_server::begin(const std::string& account, fate how, receiver receive) {
    auto it = std::make_shared<exchange>();
    const auto now = time_.steady();
    const auto quick = milliseconds(30);
    const auto way = dice_.chance(0.7) ? dice_.span(milliseconds(1), quick)
                                       : dice_.span(milliseconds(1), plan_.arrival_max);
    auto back = dice_.span(milliseconds(1), dice_.chance(0.7) ? quick : plan_.answer_max);
    tell(it->facts, how, dice_);
    it->arrives = how != fate::unreachable && how != fate::not_written &&
                  (is_processed(how) || it->facts.http_status != 0 || dice_.chance(0.5));
    it->processed = is_processed(how);
    it->answered_at = times_out(how) ? now + plan_.request_timeout : now + way + back;
    if (it->answered_at > now + plan_.request_timeout) { // the answer comes too late
        it->answered_at = now + plan_.request_timeout;
        break_off(it->facts, phase::written, transport_fault::timeout);
    }
    it->answered_at = std::max(it->answered_at, now + way + milliseconds(1));
    it->took = it->answered_at - now;
    notes_.note(std::string("  its fate: ") + fate_names.at(static_cast<std::size_t>(how)) +
                (it->arrives ? "" : ", does not arrive"));
    if (!it->arrives) return it;
    std::erase_if(under_way_, [](const auto& gone) { return gone.expired(); });
    under_way_.push_back(it);
    later_.at(now + way, [this, it, account, does = std::move(receive)] { arrive(*it, account, does); });
    return it;
}

void genesys_server::arrive(exchange& it, const std::string& account, const receiver& receive) {
    if (!it.arrives) return; // whoever sent it died, and it with him
    arrivals_[account].push_back(time_.steady());
    it.server_time = clock() + plan_.date_ahead;
    it.rate = rate_told(account);
    if (receive) receive(it);
}

rate_headers genesys_server::rate_told(const std::string& account) const {
    rate_headers told;
    for (const auto& one : plan_.accounts) {
        if (one.name != account || !one.tells_rate) continue;
        const auto window_began = std::chrono::floor<minutes>(time_.steady());
        const auto& all = arrivals_.at(account);
        told.allowed = one.rate.requests_per_minute;
        told.count = static_cast<int>(all.end() - std::lower_bound(all.begin(), all.end(), window_began));
        told.reset = std::chrono::duration_cast<seconds>(window_began + minutes(1) - time_.steady());
    }
    return told;
}

std::shared_ptr<exchange> genesys_server::look_up(const std::string& account) {
    return begin(account, throw_fate(false), nullptr);
}

std::shared_ptr<exchange> genesys_server::send(const std::string& account, const target& to,
                                               const std::string& text) {
    const auto how = throw_fate(true);
    return begin(account, how, [this, to, text, how](exchange& it) { receive(it, to, text, how); });
}

void genesys_server::receive(exchange& it, const target& to, const std::string& text, fate how) {
    ++sends_arrived_[text];
    auto* const room = find(to.conversation_id);
    const bool here = room != nullptr && !ended(*room) && communication_of(*room) == to.communication_id;
    if (!it.processed) {
        notes_.note("server: not processed: " + text);
        return;
    }
    if (!here) {
        it.processed = false;
        if (it.facts.http_status / 100 == 2) answer(it.facts, 404);
        notes_.note("server: 404 for " + text);
        return;
    }
    hear(*room, text, it);
    if (how == fate::good && it.facts.http_status == 200) it.remote_id = room->heard.back().id;
}

void genesys_server::hear(conversation_room& room, const std::string& text, exchange& it) {
    heard_message said;
    said.id = "remote-" + std::to_string(++ids_);
    said.text = text;
    said.kept = kept_as(room.plan->keeps, text);
    said.timestamp = dice_.chance(0.5) ? clock() : std::chrono::floor<seconds>(clock());
    said.readable_at = time_.steady() + dice_.span(milliseconds(0), plan_.lag_max);
    notes_.note("customer of " + room.plan->id.substr(35) + " reads: " + text + " (" + said.id + ")");
    room.heard.push_back(std::move(said));
    it.processed = true;
}

void genesys_server::client_died() {
    for (const auto& weak : under_way_)
        if (const auto it = weak.lock(); it && dice_.chance(0.5)) it->arrives = false;
    under_way_.clear();
}

} // namespace cannedd::simulation
