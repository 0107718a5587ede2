#include "judgement.hpp"

#include "world.hpp"

#include <algorithm>
#include <map>

namespace cannedd::simulation {
namespace {

struct row {
    std::int64_t id = 0;
    std::string status, text, error, detail, key;
    bool verified = false;
    bool named = false; // has a remote_message_id
    bool finished = false;
    std::optional<wall_time> expires_at;
    int attempts = 0;
    int reports = 0;      // rows in `attempts`
    int open_reports = 0; // that were never closed
    int wire_reports = 0; // whose request may have reached the server
};

// How often a customer may have read what a row says.
struct expectation {
    int least = 0;
    int most = 0;
};

const std::string all_rows = R"(
SELECT m.id, m.status, coalesce(m.sent_text, m.text, r.text, ''), coalesce(m.error, ''), m.verified,
       m.remote_message_id IS NOT NULL, m.finished_at IS NOT NULL, m.attempts, m.dedup_key, m.expires_at,
       count(a.id), coalesce(sum(a.id IS NOT NULL AND a.finished_at IS NULL), 0), coalesce(sum(a.phase IN ('written', 'replied')), 0),
       coalesce(m.error_detail, '')
  FROM messages AS m LEFT JOIN responses AS r ON r.name = m.response LEFT JOIN attempts AS a ON a.message_id = m.id
 GROUP BY m.id)";

std::size_t room_of(const std::string& text) {
    return static_cast<std::size_t>(text.at(1) - '0');
}

class judge_of_one_run {
public:
    judge_of_one_run(const plan& chosen, genesys_server& server, const neighbours& others, journal& notes,
                     wall_time now)
        : plan_(chosen), server_(server), others_(others), notes_(notes), now_(now) {}

    void read(connection& eyes) {
        const bool whole = eyes.query(all_rows, {}, [this](const connection::row& r) {
            row one;
            one.id = r.number(0);
            one.status = r.text(1);
            one.text = r.text(2);
            one.error = r.text(3);
            one.verified = r.number(4) != 0;
            one.named = r.number(5) != 0;
            one.finished = r.number(6) != 0;
            one.attempts = static_cast<int>(r.number(7));
            one.key = r.text(8);
            if (!r.is_null(9)) one.expires_at = wall_time(milliseconds(r.number(9)));
            one.reports = static_cast<int>(r.number(10));
            one.open_reports = static_cast<int>(r.number(11));
            one.wire_reports = static_cast<int>(r.number(12));
            one.detail = r.text(13);
            rows_.push_back(std::move(one));
        });
        if (!whole) notes_.violate("integrity", "the rows cannot be read: " + eyes.error());
    }

    void check_texts();
    void check_addressees();
    void check_rows();
    void check_acknowledged();
    void check_rate();
    void count(run_figures& figures) const;

private:
    expectation expected(const row& one) const;
    int heard(const std::string& text) const;
    bool doubt_is_explained(const row& one) const;

