// What every attempt and verification is handed: the interfaces to the other rooms and the settings. All of
// it outlives them.
#pragma once

#include "delivery/conversation_book.hpp"
#include "delivery/observer.hpp"
#include "delivery/recorder.hpp"
#include "delivery/step.hpp"
#include "log/logger.hpp"
#include "policy/disposition.hpp"
#include "queue/message_store.hpp"
#include "time/time_source.hpp"

#include <functional>
#include <map>
#include <string>

namespace cannedd {

struct delivery_options {
    decision_limits limits;
    milliseconds settle = std::chrono::seconds(2); // before a conversation is read back
    int reads_before_absent = 3;                   // one after `settle`, the others each half of it later
    milliseconds drain = std::chrono::seconds(25); // how long attempts in flight may take after SIGTERM
    bool follow_status = false;
    std::map<std::string, std::string> file_responses; // of responses_file; the table comes first
    retention_limits retention;
};

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
