#include "account_service.hpp"

#include "genesys/genesys_client.hpp"
#include "net/https_transport.hpp"
#include "oauth/oauth_token_provider.hpp"

#include <map>

namespace cannedd {

account_service::account_service(asio::any_io_executor executor, time_source& time, logger& log,
                                 request_gate& gate, const account_settings& account,
                                 const std::filesystem::path& private_directory)
    : api_transport_(make_https_transport(executor, time, log, account.api))
    , login_transport_(make_https_transport(executor, time, log, account.login)) {
    const auto provider = [&](const auth_settings& auth, const std::string& name) {
        token_settings settings;
        settings.grant = auth.grant;
        settings.account = name;
        settings.request_timeout = account.client.request_timeout;
        settings.answered = [&gate](const request_facts& facts) { gate.token_requested(facts); };
        std::unique_ptr<refresh_token_store> kept;
        if (std::holds_alternative<refresh_token_grant>(auth.grant))
            kept = make_refresh_token_file(private_directory / (name + ".refresh_token"));
        return make_oauth_token_provider(*login_transport_, time, log, std::move(settings), std::move(kept));
    };
    auto own = provider(account.auth, account.name);
    std::map<std::string, std::unique_ptr<token_provider>> agents;
    for (const auto& [agent, auth] : account.auth.users)
        agents[agent] = provider(auth, account.name + '.' + agent);
    tokens_ = agents.empty() ? std::move(own)
                             : make_agents_token_provider(account.name, std::move(own), std::move(agents));
    client_ = make_genesys_client(*api_transport_, *tokens_, gate, time, log, account.client);
}

std::shared_ptr<conversation_api> make_account_api(asio::any_io_executor executor, time_source& time,
                                                   logger& log, request_gate& gate,
                                                   const account_settings& account,
                                                   const std::filesystem::path& private_directory) {
    auto whole =
        std::make_shared<account_service>(std::move(executor), time, log, gate, account, private_directory);
    auto& api = whole->api();
    return {std::move(whole), &api};
}

} // namespace cannedd
