// The conversation details query: which conversations it finds, judged on the JSON that it would answer.
#pragma once

#include "simulator/json_reading.hpp"

#include <stdexcept>
#include <string>

namespace cannedd::sim {

// The query asks for something that Genesys refuses, or that the simulator cannot judge: a sentence.
struct bad_query : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Whether the conversation (AnalyticsConversationWithoutAttributes) is a hit. Throws bad_query.
bool matches_query(const json::value& conversation, const json::value& query);
// Checks the interval and the paging; throws bad_query.
void check_query(const json::value& query);

} // namespace cannedd::sim
