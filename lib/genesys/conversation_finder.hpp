// resolve(): from what a row names to whom its message goes. By conversation: one GET. By agent alone: that
// agent's open conversations are asked for, and each is confirmed by a GET, for the first answer may lag or
// list twice. Only a connected conversation is remembered, for a short while.
// A user's token can list all that the user serves: where many are looked up by it, one such list is asked
// for instead of a GET each, and what it shows clearly is remembered as if it had been looked up
// (conversation_finder_list.cpp; policy/listing_worth.hpp says when).
#pragma once

#include "genesys/api_caller.hpp"
#include "genesys/bounded_cache.hpp"
#include "genesys/conversation.hpp"
#include "genesys/replies.hpp"
#include "policy/listing_worth.hpp"
#include "time/flight.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace cannedd {

class conversation_finder {
public:
    // What one look-up of an agent's conversation may ask for, the newest first.
    static constexpr std::size_t looks_max = 8;
    // How long rows of one agent share that none was found.
    static constexpr milliseconds shared_for{3000};

    // How long a conversation that is not named by the send is believed to be as it was: it may end, or a bot
    // may take it, and the message is then read by somebody else.
    static constexpr milliseconds unnamed_for{5000};

    // Who is addressed by an agent's communication is refused when that is past, and looked up again: it is
    // believed for as long as its conversation is in turn, so many times the configured span after each use.
    // At 300 requests a minute that is longer than any but 9,000 conversations wait for their turn.
    static constexpr int spans_after_use = 60;

    conversation_finder(api_caller& caller, milliseconds remembered_for, std::size_t entries_max,
                        agentless_settings agentless)
        : caller_(caller)
        , agentless_(std::move(agentless))
        , found_(remembered_for * spans_after_use, entries_max, bounded_cache<target>::counted_from::last_use)
        , found_by_agent_(remembered_for, entries_max)
        , found_unnamed_(std::min(remembered_for, unnamed_for), entries_max)
        , unfound_(shared_for, entries_max) {}

    asio::awaitable<api_result<target>> resolve(resolve_query query);
    void forget(const std::string& conversation_id);
    // The conversation as it is now; 404 is conversation_not_found.
    asio::awaitable<api_result<conversation>> fetch(std::string conversation_id);

private:
    asio::awaitable<api_result<target>> by_conversation(const resolve_query& query);
    asio::awaitable<api_result<target>> by_agent(const resolve_query& query);
    // Of an agent's open conversations, the first to be looked at; all: there are no others.
    struct open_list {
        std::vector<std::string> ids;
        bool all = false;
    };
    asio::awaitable<api_result<open_list>> open_conversations(const resolve_query& query);

    // What the user of one token serves, by list.
    struct own_list {
        listing_worth worth;
        std::shared_ptr<flight> under_way; // asked for by one, waited for by all others
    };
    own_list* list_of(const resolve_query& query); // nullptr: it cannot be answered by a list
    asio::awaitable<void> look_at(own_list& list, const resolve_query& query);
    void learn(own_list& list, const resolve_query& query, const json_answer& body);

    static std::string cache_key(const resolve_query& query);
    std::optional<target> believed(const resolve_query& query); // of what is remembered
    bounded_cache<target>& remembered(const resolve_query& query);
    bool is_past(const std::optional<wall_time>& moment) const; // by the server's clock

    api_caller& caller_;
    agentless_settings agentless_;
    bounded_cache<target> found_;
    bounded_cache<target> found_by_agent_;  // alone: a second conversation of the agent's makes it ambiguous
    bounded_cache<target> found_unnamed_;   // of routes that do not name the conversation
    bounded_cache<setback> unfound_;        // by agent: why there is no one active conversation
    std::map<std::string, own_list> lists_; // by agent with a token of its own; empty: the account's
};

} // namespace cannedd
