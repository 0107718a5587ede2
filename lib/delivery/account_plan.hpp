// One account as the engine is asked to serve it. A reload hands in new plans: what is equal is left as it
// is.
#pragma once

#include "delivery/settings.hpp"
#include "policy/circuit_breaker.hpp"
#include "policy/rate_settings.hpp"

#include <memory>
#include <string>

namespace cannedd {

class conversation_api;
class request_gate;

// Makes an account's way to Genesys: transports, tokens, client, whatever lies below conversation_api.
class api_factory {
public:
    virtual ~api_factory() = default;
    // Throws std::runtime_error with a sentence for the operator. The gate outlives what is made; what is
    // made ends with its last user.
    virtual std::shared_ptr<conversation_api> make(request_gate& gate) const = 0;
    // Whether the other would make the same: then a reload keeps what there is.
    virtual bool makes_the_same(const api_factory& other) const = 0;
};

struct account_plan {
    std::string name;
    account_options options;
    rate_settings rate;
    breaker_settings breaker;
    milliseconds expire_after{std::chrono::hours(1)};
    std::shared_ptr<const api_factory> api;
};

} // namespace cannedd
