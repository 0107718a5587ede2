// A request as a log may hold it: query, headers and body, without a token or a secret.
#pragma once

#include "simulator/exchange.hpp"
#include "simulator/json_reading.hpp"

namespace cannedd::sim {

// {query: {name: value}, headers: {name in lower case: value}, body}. The body is JSON where it is JSON, an
// object of its fields where it is a form, else the text; left out when there is none.
json::object copy_of(const request& req);

} // namespace cannedd::sim
