#include "status_pages.hpp"

namespace cannedd {

status_pages::status_pages(metrics& numbers, engine& machine, const time_source& time)
    : numbers_(numbers), machine_(machine), time_(time) {}

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
    } else {
        page.status = 404;
        page.body = "/metrics /healthz /readyz\n";
    }
    return page;
}

} // namespace cannedd
