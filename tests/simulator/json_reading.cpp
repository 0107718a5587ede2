#include "simulator/json_reading.hpp"

#include <yaml-cpp/yaml.h>

#include <charconv>
#include <stdexcept>

namespace cannedd::sim {
namespace {

[[noreturn]] void wrong(std::string_view key, const char* expected) {
    throw std::invalid_argument("'" + std::string(key) + "' must be " + expected);
}

json::value plain_scalar(const std::string& text) {
    if (text.empty() || text == "null" || text == "~") return nullptr;
    if (text == "true" || text == "false") return text == "true";
    const char* end = text.data() + text.size();
    std::int64_t whole = 0;
    if (const auto read = std::from_chars(text.data(), end, whole); read.ec == std::errc() && read.ptr == end)
        return whole;
    double real = 0;
    if (const auto read = std::from_chars(text.data(), end, real); read.ec == std::errc() && read.ptr == end)
        return real;
    return json::value(text);
}

json::value converted(const YAML::Node& node) {
    switch (node.Type()) {
    case YAML::NodeType::Scalar:
        // A quoted scalar carries the tag "!" and stays text.
        return node.Tag() == "!" ? json::value(node.Scalar()) : plain_scalar(node.Scalar());
    case YAML::NodeType::Sequence: {
        json::array list;
        for (const auto& item : node)
            list.push_back(converted(item));
        return list;
    }
    case YAML::NodeType::Map: {
        json::object object;
        for (const auto& pair : node)
            object[pair.first.Scalar()] = converted(pair.second);
        return object;
    }
    default: return nullptr;
    }
}

} // namespace

const json::value* find(const json::value& object, std::string_view key) {
    if (!object.is_object()) wrong(key, "inside an object");
    const auto* value = object.get_object().if_contains(key);
    return value == nullptr || value->is_null() ? nullptr : value;
}

std::string text_or(const json::value& object, std::string_view key, std::string fallback) {
    const auto* value = find(object, key);
    if (value == nullptr) return fallback;
    if (!value->is_string()) wrong(key, "a text");
    return std::string(value->get_string());
}

std::int64_t number_or(const json::value& object, std::string_view key, std::int64_t fallback) {
    const auto* value = find(object, key);
    if (value == nullptr) return fallback;
    if (!value->is_number() || value->is_double()) wrong(key, "a whole number");
    return value->to_number<std::int64_t>();
}

double real_or(const json::value& object, std::string_view key, double fallback) {
    const auto* value = find(object, key);
    if (value == nullptr) return fallback;
    if (!value->is_number()) wrong(key, "a number");
    return value->to_number<double>();
}

bool flag_or(const json::value& object, std::string_view key, bool fallback) {
    const auto* value = find(object, key);
    if (value == nullptr) return fallback;
    if (!value->is_bool()) wrong(key, "true or false");
    return value->get_bool();
}

std::vector<std::string> texts(const json::value& object, std::string_view key) {
    const auto* value = find(object, key);
    if (value == nullptr) return {};
    if (value->is_string()) return {std::string(value->get_string())};
    if (!value->is_array()) wrong(key, "a text or a list of texts");
    std::vector<std::string> list;
    for (const auto& item : value->get_array()) {
        if (!item.is_string()) wrong(key, "a list of texts");
        list.emplace_back(item.get_string());
    }
    return list;
}

void only_keys(const json::value& object, std::string_view what, const std::set<std::string_view>& known) {
    if (!object.is_object()) throw std::invalid_argument(std::string(what) + " must be an object");
    for (const auto& member : object.get_object())
        if (!known.contains(member.key()))
            throw std::invalid_argument("unknown key '" + std::string(member.key()) + "' in " +
                                        std::string(what));
}

json::value from_yaml(const std::string& text) {
    return converted(YAML::Load(text));
}

} // namespace cannedd::sim
