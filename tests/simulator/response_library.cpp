#include "simulator/response_library.hpp"

#include "simulator/encoding.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <stdexcept>

namespace cannedd::sim {
namespace {

json::array texts_of(const json::value& from) {
    if (const auto* given = find(from, "texts")) return given->as_array();
    json::array list;
    const auto add = [&](const char* key, const char* type) {
        if (find(from, key) != nullptr)
            list.push_back(
                json::object{{"content", text_or(from, key)}, {"contentType", type}, {"type", "body"}});
    };
    add("html", "text/html");
    add("text", "text/plain");
    return list;
}

bool in_library(const json::object& response, const std::string& library_id) {
    const auto& list = response.at("libraries").as_array();
    return std::any_of(list.begin(), list.end(),
                       [&](const json::value& l) { return l.at("id").as_string() == library_id; });
}

bool compares(const std::string& op, const std::string& value, const std::vector<std::string>& wanted) {
    const auto any = [&](auto test) { return std::any_of(wanted.begin(), wanted.end(), test); };
    if (op == "IN" || op == "EQUALS") return any([&](const std::string& w) { return value == w; });
    if (op == "NOTEQUALS") return !any([&](const std::string& w) { return value == w; });
    if (op == "BEGINS_WITH") return any([&](const std::string& w) { return value.starts_with(w); });
    if (op == "ENDS_WITH") return any([&](const std::string& w) { return value.ends_with(w); });
    return any([&](const std::string& w) { return boost::algorithm::icontains(value, w); });
}

bool passes(const json::object& response, const json::value& filter) {
    const auto name = text_or(filter, "name");
    const auto op = text_or(filter, "operator");
    const auto wanted = texts(filter, "values");
    if (name == "name") return compares(op, text_or(response, "name"), wanted);
    if (name != "libraryId" || (op != "IN" && op != "EQUALS"))
        throw std::invalid_argument("the simulator does not know the filter " + name + " " + op);
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](const std::string& id) { return in_library(response, id); });
}

} // namespace

json::object response_library::add_library(const json::value& from) {
    only_keys(from, "library", {"id", "name"});
    json::object library{{"id", text_or(from, "id", chance_.uuid())},
                         {"name", text_or(from, "name", "Library")}};
    library["version"] = 1;
    library["dateCreated"] = iso_time(time_.wall());
    library["selfUri"] = "/api/v2/responsemanagement/libraries/" + text_or(library, "id");
    return libraries_[text_or(library, "id")] = library;
}

json::object response_library::add_response(const json::value& from) {
    only_keys(from, "response",
              {"id", "name", "library", "text", "html", "texts", "substitutions", "schema", "type", "assets",
               "whatsapp"});
    const auto wanted = text_or(from, "library", "Library");
    json::object library;
    for (const auto& [id, known] : libraries_)
        if (id == wanted || text_or(known, "name") == wanted) library = known;
    if (library.empty()) library = add_library(json::object{{"name", wanted}});
    const auto id = text_or(from, "id", chance_.uuid());
    const auto old = responses_.find(id);
    json::object response{{"id", id}, {"name", text_or(from, "name", "Response")}, {"texts", texts_of(from)}};
    response["version"] = old == responses_.end() ? 1 : number_or(old->second, "version", 0) + 1;
    response["libraries"] = json::array{json::object{
        {"id", library.at("id")}, {"name", library.at("name")}, {"selfUri", library.at("selfUri")}}};
    const auto* substitutions = find(from, "substitutions");
    response["substitutions"] = substitutions == nullptr ? json::value(json::array()) : *substitutions;
    if (const auto* schema = find(from, "schema")) response["substitutionsSchema"] = *schema;
    if (find(from, "type") != nullptr) response["responseType"] = text_or(from, "type");
    if (const auto* assets = find(from, "assets")) response["assets"] = *assets;
    if (const auto* whatsapp = find(from, "whatsapp")) {
        response["responseType"] = "MessagingTemplate";
        response["messagingTemplate"] = json::object{{"whatsApp", *whatsapp}};
    }
    response["dateCreated"] = iso_time(time_.wall());
    response["selfUri"] = "/api/v2/responsemanagement/responses/" + id;
    return responses_[id] = response;
}

const json::object* response_library::find_library(const std::string& id) const {
    const auto found = libraries_.find(id);
    return found == libraries_.end() ? nullptr : &found->second;
}

const json::object* response_library::find_response(const std::string& id) const {
    const auto found = responses_.find(id);
    return found == responses_.end() ? nullptr : &found->second;
}

json::array response_library::libraries() const {
    json::array list;
    for (const auto& [id, library] : libraries_)
        list.push_back(library);
    return list;
}

json::array response_library::of_library(const std::string& library_id) const {
    json::array list;
    for (const auto& [id, response] : responses_)
        if (in_library(response, library_id)) list.push_back(response);
    return list;
}

json::array response_library::query(const json::value& request) const {
    const auto phrase = text_or(request, "queryPhrase");
    const auto* filters = find(request, "filters");
    json::array list;
    for (const auto& [id, response] : responses_) {
        bool hit = phrase.empty() || boost::algorithm::icontains(text_or(response, "name"), phrase);
        for (const auto& text : response.at("texts").as_array())
            hit = hit || boost::algorithm::icontains(text_or(text, "content"), phrase);
        if (filters != nullptr)
            for (const auto& filter : filters->as_array())
                hit = passes(response, filter) && hit;
        if (hit) list.push_back(response);
    }
    return list;
}

} // namespace cannedd::sim
