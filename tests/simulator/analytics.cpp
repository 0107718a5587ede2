#include "simulator/analytics.hpp"

#include "simulator/encoding.hpp"

#include <functional>
#include <map>
#include <optional>

namespace cannedd::sim {
namespace {

using lookup = std::function<std::optional<std::string>(const std::string& dimension)>;

std::optional<std::string> text_in(const json::value& object, const std::string& key) {
    const auto* value = find(object, key);
    if (value == nullptr) return std::nullopt;
    if (value->is_bool()) return value->get_bool() ? "true" : "false";
    return std::string(value->get_string());
}

bool judged(const json::value& predicate, const lookup& value_of) {
    const auto type = text_or(predicate, "type", "dimension");
    if (type != "dimension")
        throw bad_query("the simulator judges predicates of type dimension only, not " + type);
    const auto dimension = text_or(predicate, "dimension");
    if (dimension.empty()) throw bad_query("a dimension predicate needs a dimension");
    if (find(predicate, "range") != nullptr) throw bad_query("the simulator does not judge ranges");
    const auto value = value_of(dimension);
    const auto op = text_or(predicate, "operator", "matches");
    if (op == "exists") return value.has_value();
    if (op == "notExists") return !value.has_value();
    const auto* wanted = find(predicate, "value");
    if (wanted == nullptr) throw bad_query("a predicate that matches needs a value");
    return value == std::string(wanted->get_string());
}

const json::array& list_in(const json::value& object, const char* key) {
    static const json::array none;
    const auto* list = find(object, key);
    return list == nullptr ? none : list->get_array();
}

// A filter or a clause: its predicates and clauses joined by its type.
bool joined(const json::value& filter, const lookup& value_of) {
    const bool all = text_or(filter, "type") == "and";
    bool result = all;
    const auto take = [&](bool one) { result = all ? result && one : result || one; };
    for (const auto& predicate : list_in(filter, "predicates"))
        take(judged(predicate, value_of));
    for (const auto& clause : list_in(filter, "clauses"))
        take(joined(clause, value_of));
    return result;
}

std::optional<std::string> conversation_value(const json::value& conversation, const std::string& dimension) {
    static const std::set<std::string> known{"conversationEnd", "conversationStart", "conversationId",
                                             "originatingDirection"};
    if (!known.contains(dimension)) throw bad_query("the simulator does not know the dimension " + dimension);
    return text_in(conversation, dimension);
}

struct place {
    const json::value& participant;
    const json::value& session;
    const json::value& segment;
};

std::optional<std::string> segment_value(const place& at, const std::string& dimension) {
    static const std::set<std::string> of_participant{"userId", "purpose", "participantName"};
    static const std::set<std::string> of_session{"mediaType",           "direction",
                                                  "messageType",         "addressFrom",
                                                  "addressTo",           "monitoredParticipantId",
                                                  "coachedParticipantId"};
    static const std::set<std::string> of_segment{"segmentEnd", "segmentType", "conference"};
    if (of_participant.contains(dimension)) return text_in(at.participant, dimension);
    if (of_session.contains(dimension)) return text_in(at.session, dimension);
    if (of_segment.contains(dimension)) return text_in(at.segment, dimension);
    throw bad_query("the simulator does not know the dimension " + dimension);
}

// One segment must satisfy all segment filters at once.
bool some_segment_matches(const json::value& conversation, const json::array& filters) {
    for (const auto& participant : list_in(conversation, "participants"))
        for (const auto& session : list_in(participant, "sessions"))
            for (const auto& segment : list_in(session, "segments")) {
                const place at{participant, session, segment};
                bool all = true;
                for (const auto& filter : filters)
                    all = joined(filter, [&](const std::string& d) { return segment_value(at, d); }) && all;
                if (all) return true;
            }
    return false;
}

std::pair<wall_time, wall_time> interval_of(const json::value& query) {
    const auto text = text_or(query, "interval");
    const auto slash = text.find('/');
    if (slash == std::string::npos) throw bad_query("interval must be start/end");
    const auto start = parse_iso_time(text.substr(0, slash));
    const auto end = parse_iso_time(text.substr(slash + 1));
    if (!start || !end) throw bad_query("interval must be two ISO 8601 times with a zone");
    if (*start >= *end) throw bad_query("interval must end after it starts");
    if (*end - *start > std::chrono::hours(24 * 7))
        throw bad_query("interval must not span more than 7 days");
    return {*start, *end};
}

} // namespace

void check_query(const json::value& query) {
    interval_of(query);
    for (const char* unsupported :
         {"evaluationFilters", "surveyFilters", "resolutionFilters", "aggregations"})
        if (!list_in(query, unsupported).empty())
            throw bad_query(std::string("the simulator does not judge ") + unsupported);
    if (const auto* paging = find(query, "paging")) {
        const auto size = number_or(*paging, "pageSize", 25);
        if (size < 1 || size > 100) throw bad_query("pageSize must be 1 to 100");
        if (number_or(*paging, "pageNumber", 1) < 1) throw bad_query("pageNumber must be 1 or more");
    }
}

bool matches_query(const json::value& conversation, const json::value& query) {
    const auto [from, to] = interval_of(query);
    const auto start = parse_iso_time(text_or(conversation, "conversationStart"));
    const auto end = parse_iso_time(text_or(conversation, "conversationEnd"));
    if (*start >= to || (end && *end < from)) return false;
    for (const auto& filter : list_in(query, "conversationFilters"))
        if (!joined(filter, [&](const std::string& d) { return conversation_value(conversation, d); }))
            return false;
    const auto& segments = list_in(query, "segmentFilters");
    return segments.empty() || some_segment_matches(conversation, segments);
}

} // namespace cannedd::sim
