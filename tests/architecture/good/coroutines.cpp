// as: lib/delivery/good.cpp
// Never compiled: forms that g++ 12.2 compiles rightly, and what only looks like the others.
#include "time/time_source.hpp"

asio::awaitable<void> fine(std::string text, asio::any_io_executor executor) {
    auto named = [text] { return text.size(); };
    co_await call(std::move(named));
    co_await call([] { return 1; });
    const auto [ec, bytes] = co_await socket.async_read(buffers[index], no_throw);
    if (auto found = co_await find(text); found) {
        use(job{1, text});
    }
    for (auto& part : co_await split(text)) {
        parts.push_back({part, 1});
    }
    const bool both = co_await a() && co_await b();
    const auto size = (co_await read()).size();
    std::string words = "co_await f(job{1}) ? co_await a() : b";
    // co_await f([text] {}); in a comment
    if (co_await ready()) {
        work();
    } else {
    }
    switch (co_await kind()) {
    case kind::a: work(); break;
    default: break;
    }
    [[maybe_unused]] const auto answer = co_await send(text, {});
    auto kept = job{3, text};
    co_await send(std::move(kept));
    co_return;
}

job plain(bool yes) {
    const std::string text = yes ? "a" : "b";
    return job{1, text};
}

struct holder {
    int number{0};
    asio::awaitable<bool> once() override { co_return co_await bell.wait_until(number); }
};

asio::awaitable<std::vector<int>> listed() { co_return co_await numbers(); }