    const plan& plan_;
    genesys_server& server_;
    const neighbours& others_;
    journal& notes_;
    wall_time now_;
    std::vector<row> rows_;
};

expectation judge_of_one_run::expected(const row& one) const {
    expectation it;
    if (one.status == "sent") it = {1, 1};
    if (one.status == "unconfirmed" || one.status == "sending") it = {0, 1};
    if (others_.judged().contains(one.id)) it = {0, 1};
    if (const auto again = others_.told_again().find(one.id); again != others_.told_again().end())
        it.most += again->second;
    if (plan_.limits.doubt == doubt_policy::resend)
        it.most += one.wire_reports; // what the operator asked for
    return it;
}

int judge_of_one_run::heard(const std::string& text) const {
    int times = 0;
    for (const auto& room : server_.rooms())
        for (const auto& said : room.heard)
            if (said.by_us && said.text == text) ++times;
    return times;
}

// Each text belongs to one conversation; rows that say the same are counted together.
void judge_of_one_run::check_texts() {
    std::map<std::string, expectation> by_text;
    for (const auto& one : rows_) {
        const auto it = expected(one);
        by_text[one.text].least += it.least;
        by_text[one.text].most += it.most;
    }
    for (const auto& room : server_.rooms())
        for (const auto& said : room.heard)
            if (said.by_us) by_text.try_emplace(said.text);
    for (const auto& [text, it] : by_text) {
        const int times = heard(text);
        const auto found = " (" + text + ", read " + std::to_string(times) + " times, expected " +
                           std::to_string(it.least) + " to " + std::to_string(it.most) + ")";
        if (times < it.least) notes_.violate("lost", "sent, and the customer has not read it" + found);
        if (times > it.most)
            notes_.violate(it.most == 0 ? "ghost" : "twice", "the customer has read it too often" + found);
    }
    check_addressees();
}

// A text names the conversation that it was written for; a row that named only the agent may have reached
// another one of that agent.
void judge_of_one_run::check_addressees() {
    for (const auto& room : server_.rooms())
        for (const auto& said : room.heard)
            if (server_.rooms().at(room_of(said.text)).plan->agent_id != room.plan->agent_id)
                notes_.violate("ghost", "read in another conversation: " + said.text);
}

bool judge_of_one_run::doubt_is_explained(const row& one) const {
    if (plan_.limits.doubt == doubt_policy::hold) return true;
    if (!plan_.reloads.empty() && one.detail.find("is no longer configured") != std::string::npos)
        return true;
    // Each of several that say the same takes the next one's message where the clock that stamps them is
    // behind, and the last, this one, is left with one from long before: it may be ours or not.
    const auto says_the_same = [&](const row& other) { return other.id != one.id && other.text == one.text; };
    if (plan_.date_ahead > milliseconds(0) &&
        one.detail.find("a time from before it was sent") != std::string::npos &&
        std::ranges::any_of(rows_, says_the_same))
        return true;
    const auto& agent = server_.rooms().at(room_of(one.text)).plan->agent_id;
    return std::any_of(server_.rooms().begin(), server_.rooms().end(),
                       [&](const auto& room) { return room.could_not_tell && room.plan->agent_id == agent; });
}

void judge_of_one_run::check_rows() {
    static const std::map<std::string, bool> final_states{
        {"sent", true},  {"failed", true},       {"expired", true},  {"cancelled", true},
        {"held", false}, {"unconfirmed", false}, {"pending", false}, {"sending", false}};
    for (const auto& one : rows_) {
        const auto name = "row " + std::to_string(one.id) + " (" + one.status + ") ";
        if (one.finished != final_states.at(one.status))
            notes_.violate("state", name + "and finished_at disagree");
        if (one.status == "failed" && one.error.empty() && !others_.judged().contains(one.id))
            notes_.violate("state", name + "says not why");
        if (one.status == "sent" && !one.error.empty()) notes_.violate("state", name + "has an error");
        if (one.status == "unconfirmed" && !doubt_is_explained(one))
            notes_.violate("unexplained", name + "though it could be read back");
        const bool waits = one.status == "held" || one.status == "pending";
        if (waits && one.expires_at && *one.expires_at + seconds(10) < now_)
            notes_.violate("expired", name + "outlives its expires_at");
        if (one.attempts > one.reports)
            notes_.violate("attempts", name + "has fewer rows in attempts than attempts");
        if (one.attempts > plan_.limits.attempts_max)
            notes_.violate("attempts", name + "was tried too often");
        const auto stopped = others_.stopped().find(one.id);
        if (stopped != others_.stopped().end() && one.wire_reports > stopped->second)
            notes_.violate("stopped", name + "was sent again, although a person had stopped it");
        if (one.status == "sent" && one.wire_reports == 0)
            notes_.violate("attempts", name + "was sent without an attempt");
    }
    std::map<std::string, int> reports;
    std::string open;
    for (const auto& one : rows_) {
        reports[one.text] += one.wire_reports;
        if (one.open_reports > 0 && one.status != "sending") open += " " + std::to_string(one.id);
    }
    for (const auto& [text, times] : server_.sends_arrived())
        if (times > reports[text])
            notes_.violate("attempts", "the server has seen " + text + " " + std::to_string(times) +
                                           " times, attempts tells of " + std::to_string(reports[text]));
    if (!open.empty()) notes_.violate("attempts", "attempts were never closed, of rows" + open);
}

void judge_of_one_run::check_acknowledged() {
    for (const auto& key : others_.acknowledged())
        if (std::none_of(rows_.begin(), rows_.end(), [&](const row& one) { return one.key == key; }))
            notes_.violate("acknowledged", "a row that was committed is gone: " + key);
}

void judge_of_one_run::check_rate() {
    for (const auto& account : plan_.accounts) {
        const auto found = server_.arrivals().find(account.name);
        if (found == server_.arrivals().end()) continue;
        const auto& at = found->second;
        const auto most = static_cast<std::size_t>(account.rate.requests_per_minute);
        for (std::size_t last = most; last < at.size(); ++last) {
            if (at[last] - at[last - most] >= seconds(60)) continue;
            notes_.violate("rate", account.name + ": more than " + std::to_string(most) +
                                       " requests in a minute, the last of them " +
                                       std::to_string((at[last] - steady_time(std::chrono::hours(1))) /
                                                      milliseconds(1)) +
                                       " ms after the begin");
            break;
        }
    }
}

void judge_of_one_run::count(run_figures& figures) const {
    figures.rows = static_cast<int>(rows_.size());
    figures.lists = server_.lists_told();
    figures.found_by_list = server_.found_by_list();
    for (const auto& one : rows_)
        figures.sent += one.status == "sent" ? 1 : 0;
    for (const auto& room : server_.rooms())
        figures.heard += static_cast<int>(
            std::count_if(room.heard.begin(), room.heard.end(), [](const auto& said) { return said.by_us; }));
    for (const auto& [account, at] : server_.arrivals())
        figures.requests += static_cast<int>(at.size());
}

} // namespace

void judge(const plan& chosen, genesys_server& server, const neighbours& others, disk_vfs& eyes,
           journal& notes, run_figures& figures) {
    eyes.serve(std::make_shared<process>("judge"));
    connection file(database_file, eyes.name());
    std::string whole;
    file.query("PRAGMA integrity_check", {}, [&whole](const connection::row& r) { whole += r.text(0); });
    if (whole != "ok") notes.violate("integrity", whole + file.error());
    judge_of_one_run one(chosen, server, others, notes, eyes.on().wall());
    one.read(file);
    one.check_texts();
    one.check_rows();
    one.check_acknowledged();
    one.check_rate();
    one.count(figures);
}

} // namespace cannedd::simulation
