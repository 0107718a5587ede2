#include "metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/text_serializer.h>

#include <sstream>

namespace cannedd {
namespace {

using buckets = prometheus::Histogram::BucketBoundaries;

double in_seconds(steady_duration d) {
    return std::chrono::duration<double>(d).count();
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
}

metrics::~metrics() = default;

void metrics::request_ended(const std::string& account, std::string_view operation,
                            const request_facts& facts, steady_duration took) {
    const std::string name(operation);
    const auto code =
        facts.http_status != 0 ? std::to_string(facts.http_status) : std::string(name_of(facts.fault));
    families_->requests.Add({{"account", account}, {"operation", name}, {"code", code}}).Increment();
    families_->request_time.Add({{"operation", name}}, request_buckets).Observe(in_seconds(took));
}

void metrics::attempt_ended(const std::string& account, outcome what) {
    families_->attempts.Add({{"account", account}, {"outcome", std::string(name_of(what))}}).Increment();
}

void metrics::delivered(const std::string& account, milliseconds since_due) {
    families_->delivery_time.Add({{"account", account}}, delivery_buckets).Observe(in_seconds(since_due));
}

void metrics::committed(steady_duration took, std::size_t /*changes*/) {
    families_->commit_time.Add({}, commit_buckets).Observe(in_seconds(took));
}

void metrics::reloaded(bool well, wall_time now) {
    families_->reload.Add({}).Set(well ? 1 : 0);
    if (well) families_->reload_time.Add({}).Set(in_seconds(now.time_since_epoch()));
}

void metrics::refresh(engine& machine, wall_time now) {
    auto& store = machine.store();
    if (const auto counts = store.counts())
        for (const auto& c : *counts)
            families_->messages.Add({{"account", c.account}, {"status", std::string(name_of(c.status))}})
                .Set(static_cast<double>(c.messages));
    machine.for_each_account([&](const engine::account_state& account) {
        const prometheus::Labels of{{"account", account.name}};
        const auto oldest = store.oldest_due(account.name, now);
        const auto age = oldest && *oldest ? std::max(now - **oldest, milliseconds(0)) : milliseconds(0);
        families_->oldest_due.Add(of).Set(in_seconds(age));
        families_->balance.Add(of).Set(account.gate.balance());
        families_->blocked.Add(of).Set(account.gate.blocked() ? 1 : 0);
        families_->breaker.Add(of).Set(account.gate.breaker_open() ? 1 : 0);
        families_->paused.Add(of).Set(account.gate.paused() ? 1 : 0);
        families_->in_flight.Add(of).Set(static_cast<double>(account.in_flight));
        families_->in_doubt.Add(of).Set(static_cast<double>(account.in_doubt));
    });
    families_->store_up.Add({}).Set(machine.health().ok ? 1 : 0);
    families_->wal.Add({}).Set(static_cast<double>(machine.wal_bytes()));
}

std::string metrics::text() const {
    return prometheus::TextSerializer().Serialize(registry_.Collect());
}

} // namespace cannedd
