#include "oauth/oauth_token_provider.hpp"

namespace cannedd {
namespace {

class agents_token_provider final : public token_provider {
public:
    agents_token_provider(std::string account, std::unique_ptr<token_provider> own,
                          std::map<std::string, std::unique_ptr<token_provider>> agents)
        : account_(std::move(account)), own_(std::move(own)), agents_(std::move(agents)) {}

    asio::awaitable<api_result<secret>> token(std::string agent_id) override {
        if (const auto found = agents_.find(agent_id); found != agents_.end()) {
            auto got = co_await found->second->token(agent_id);
            if (got.has_value()) co_return got;
            auto why = got.error();
            why.facts.agents_own = true;
            co_return why;
        }
        if (agent_id.empty() || agents_.empty() || own_->is_users({}))
            co_return co_await own_->token(std::string());
        setback none(errc::not_a_user, "account " + account_ + " has no token of agent " + agent_id +
                                           ": add it to accounts." + account_ +
                                           ".auth.users in the configuration, "
                                           "or use route agentless");
        none.facts.agents_own = true;
        co_return none;
    }

    void refused(const secret& token) override {
        own_->refused(token);
        for (auto& [id, provider] : agents_)
            provider->refused(token);
    }

    void hide_in(scrubber& hidden) const override {
        own_->hide_in(hidden);
        for (const auto& [id, provider] : agents_)
            provider->hide_in(hidden);
    }

    bool is_agents_own(const std::string& agent_id) const override { return agents_.contains(agent_id); }

    bool is_users(const std::string& agent_id) const override {
        return agents_.contains(agent_id) || own_->is_users({});
    }

private:
    std::string account_;
    std::unique_ptr<token_provider> own_;
    std::map<std::string, std::unique_ptr<token_provider>> agents_;
};

} // namespace

std::unique_ptr<token_provider>
make_agents_token_provider(std::string account, std::unique_ptr<token_provider> own,
                           std::map<std::string, std::unique_ptr<token_provider>> agents) {
    return std::make_unique<agents_token_provider>(std::move(account), std::move(own), std::move(agents));
}

} // namespace cannedd
