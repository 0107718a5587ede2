#include "text/json_answer.hpp"

#include "text/json_mending.hpp"
#include "text/json_reading.hpp"

namespace cannedd {

json_answer parse_answer(std::string_view text) {
    // Its values share a few pieces of memory, which go with the last of them.
    const auto memory = [] { return json::make_shared_resource<json::monotonic_resource>(); };
    auto value = parse_json(text, memory());
    if (!value) value = parse_json(with_whole_characters(text), memory());
    return value ? std::make_shared<const json::value>(std::move(*value)) : nullptr;
}

const json::object* object_of(const json_answer& body) {
    return body ? body->if_object() : nullptr;
}

} // namespace cannedd
