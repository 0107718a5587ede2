// Reads JSON that other people wrote: a field may be absent, null or of another type than promised, and none
// of it is a reason to fail. What is not there reads as empty.
#pragma once

#include "text/timestamps.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cannedd {

namespace json = boost::json;

// The whole text as JSON, a byte order mark before it apart; nothing: it is not JSON.
inline std::optional<json::value> parse_json(std::string_view text, json::storage_ptr memory = {}) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    json::error_code failed;
    auto value = json::parse(text, failed, std::move(memory));
    if (failed) return std::nullopt;
    return value;
}

inline const json::value* find(const json::object& in, std::string_view name) {
    const auto* value = in.if_contains(name);
    return value != nullptr && !value->is_null() ? value : nullptr;
}

// An id that came as a number is taken as its digits.
inline std::string text_in(const json::object& in, std::string_view name) {
    const auto* value = find(in, name);
    if (value == nullptr) return {};
    if (const auto* text = value->if_string()) return std::string(text->data(), text->size());
    if (value->is_int64() || value->is_uint64()) return json::serialize(*value);
    return {};
}

inline bool flag_in(const json::object& in, std::string_view name) {
    const auto* value = find(in, name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

inline std::optional<std::int64_t> number_in(const json::object& in, std::string_view name) {
    const auto* value = find(in, name);
    if (value == nullptr) return std::nullopt;
    if (const auto* whole = value->if_int64()) return *whole;
    if (const auto* real = value->if_double(); real != nullptr && *real > -9e15 && *real < 9e15)
        return static_cast<std::int64_t>(*real);
    return std::nullopt;
}

inline std::optional<wall_time> time_in(const json::object& in, std::string_view name) {
    return parse_timestamp(text_in(in, name));
}

// An empty one where there is none.
inline const json::object& object_in(const json::object& in, std::string_view name) {
    static const json::object none;
    const auto* value = find(in, name);
    const auto* object = value != nullptr ? value->if_object() : nullptr;
    return object != nullptr ? *object : none;
}

// Calls visit(const json::object&) for each object of the array; anything else in it is passed over.
template<typename Visit>
void each_object_in(const json::object& in, std::string_view name, Visit visit) {
    const auto* value = find(in, name);
    const auto* array = value != nullptr ? value->if_array() : nullptr;
    if (array == nullptr) return;
    for (const auto& item : *array)
        if (const auto* object = item.if_object()) visit(*object);
}

} // namespace cannedd
