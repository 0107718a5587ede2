#include "genesys/genesys_client.hpp"

#include "genesys/api_caller.hpp"
#include "genesys/canned_response.hpp"
#include "genesys/conversation_finder.hpp"
#include "genesys/message_reader.hpp"
#include "genesys/response_content.hpp"
#include "genesys/response_library.hpp"
#include "genesys/route_traits.hpp"
#include "genesys/text_limits.hpp"
#include "text/timestamps.hpp"

namespace cannedd {
namespace {

constexpr std::string_view library_prefix = "genesys:";

setback setback_of(const failure& why) {
    return setback(why.code, why.detail);
}

failure outside_window(const target& to) {
    return failure(errc::outside_window, "the customer of conversation " + to.conversation_id +
                                             " wrote last more than 24 h ago: " + to.messenger_type +
                                             " took text until " + to_timestamp(*to.text_until) +
                                             ", then templates alone; send an approved template, or insert "
                                             "the row when the customer has written again");
}

// Whose token sends: an agent's own where the message appears as the agent's.
std::string speaker_of(const target& to) {
    return traits_of(to.way).speaks_as_agent ? to.agent_id : std::string();
}

// What is stored of another's words beside the facts, which are clean already.
setback clean(setback why, const scrubber& hidden) {
    constexpr std::size_t bytes_max = 2000; // sentences of ours are among them
    why.detail = hidden.clean(why.detail, bytes_max);
    return why;
}

void clean(std::vector<remote_message>& messages, const scrubber& hidden) {
    constexpr std::size_t status_bytes_max = 40;
    for (auto& one : messages) {
        one.status = hidden.clean(one.status, status_bytes_max);
        one.failure_reason = hidden.clean(one.failure_reason);
    }
}

void clean(read_back_reply& reply, const scrubber& hidden) {
    clean(reply.outbound, hidden);
}

class genesys_client final : public conversation_api {
public:
    genesys_client(http_transport& api, token_provider& tokens, request_gate& gate, time_source& time,
                   logger& log, const genesys_client_settings& settings)
        : caller_(api, tokens, gate, time, log, settings.request_timeout)
        , finder_(caller_, settings.resolve_cache, settings.cache_entries_max, settings.agentless)
        , library_(caller_, settings.response_cache, settings.cache_entries_max)
        , reader_(caller_, finder_)
        , limits_(settings.limits) {}

    asio::awaitable<api_result<target>> resolve(resolve_query query) override {
        auto found = co_await finder_.resolve(std::move(query));
        if (found.has_error()) co_return clean(found.error(), caller_.hidden());
        co_return found;
    }

    asio::awaitable<api_result<message_content>> render(render_query query, const target& to) override {
        if (query.text) co_return checked(message_content(std::move(*query.text)), to);
        if (!query.response) co_return setback(errc::missing_text, "the row has neither text nor response");
        if (const auto given = read_row_variables(query.variables); given.has_error())
            co_return setback_of(given.error());
        canned_text response;
        if (query.response_text) {
            response.text = std::move(*query.response_text);
        } else if (query.response->starts_with(library_prefix)) {
            auto fetched = co_await library_.fetch(query.response->substr(library_prefix.size()));
            if (fetched.has_error()) co_return clean(fetched.error(), caller_.hidden());
            response = std::move(*fetched);
        } else {
            co_return setback(errc::unknown_response,
                              "there is no response '" + *query.response +
                                  "' in the table responses or in responses_file; add it, or "
                                  "name one of Response Management as genesys:<UUID>");
        }
        auto content = content_of(response, query, to);
        if (content.has_error()) co_return setback_of(content.error());
        co_return checked(std::move(*content), to);
    }

    asio::awaitable<sent_reply> send(const target& to, const message_content& content) override {
        auto answer = co_await caller_.send(send_request(to, content), speaker_of(to), content.text);
        sent_reply reply;
        if (answer.facts.reply_whole && answer.facts.http_status / 100 == 2) {
            auto sent = read_sent_message(to.way, answer.body);
            reply.remote_message_id = std::move(sent.id);
            reply.remote_status = caller_.hidden().clean(sent.status);
            reply.conversation_id = std::move(sent.conversation_id);
        }
        reply.reason = answer.reason;
        reply.facts = std::move(answer.facts);
        co_return reply;
    }

    asio::awaitable<api_result<read_back_reply>> read_back(read_back_query query) override {
        auto shown = co_await reader_.read_back(std::move(query));
        co_return cleaned(std::move(shown));
    }

    asio::awaitable<api_result<std::vector<remote_message>>> statuses(std::string conversation_id,
                                                                      std::vector<std::string> ids) override {
        auto shown = co_await reader_.messages(std::move(conversation_id), std::move(ids));
        co_return cleaned(std::move(shown));
    }

    std::optional<wall_time> server_time() const override { return caller_.server_time(); }

    void forget(const std::string& conversation_id) override { finder_.forget(conversation_id); }

private:
    template<typename T>
    api_result<T> cleaned(api_result<T> shown) const {
        const auto hidden = caller_.hidden();
        if (shown.has_error()) return clean(shown.error(), hidden);
        clean(*shown, hidden);
        return shown;
    }

    api_result<message_content> checked(message_content content, const target& to) const {
        auto good = check_text(std::move(content.text), to.way, to.messenger_type, limits_);
        if (good.has_error()) return setback_of(good.error());
        const auto now = caller_.server_time().value_or(caller_.wall());
        const bool is_text = content.template_call.empty();
        if (is_text && to.text_until && now > *to.text_until) return setback_of(outside_window(to));
        content.text = std::move(*good);
        return content;
    }

    api_caller caller_;
    conversation_finder finder_;
    response_library library_;
    message_reader reader_;
    text_limits limits_;
};

} // namespace

std::unique_ptr<conversation_api> make_genesys_client(http_transport& api, token_provider& tokens,
                                                      request_gate& gate, time_source& time, logger& log,
                                                      genesys_client_settings settings) {
    return std::make_unique<genesys_client>(api, tokens, gate, time, log, settings);
}

} // namespace cannedd
