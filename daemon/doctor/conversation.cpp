#include "doctor/conversation.hpp"

#include "doctor/inquiry.hpp"
#include "doctor/permissions.hpp"
#include "genesys/replies.hpp"
#include "oauth/refresh_token_store.hpp"
#include "text/timestamps.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <array>

namespace cannedd {
namespace {

constexpr std::array routes{route::message, route::agentless, route::chat, route::tutorial};

std::string named(const participant& who) {
    if (!who.user_id.empty()) return who.purpose + " " + who.user_id;
    if (!who.external_contact_id.empty())
        return who.purpose + " (external contact " + who.external_contact_id + ")";
    return is_customer(who) ? who.purpose + " (no external contact)" : who.purpose;
}

std::string who_is_there(const conversation& in) {
    std::string list;
    for (const auto& who : in.participants) {
        const bool there = std::any_of(who.messages.begin(), who.messages.end(), is_connected) ||
                           std::any_of(who.chats.begin(), who.chats.end(), is_connected);
        if (there) list += (list.empty() ? "" : ", ") + named(who);
    }
    return list.empty() ? "nobody" : list;
}

std::string addressee_of(const target& to) {
    const auto whom =
        to.external_contact_id.empty() ? to.to_address : "external contact " + to.external_contact_id;
    return "as " + to.from_address + " to " + whom;
}

std::string speaker_of(const target& to) {
    if (to.way == route::agentless) return "the API would speak " + addressee_of(to);
    const auto agent = "agent " + (to.agent_id.empty() ? std::string("(not named)") : to.agent_id);
    if (to.way == route::tutorial) return agent + " would speak to participant " + to.customer_id;
    return agent + " would speak through communication " + to.communication_id;
}

// What the token would be told; empty: nothing against it.
std::string token_trouble(const target& to, const account_settings& account, bool speaks_as_user) {
    if (to.way != route::message && to.way != route::chat) return {};
    if (speaks_as_user || account.auth.users.contains(to.agent_id)) return {};
    if (!account.auth.users.empty()) return "not_a_user: this agent is not in auth.users";
    return "not_a_user: the account's token is a client's; Genesys documents that only the agent's own may "
           "speak";
}

std::string permission_for(route way) {
    if (way == route::agentless) return "; permission conversation:message:create";
    if (way == route::message)
        return "; permission conversation:message:create or conversation:webmessaging:create";
    return {};
}

bool passes_by_itself(errc code) {
    return code == errc::agent_not_connected || code == errc::bot_in_conversation;
}

void judge_refusal(route way, const failure& why, const account_settings& account, doctor_report& report) {
    const auto what = "route " + std::string(name_of(way)) + " " + account.name;
    const bool waits = passes_by_itself(why.code) ||
                       (why.code == errc::conversation_ended && account.options.waits_for_ended);
    const auto told = std::string(waits ? "would wait, " : "would fail, ") + std::string(name_of(why.code)) +
                      ": " + why.detail;
    if (!waits && way == account.options.default_route)
        report.fail(what, told);
    else
        report.warn(what, told);
}

void judge_target(const target& to, const account_settings& account, bool speaks_as_user, wall_time now,
                  doctor_report& report) {
    const auto what = "route " + std::string(name_of(to.way)) + " " + account.name;
    const auto told = speaker_of(to) + "; at most " +
                      describe_limit(account.client.limits, to.way, to.messenger_type) +
                      permission_for(to.way);
    const auto until = to.text_until ? to_timestamp(*to.text_until) : std::string();
    if (const auto trouble = token_trouble(to, account, speaks_as_user); !trouble.empty())
        report.warn(what, told + "; but " + trouble);
    else if (to.text_until && now > *to.text_until)
        report.warn(what, told + "; but outside_window: text went until " + until + ", now a template alone");
    else
        report.ok(what, told + (until.empty() ? "" : "; text until " + until));
}

std::string type_of(const conversation& in) {
    for (const auto& who : in.participants)
        for (const auto& via : who.messages)
            if (is_customer(who) && !via.type.empty()) return via.type;
    return "of no messenger type";
}

std::string why_not_asked(const std::filesystem::path& kept) {
    std::string why = "not asked: its grant is refresh_token, and each use may replace the token that the "
                      "daemon keeps. Ask by an account of the same org whose grant is client_credentials, in "
                      "a configuration of its own (--config FILE); or insert a row for the conversation: the "
                      "view queue_why tells what the daemon finds there";
    if (make_refresh_token_file(kept)->load().empty())
        why += ". And there is no whole token in " + kept.string() +
               ": the daemon has had none by this grant yet, or could not keep it; its log says which";
    return why;
}

} // namespace

void judge_conversation(const conversation& in, const account_settings& account, bool speaks_as_user,
                        wall_time now, doctor_report& report) {
    const auto what = "conversation " + account.name;
    const auto told = in.id + " is " + type_of(in) + "; connected: " + who_is_there(in);
    if (is_over(in, route::message))
        report.warn(what, told + "; it has ended");
    else
        report.ok(what, told);
    for (const auto way : routes) {
        const auto to = find_target(in, way, "", "", account.client.agentless);
        if (to.has_error())
            judge_refusal(way, to.error(), account, report);
        else
            judge_target(*to, account, speaks_as_user, now, report);
    }
}

asio::awaitable<conversation_sight> examine_conversation(account_settings account,
                                                         std::string conversation_id,
                                                         std::filesystem::path private_directory,
                                                         time_source& time, logger& quiet,
                                                         doctor_report& report) {
    const auto what = "conversation " + account.name;
    if (std::holds_alternative<refresh_token_grant>(account.auth.grant)) {
        report.warn(what, why_not_asked(private_directory / (account.name + ".refresh_token")));
        co_return conversation_sight::not_asked;
    }
    const auto executor = co_await asio::this_coro::executor;
    inquiry asked(executor, account, time, quiet);
    auto& caller = asked.caller();
    auto request = conversation_request(conversation_id);
    const auto answer = co_await caller.look_up(std::move(request), "");
    if (!answer && is_not_found(answer.error())) {
        report.warn(what, conversation_id + " is not known in this org, or in no division of this client's");
        co_return conversation_sight::not_read;
    }
    const auto read = answer ? read_conversation(answer->body) : std::nullopt;
    if (!read) {
        report.fail(what, conversation_id + " could not be read (conversation:communication:view): " +
                              (answer ? "the answer is not understood" : words_of(answer.error())));
        co_return conversation_sight::not_read;
    }
    judge_conversation(*read, account, caller.speaks_as_user(""), caller.server_time().value_or(time.wall()),
                       report);
    co_return conversation_sight::read;
}

} // namespace cannedd
