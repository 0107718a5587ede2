// A server's answer as JSON: read once, for its facts and for whoever wants more of it.
#pragma once

#include <boost/json/fwd.hpp>

#include <memory>
#include <string_view>

namespace cannedd {

using json_answer = std::shared_ptr<const boost::json::value>; // nullptr: it is not JSON

// A broken character in one name makes nothing else in it unreadable.
json_answer parse_answer(std::string_view text);

// nullptr: it is no object.
const boost::json::object* object_of(const json_answer& body);

} // namespace cannedd
