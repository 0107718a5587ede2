// Listings as the API pages them, and what a query string asks of them.
#pragma once

#include "simulator/api.hpp"

namespace cannedd::sim {

std::string query_value(const request& req, const std::string& name, std::string fallback = {});
std::size_t query_number(const request& req, const std::string& name, std::size_t fallback);

// One page of a listing, with the numbers that go with it.
json::object page_of(const json::array& all, std::size_t size, std::size_t number);
// The page that the query string asks for.
reply page_reply(const request& req, const json::array& all);

} // namespace cannedd::sim
