// Reading JSON documents that people wrote (plans, control calls). A value of the wrong type throws
// std::invalid_argument with a sentence that names the key.
#pragma once

#include <boost/json.hpp>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd::sim {

namespace json = boost::json;

const json::value* find(const json::value& object, std::string_view key); // nullptr: absent or null
std::string text_or(const json::value& object, std::string_view key, std::string fallback = {});
std::int64_t number_or(const json::value& object, std::string_view key, std::int64_t fallback);
double real_or(const json::value& object, std::string_view key, double fallback);
bool flag_or(const json::value& object, std::string_view key, bool fallback);
// A string is a list of one; absent is empty.
std::vector<std::string> texts(const json::value& object, std::string_view key);
// Throws when the object has a key that is not among those known.
void only_keys(const json::value& object, std::string_view what, const std::set<std::string_view>& known);

// A YAML document as JSON: plain scalars become numbers, booleans and null where they look it.
json::value from_yaml(const std::string& text);

} // namespace cannedd::sim
