#include "doctor/permissions.hpp"

#include <vector>

namespace cannedd {
namespace {

// A conversation and an agent that no org has: 404 or an empty list shows that the question is allowed.
const std::string nobody = "00000000-0000-4000-8000-000000000000";

struct question {
    question(api_request request_, std::string permission_, std::string needed_for_, bool essential_)
        : request(std::move(request_))
        , permission(std::move(permission_))
        , needed_for(std::move(needed_for_))
        , essential(essential_) {}
    api_request request;
    std::string permission;
    std::string needed_for;
    bool essential;
};

std::vector<question> questions(route way, bool speaks_as_user, wall_time now) {
    const auto on_route = "route " + std::string(name_of(way));
    std::vector<question> all;
    all.emplace_back(conversation_request(nobody), "conversation:communication:view", on_route, true);
    if (way == route::chat)
        all.emplace_back(chat_request(nobody, ""), "reading a chat back",
                         on_route + ": whether an unanswered message arrived", true);
    else
        all.emplace_back(bulk_request(nobody, {nobody}),
                         "conversation:message:view (or conversation:webmessaging:view)",
                         on_route + ": whether an unanswered message arrived", true);
    // The daemon looks an agent's conversations up the same way.
    if (speaks_as_user)
        all.emplace_back(own_conversations_request(way), "listing the user's own conversations",
                         on_route + ": rows that name only an agent", false);
    else
        all.emplace_back(agents_conversations_request(nobody, way, now, 1),
                         "analytics:conversationDetail:view", on_route + ": rows that name only an agent",
                         false);
    all.emplace_back(libraries_request("cannedd", 1), "responses:library:view",
                     "responses named genesys:<library>/<name>", false);
    all.emplace_back(response_request(nobody), "responses:response:view", "responses named genesys:...",
                     false);
    return all;
}

void judge(const question& asked, const api_result<api_answer>& answer, const std::string& name,
           const std::string& remedy, doctor_report& report) {
    const auto what = "permission " + name;
    if (answer || is_not_found(answer.error())) {
        report.ok(what, asked.permission + ": " + asked.needed_for);
        return;
    }
    const auto words = words_of(answer.error());
    const auto why = asked.permission + ", needed for " + asked.needed_for + ": " + words + "; " + remedy;
    if (answer.error().facts.http_status != 403)
        report.warn(what, asked.permission + " could not be asked: " + words);
    else if (asked.essential)
        report.fail(what, why);
    else
        report.warn(what, why + " if it is wanted");
}

} // namespace

std::string words_of(const setback& why) {
    return why.detail.empty() ? why.facts.detail : why.detail;
}

asio::awaitable<void> examine_permissions(api_caller& caller, const account_settings& account,
                                          bool speaks_as_user, doctor_report& report) {
    const std::string remedy = speaks_as_user ? "give it to a role of the user whose token it is"
                                              : "give it to the role of the OAuth client";
    const auto all = questions(account.options.default_route, speaks_as_user, caller.wall());
    for (const auto& asked : all) {
        auto request = asked.request;
        const auto answer = co_await caller.look_up(std::move(request), "");
        judge(asked, answer, account.name, remedy, report);
    }
}

} // namespace cannedd
