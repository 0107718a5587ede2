// --doctor asks a handful of questions: its gate lets all of them pass, and remembers what the headers told.
#pragma once

#include "genesys/request_gate.hpp"

namespace cannedd {

class open_gate final : public request_gate {
public:
    asio::awaitable<admission> admit(std::string_view /*operation*/) override {
        co_return admission::granted;
    }
    void answered(std::string_view /*operation*/, const request_facts& /*facts*/, const rate_headers& told,
                  steady_duration /*took*/) override {
        if (told.allowed) seen = told;
    }
    rate_headers seen;
};

} // namespace cannedd
