#include "metrics/metrics.hpp"

#include "metrics/process_metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace cannedd {
namespace {

using buckets = prometheus::Histogram::BucketBoundaries;

double in_seconds(steady_duration d) {
    return std::chrono::duration<double>(d).count();
}

std::string code_of(const request_facts& facts) {
    return facts.http_status != 0 ? std::to_string(facts.http_status) : std::string(name_of(facts.fault));
}

std::string_view name_of(row_end how) {
    switch (how) {
    case row_end::sent: return "sent";
    case row_end::verified: return "verified";
    case row_end::undelivered: return "undelivered";
    case row_end::failed: return "failed";
    case row_end::expired: return "expired";
    case row_end::unconfirmed: return "unconfirmed";
    }
    return "?";
}

constexpr std::array ends{row_end::sent,   row_end::verified, row_end::undelivered,
                          row_end::failed, row_end::expired,  row_end::unconfirmed};

double age(const store_result<std::optional<wall_time>>& since, wall_time now) {
    return since && *since ? in_seconds(std::max(now - **since, milliseconds(0))) : 0;
}

const buckets request_buckets{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
const buckets delivery_buckets{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,  1,
                               2.5,   5,    10,    30,   60,  300,  1800, 3600};
const buckets commit_buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5};

} // namespace

struct metrics::families {
    explicit families(prometheus::Registry& r)
        : messages(gauge(r, "cannedd_messages", "Messages in the queue by status"))
        , attempts(counter(r, "cannedd_attempts_total", "Attempts by outcome"))
        , requests(counter(r, "cannedd_requests_total", "Requests to the API by operation and HTTP status"))
        , request_time(histogram(r, "cannedd_request_seconds", "Time from sending a request to its answer"))
        , delivery_time(histogram(r, "cannedd_delivery_seconds", "Time from due to accepted"))
        , results(counter(r, "cannedd_results_total",
                          "Messages that ended; verified and undelivered ones were sent as well"))
        , tokens(counter(r, "cannedd_token_requests_total", "Requests for access tokens by HTTP status"))
        , oldest_undelivered(gauge(r, "cannedd_oldest_undelivered_seconds",
                                   "Age of the oldest message that could go now or is tried again"))
        , certificate(gauge(r, "cannedd_certificate_expiry_seconds",
                            "Time until the account's own certificate expires"))
        , oldest_due(gauge(r, "cannedd_oldest_due_seconds", "Age of the oldest message that is due"))
        , balance(gauge(r, "cannedd_rate_tokens", "Balance of the token bucket, in requests"))
        , blocked(gauge(r, "cannedd_rate_blocked", "1 while the limiter lets nothing leave"))
        , breaker(gauge(r, "cannedd_breaker_open", "1 while the circuit breaker is not closed"))
        , paused(gauge(r, "cannedd_account_paused", "1 while the account is paused"))
        , in_flight(gauge(r, "cannedd_in_flight", "Attempts that are under way"))
        , in_doubt(gauge(r, "cannedd_in_doubt", "Messages that are being read back"))
        , store_up(gauge(r, "cannedd_store_up", "1 while the database works"))
        , reload(gauge(r, "cannedd_config_last_reload_successful", "1 unless the last reload was refused"))
        , reload_time(gauge(r, "cannedd_config_last_reload_success_timestamp_seconds",
                            "When a configuration was last taken into force"))
        , wal(gauge(r, "cannedd_wal_bytes", "Size of the write-ahead log"))
        , commit_time(histogram(r, "cannedd_commit_seconds", "Time of one commit, retries included"))
        , build(gauge(r, "cannedd_build_info", "Version of the daemon and of SQLite")) {}

    using gauges = prometheus::Family<prometheus::Gauge>;
    using counters = prometheus::Family<prometheus::Counter>;
    using histograms = prometheus::Family<prometheus::Histogram>;

    std::array<gauges*, 9> gauges_of_accounts() {
        return {&oldest_due, &oldest_undelivered, &balance,  &blocked,    &breaker,
                &paused,     &in_flight,          &in_doubt, &certificate};
    }
    static gauges& gauge(prometheus::Registry& r, const char* name, const char* help) {
        return prometheus::BuildGauge().Name(name).Help(help).Register(r);
    }
    static counters& counter(prometheus::Registry& r, const char* name, const char* help) {
        return prometheus::BuildCounter().Name(name).Help(help).Register(r);
    }
    static histograms& histogram(prometheus::Registry& r, const char* name, const char* help) {
        return prometheus::BuildHistogram().Name(name).Help(help).Register(r);
    }

    gauges& messages;
    counters& attempts;
    counters& requests;
    histograms& request_time;
    histograms& delivery_time;
    counters& results;
    counters& tokens;
    gauges& oldest_undelivered;
    gauges& certificate;
    gauges& oldest_due;
    gauges& balance;
    gauges& blocked;
    gauges& breaker;
    gauges& paused;
    gauges& in_flight;
    gauges& in_doubt;
    gauges& store_up;
    gauges& reload;
    gauges& reload_time;
    gauges& wal;
    histograms& commit_time;
    gauges& build;
};

metrics::metrics(const std::string& sqlite_version) : families_(std::make_unique<families>(registry_)) {
    families_->build.Add({{"version", CANNEDD_VERSION}, {"sqlite", sqlite_version}}).Set(1);
    families_->wal.Add({});
    families_->commit_time.Add({}, commit_buckets);
    families_->store_up.Add({}).Set(1);
    families_->reload.Add({}).Set(1); // the file that it began with was good
}

metrics::~metrics() = default;

