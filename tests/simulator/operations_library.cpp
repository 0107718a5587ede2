// Response Management: libraries and the canned responses in them.
#include "simulator/listing.hpp"
#include "simulator/operations.hpp"

#include <map>
#include <stdexcept>

namespace cannedd::sim {
namespace {

reply get_response(world& in, const request&, turn& t) {
    const auto* found = in.responses.find_response(t.parameter("responseId"));
    return found == nullptr ? not_found(in, "response") : json_reply(*found);
}

reply list_responses(world& in, const request& req, turn&) {
    return page_reply(req, in.responses.of_library(query_value(req, "libraryId")));
}

reply query_responses(world& in, const request&, turn& t) {
    try {
        const auto all = in.responses.query(*t.body);
        const auto number = [&](const char* key, std::int64_t fallback) {
            return static_cast<std::size_t>(number_or(*t.body, key, fallback));
        };
        return json_reply(
            json::object{{"results", page_of(all, number("pageSize", 25), number("pageNumber", 1))}});
    } catch (const std::invalid_argument& problem) {
        t.violations.emplace_back(problem.what());
        return error_reply(in, 400, "bad.request", problem.what());
    }
}

reply list_libraries(world& in, const request& req, turn&) {
    const auto prefix = query_value(req, "libraryPrefix");
    json::array all;
    for (const auto& one : in.responses.libraries())
        if (text_or(one, "name").starts_with(prefix)) all.push_back(one);
    return page_reply(req, all);
}

reply get_library(world& in, const request&, turn& t) {
    const auto* found = in.responses.find_library(t.parameter("libraryId"));
    return found == nullptr ? not_found(in, "library") : json_reply(*found);
}

using reader = reply (*)(world&, const request&, turn&);

const std::map<std::string, reader>& readers() {
    static const std::map<std::string, reader> known{
        {"get_response", get_response},       {"list_responses", list_responses},
        {"query_responses", query_responses}, {"list_libraries", list_libraries},
        {"get_library", get_library},
    };
    return known;
}

} // namespace

std::optional<reply> read_library(world& in, const request& req, turn& t) {
    const auto found = readers().find(t.operation());
    if (found == readers().end()) return std::nullopt;
    return found->second(in, req, t);
}

} // namespace cannedd::sim
