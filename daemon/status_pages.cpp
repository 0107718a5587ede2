#include "status_pages.hpp"

#include "delivery/upkeep.hpp"

namespace cannedd {

status_pages::status_pages(metrics& numbers, message_store& store, const store_health& health,
                           const gates_by_name& gates, const upkeep& keeping, const time_source& time)
    : numbers_(numbers), store_(store), health_(health), gates_(gates), keeping_(keeping), time_(time) {}

endpoint_answer status_pages::answer(const std::string& path) {
    endpoint_answer page;
    if (path == "/metrics") {
        std::map<std::string, account_gate*> by_name;
        for (const auto& [name, gate] : gates_)
            by_name[name] = gate.get();
        numbers_.refresh(store_, by_name, time_.wall(), keeping_.wal_bytes());
        page.body = numbers_.text();
    } else if (path == "/healthz") {
        page.body = "ok\n"; // the loop answers: it lives
    } else if (path == "/readyz") {
        page.status = health_.ok() ? 200 : 503;
        page.body = health_.ok() ? "ready\n" : "the database is in trouble\n";
    } else {
        page.status = 404;
        page.body = "/metrics /healthz /readyz\n";
    }
    return page;
}

} // namespace cannedd