// Looking a metric up by its labels makes a map of strings each time: those of each message are kept.
struct metrics::of_account {
    of_account(families& all, const std::string& name)
        : delivery_time(all.delivery_time.Add({{"account", name}}, delivery_buckets))
        , name_(name)
        , all_(all) {
        for (const auto how : ends)
            results.at(static_cast<std::size_t>(how)) =
                &all.results.Add({{"account", name}, {"status", std::string(name_of(how))}});
        for (std::size_t what = 0; what < attempts.size(); ++what)
            attempts.at(what) = &all.attempts.Add(
                {{"account", name}, {"outcome", std::string(name_of(static_cast<outcome>(what)))}});
    }

    prometheus::Counter& requests(const std::string& operation, const std::string& code) {
        auto& known = requests_[{operation, code}];
        if (known == nullptr)
            known = &all_.requests.Add({{"account", name_}, {"operation", operation}, {"code", code}});
        return *known;
    }

    std::array<prometheus::Counter*, ends.size()> results{};
    std::array<prometheus::Counter*, outcome_count> attempts{};
    prometheus::Histogram& delivery_time;

private:
    std::string name_;
    families& all_;
    std::map<std::pair<std::string, std::string>, prometheus::Counter*> requests_; // operation, code
};

metrics::of_account& metrics::account(const std::string& name) {
    auto& known = of_accounts_[name];
    if (!known) known = std::make_unique<of_account>(*families_, name);
    return *known;
}

void metrics::request_ended(const std::string& name, std::string_view operation, const request_facts& facts,
                            steady_duration took) {
    const std::string what(operation);
    account(name).requests(what, code_of(facts)).Increment();
    auto& time = request_times_[what];
    if (time == nullptr) time = &families_->request_time.Add({{"operation", what}}, request_buckets);
    time->Observe(in_seconds(took));
}

void metrics::attempt_ended(const std::string& name, outcome what) {
    account(name).attempts.at(static_cast<std::size_t>(what))->Increment();
}

void metrics::delivered(const std::string& name, milliseconds since_due) {
    account(name).delivery_time.Observe(in_seconds(since_due));
}

void metrics::ended(const std::string& name, row_end how, std::size_t rows) {
    account(name).results.at(static_cast<std::size_t>(how))->Increment(static_cast<double>(rows));
}

void metrics::token_requested(const std::string& account, const request_facts& facts) {
    families_->tokens.Add({{"account", account}, {"code", code_of(facts)}}).Increment();
}

void metrics::committed(steady_duration took, std::size_t /*changes*/) {
    families_->commit_time.Add({}, commit_buckets).Observe(in_seconds(took));
}

void metrics::reloaded(bool well, wall_time now) {
    families_->reload.Add({}).Set(well ? 1 : 0);
    if (well) families_->reload_time.Add({}).Set(in_seconds(now.time_since_epoch()));
}

// What is told first with its first event would make rate() blind to that event, and an alert with it.
void metrics::begin_account(const std::string& name) {
    for (int status = 0; status <= static_cast<int>(message_status::unconfirmed); ++status)
        families_->messages.Add(
            {{"account", name}, {"status", std::string(name_of(static_cast<message_status>(status)))}});
    account(name).requests("send", "200");
    families_->request_time.Add({{"operation", "send"}}, request_buckets);
    for (const auto* const code : {"200", "400", "401"})
        families_->tokens.Add({{"account", name}, {"code", code}});
}

// What an account was doing when it was taken out of the configuration is nothing to be alerted of for ever.
void metrics::forget_gauges(const std::string& name) {
    const prometheus::Labels of{{"account", name}};
    for (auto* family : families_->gauges_of_accounts())
        if (family->Has(of)) family->Remove(&family->Add(of));
}

void metrics::follow_accounts(const engine& machine) {
    std::set<std::string> served;
    machine.for_each_account([&](const engine::account_state& it) { served.insert(it.name); });
    for (const auto& name : served)
        if (!accounts_.contains(name)) begin_account(name);
    for (const auto& name : accounts_)
        if (!served.contains(name)) forget_gauges(name);
    accounts_ = std::move(served);
}

void metrics::certificates(const std::map<std::string, wall_time>& expire) {
    certificates_ = expire;
}

void metrics::refresh(engine& machine, wall_time now) {
    follow_accounts(machine);
    auto& store = machine.store();
    if (const auto counts = store.counts())
        for (const auto& c : *counts)
            families_->messages.Add({{"account", c.account}, {"status", std::string(name_of(c.status))}})
                .Set(static_cast<double>(c.messages));
    machine.for_each_account([&](const engine::account_state& account) {
        const prometheus::Labels of{{"account", account.name}};
        families_->oldest_due.Add(of).Set(age(store.oldest_due(account.name, now), now));
        families_->oldest_undelivered.Add(of).Set(age(store.oldest_undelivered(account.name, now), now));
        families_->balance.Add(of).Set(account.gate.balance());
        families_->blocked.Add(of).Set(account.gate.blocked() ? 1 : 0);
        families_->breaker.Add(of).Set(account.gate.breaker_open() ? 1 : 0);
        families_->paused.Add(of).Set(account.gate.paused() ? 1 : 0);
        families_->in_flight.Add(of).Set(static_cast<double>(account.in_flight));
        families_->in_doubt.Add(of).Set(static_cast<double>(account.in_doubt));
        if (const auto own = certificates_.find(account.name); own != certificates_.end())
            families_->certificate.Add(of).Set(in_seconds(own->second - now));
    });
    families_->store_up.Add({}).Set(machine.health().ok ? 1 : 0);
    families_->wal.Add({}).Set(static_cast<double>(machine.wal_bytes()));
}

std::string metrics::text() const {
    auto all = registry_.Collect();
    for (auto& family : process_metrics())
        all.push_back(std::move(family));
    return prometheus::TextSerializer().Serialize(all);
}

} // namespace cannedd
