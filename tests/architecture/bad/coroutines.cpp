// as: lib/delivery/bad.cpp
// Never compiled: each line that is marked crashed, or did not compile, with g++ 12.2.
#include "time/time_source.hpp"

asio::awaitable<void> p1(std::string text, asio::any_io_executor executor) {
    co_await call([text] { return text.size(); });                        // BAD P1
    co_await call(std::function<void()>([copy = std::move(text)] {}));    // BAD P1
    const auto size = co_await call(1, [=](int n) { return n + text; });  // BAD P1
    co_await asio::co_spawn(executor,                                     // BAD P1
                            [text]() -> asio::awaitable<void> { co_await other(text); }, asio::use_awaitable);
    co_await [text]() -> asio::awaitable<void> { co_return; }(); // BAD P1
    if (co_await call([this, text]() mutable { return true; })) { // BAD P1
        work();
    }
}

asio::awaitable<void> p2(std::string text) {
    co_await send(job{1, text});                     // BAD P2
    co_await send({.number = 1, .text = text});      // BAD P2
    auto reply = co_await send(pool, job{});         // BAD P2
    co_return co_await send(std::vector<int>{1, 2}); // BAD P2
    while (co_await send(job{2, text})) {            // BAD P2
        work();
    }
    for (auto& part : co_await split({"a", "b"})) { // BAD P2
        work(part);
    }
    auto named = [&]() -> asio::awaitable<void> {
        co_await send(job{3, text}); // BAD P2
    };
}

asio::awaitable<void> p3() {
    job one{co_await number(), "text"};             // BAD P3
    auto two = job{.number = co_await number()};    // BAD P3
    std::vector<int> all{co_await a(), co_await b()}; // BAD P3
}

asio::awaitable<void> p4(bool yes) {
    std::string text = yes ? co_await read() : std::string(); // BAD P4
    auto other = yes ? std::string()
                     : co_await read(); // BAD P4
}

asio::awaitable<void> p6() {
    if (co_await ready()) {} // BAD P6
    if (co_await ready()) {  // BAD P6
        // nothing to do
    }
    if (co_await ready()); // BAD P6
    else work();
    switch (co_await kind()) { // BAD P6
    case a: break;
    default: break;
    }
}
