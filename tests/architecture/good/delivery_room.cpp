// as: lib/delivery/good.cpp
#include "delivery/attempt.hpp"
#include "genesys/conversation_api.hpp"
#include "log/logger.hpp"
#include "policy/rate_limiter.hpp"
#include "queue/message_store.hpp"
#include "time/time_source.hpp"

#include <boost/asio/awaitable.hpp>

void drain(delivery_loop& loop) { loop.stop(); }
