#include "page/status_pages.hpp"

#include "page/status_page.hpp"
#include "queue/sqlite_store.hpp"

#include <algorithm>
#include <set>

namespace cannedd {
namespace {

constexpr seconds kept{1}; // what was gathered

std::set<std::string> names_of(const settings& configured) {
    std::set<std::string> names;
    for (const auto& [name, account] : configured.accounts)
        names.insert(name);
    return names;
}

} // namespace

status_pages::status_pages(metrics& numbers, const recent_activity& lately, engine& machine,
                           const time_source& time, const settings& configured)
    : numbers_(numbers), lately_(lately), machine_(machine), time_(time), configured_(configured) {}

endpoint_answer status_pages::answer(const std::string& path) {
    endpoint_answer page;
    if (path == "/metrics") {
        numbers_.refresh(machine_, time_.wall());
        page.body = numbers_.text();
    } else if (path == "/healthz") {
        page.body = "ok\n"; // the loop answers: it lives
    } else if (path == "/readyz") {
        const auto health = machine_.health();
        page.status = health.ok ? 200 : 503;
        page.body = health.ok ? "ready\n" : "the database is in trouble: " + health.trouble + "\n";
    } else if (path == "/" || path == "/live") {
        auto facts = recent_facts();
        facts.refreshes = path == "/live";
        page.kind = endpoint_answer::content::page;
        page.body = write_status_page(facts);
    } else {
        page.status = 404;
        page.body = "/ /live /metrics /healthz /readyz\n";
    }
    return page;
}

const page_facts& status_pages::recent_facts() {
    const auto now = time_.steady();
    if (!gathered_ || now - gathered_at_ > kept) {
        gathered_ = gather();
        gathered_at_ = now;
    }
    return *gathered_;
}

page_facts status_pages::gather() const {
    page_facts facts;
    facts.now = time_.wall();
    facts.version = CANNEDD_VERSION;
    facts.sqlite = sqlite_library_version();
    facts.database = configured_.database.string();
    if (const auto health = machine_.health(); !health.ok) facts.store_trouble = health.trouble;
    facts.show_texts = configured_.metrics_show_texts;
    facts.watched = std::min(std::chrono::floor<seconds>(lately_.covers()), seconds(minutes(60)));
    auto queue = read_overview(configured_.database, names_of(configured_), facts.now);
    facts.reading_trouble = std::move(queue.trouble);
    for (auto& account : queue.accounts) {
        account_facts it;
        it.configured = configured_.accounts.contains(account.name);
        it.queue = std::move(account);
        facts.accounts.push_back(std::move(it));
    }
    machine_.for_each_account([&](const engine::account_state& account) { add_account(facts, account); });
    facts.problems = std::move(queue.problems);
    facts.doubts = std::move(queue.doubts);
    facts.hour = lately_.last_hour();
    facts.whole_hour = lately_.whole_hour();
    return facts;
}

void status_pages::add_account(page_facts& facts, const engine::account_state& account) const {
    const auto found = std::ranges::find(facts.accounts, account.name,
                                         [](const account_facts& it) { return it.queue.name; });
    const auto configured = configured_.accounts.find(account.name);
    if (configured == configured_.accounts.end()) return; // it ends with its last message in flight
    auto& it = found != facts.accounts.end() ? *found : facts.accounts.emplace_back();
    it.queue.name = account.name;
    it.paused = account.gate.paused();
    it.breaker_open = account.gate.breaker_open();
    it.requests_per_minute = configured->second.rate.requests_per_minute;
    it.requests = lately_.requests_last_minute(account.name);
    it.in_flight = account.in_flight;
    it.in_doubt = account.in_doubt;
    it.sent = lately_.sent_last_hour(account.name);
}

} // namespace cannedd
