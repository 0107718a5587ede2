// as: tests/unit/good_test.cpp
#include "queue/sqlite_store.hpp"

#include <sqlite3.h>

asio::awaitable<void> wait(virtual_time& time) { co_await time.sleep_until(time.steady() + seconds(1)); }
