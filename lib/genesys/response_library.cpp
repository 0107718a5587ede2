#include "genesys/response_library.hpp"

#include "text/identifier.hpp"

#include <algorithm>

namespace cannedd {
namespace {

constexpr int pages_max = 20;

setback unknown_response(std::string why) {
    return setback(errc::unknown_response, std::move(why));
}

bool is_in_library(const canned_text& one, const std::string& library_id) {
    const auto& ids = one.library_ids;
    return ids.empty() || std::find(ids.begin(), ids.end(), library_id) != ids.end();
}

} // namespace

asio::awaitable<api_result<canned_text>> response_library::fetch(std::string reference) {
    if (is_uuid(reference)) return by_id(lower_case(std::move(reference)));
    return by_name(std::move(reference));
}

asio::awaitable<api_result<canned_text>> response_library::by_id(std::string id) {
    if (const auto* known = texts_.fresh(id, caller_.steady())) co_return *known;
    auto answer = co_await caller_.look_up(response_request(id), std::string());
    if (answer.has_error() && is_not_found(answer.error())) {
        const bool was_there = texts_.known(id) != nullptr;
        auto why = unknown_response("response " + id +
                                    (was_there ? " was deleted in Response Management"
                                               : " is not in Response Management, or was deleted") +
                                    "; name another response in the row");
        why.facts = answer.error().facts;
        co_return why;
    }
    if (answer.has_error()) co_return answer.error();
    auto read = read_response(answer->body);
    if (!read) co_return not_understood(answer->facts);
    texts_.put(id, *read, caller_.steady());
    co_return std::move(*read);
}

asio::awaitable<api_result<canned_text>> response_library::by_name(std::string reference) {
    const auto slash = reference.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == reference.size())
        co_return unknown_response("'genesys:" + reference +
                                   "' names no response; write genesys:<UUID> or genesys:<library>/<name>");
    const auto name = reference.substr(slash + 1);
    // One request instead of two, as long as the response keeps its name.
    const auto* guess = response_ids_.known(reference);
    const bool was_there = guess != nullptr;
    if (was_there) {
        const std::string id = *guess;
        auto known = co_await by_id(id);
        const bool gone = known.has_error() && known.error().reason == errc::unknown_response;
        if (!gone && (known.has_error() || known->name == name)) co_return known;
    }
    auto found = co_await search(reference.substr(0, slash), name);
    if (found.has_value()) {
        response_ids_.put(reference, found->id, caller_.steady());
        texts_.put(found->id, *found, caller_.steady());
        co_return found;
    }
    auto why = found.error();
    if (was_there && why.reason == errc::unknown_response) why.detail += "; it was deleted or renamed";
    co_return why;
}

asio::awaitable<api_result<canned_text>> response_library::search(std::string library, std::string name) {
    auto id = co_await library_id(library);
    if (id.has_error()) co_return id.error();
    std::vector<canned_text> matches;
    for (int page = 1, pages = 1; page <= pages && page <= pages_max; ++page) {
        auto answer = co_await caller_.look_up(responses_query_request(*id, name, page), std::string());
        if (answer.has_error()) co_return answer.error();
        auto results = read_response_results(answer->body);
        if (!results) co_return not_understood(answer->facts);
        pages = results->pages;
        for (auto& one : results->entities)
            if (one.name == name && is_in_library(one, *id)) matches.push_back(std::move(one));
    }
    if (matches.size() == 1) co_return std::move(matches.front());
    const auto what = "'" + name + "' in library '" + library + "' of Response Management";
    if (matches.empty()) co_return unknown_response("there is no response " + what);
    co_return unknown_response("there are " + std::to_string(matches.size()) + " responses " + what +
                               "; name the one you mean by its id: genesys:<UUID>");
}

asio::awaitable<api_result<std::string>> response_library::library_id(std::string library) {
    if (const auto* known = library_ids_.fresh(library, caller_.steady())) co_return *known;
    std::vector<std::string> matches;
    for (int page = 1, pages = 1; page <= pages && page <= pages_max; ++page) {
        auto answer = co_await caller_.look_up(libraries_request(library, page), std::string());
        if (answer.has_error()) co_return answer.error();
        const auto libraries = read_libraries(answer->body);
        if (!libraries) co_return not_understood(answer->facts);
        pages = libraries->pages;
        for (const auto& one : libraries->entities)
            if (one.name == library) matches.push_back(one.id);
    }
    if (matches.size() == 1) {
        library_ids_.put(library, matches.front(), caller_.steady());
        co_return matches.front();
    }
    if (matches.empty())
        co_return unknown_response("there is no library '" + library +
                                   "' in Response Management that this client may see");
    co_return unknown_response("there are " + std::to_string(matches.size()) + " libraries '" + library +
                               "'; name the response by its id: genesys:<UUID>");
}

} // namespace cannedd
