// What every attempt and verification is handed: the interfaces to the other rooms and the settings. All of
// it outlives them.
#pragma once

#include "delivery/conversation_book.hpp"
#include "delivery/observer.hpp"
#include "delivery/recorder.hpp"
#include "delivery/settings.hpp"
#include "delivery/step.hpp"
#include "log/logger.hpp"
#include "queue/message_store.hpp"
#include "time/time_source.hpp"

#include <functional>

namespace cannedd {

struct delivery_context {
    delivery_context(message_store& store_, store_health& health_, recorder& recorder_, time_source& time_,
                     logger& log_, delivery_observer& observer_, delivery_options& options_,
                     conversation_book& book_, std::function<double()> chance_)
        : store(store_)
        , health(health_)
        , recording(recorder_)
        , time(time_)
        , log(log_)
        , observer(observer_)
        , options(options_)
        , book(book_)
        , chance(std::move(chance_)) {}

    message_store& store;
    store_health& health;
    recorder& recording;
    time_source& time;
    logger& log;
    delivery_observer& observer;
    delivery_options& options;
    conversation_book& book;
    std::function<double()> chance; // uniform in [0, 1)
    attempt_hook at_step;           // empty in production

    void reach(step at) const {
        if (at_step) at_step(at);
    }
};

} // namespace cannedd
