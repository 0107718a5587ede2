#include "account_service.hpp"

#include "oauth/oauth_token_provider.hpp"
#include "rooms_settings.hpp"

#include <map>

namespace cannedd {
namespace {

constexpr std::size_t login_connections =
    2; // tokens are fetched one at a time; users' tokens beside the account's

} // namespace

account_service::account_service(asio::any_io_executor executor, time_source& time, logger& log,
                                 request_gate& gate, const account_settings& account,
                                 milliseconds request_timeout, const std::filesystem::path& private_directory)
    : api_transport_(make_https_transport(executor, time, log,
                                          transport_of(account, account.api_url, account.proxy,
                                                       static_cast<std::size_t>(account.connections))))
    , login_transport_(make_https_transport(
          executor, time, log,
          transport_of(account, account.login_url, account.login_proxy, login_connections))) {
    auto own =
        provider_of(account.auth, account.name, time, log, account, request_timeout, private_directory);
    std::map<std::string, std::unique_ptr<token_provider>> agents;
    for (const auto& [agent, auth] : account.auth.users)
        agents[agent] = provider_of(auth, account.name + '.' + agent, time, log, account, request_timeout,
                                    private_directory);
    tokens_ = agents.empty() ? std::move(own)
                             : make_agents_token_provider(account.name, std::move(own), std::move(agents));
    client_ =
        make_genesys_client(*api_transport_, *tokens_, gate, time, log, client_of(account, request_timeout));
}

std::unique_ptr<token_provider> account_service::provider_of(const auth_settings& auth,
                                                             const std::string& name, time_source& time,
                                                             logger& log, const account_settings& account,
                                                             milliseconds request_timeout,
                                                             const std::filesystem::path& private_directory) {
    token_settings settings;
    settings.grant = grant_of(auth, account.login_url);
    settings.account = name;
    settings.request_timeout = request_timeout;
    std::unique_ptr<refresh_token_store> kept;
    if (auth.grant == auth_grant::refresh_token)
        kept = make_refresh_token_file(private_directory / (name + ".refresh_token"));
    return make_oauth_token_provider(*login_transport_, time, log, std::move(settings), std::move(kept));
}

std::shared_ptr<conversation_api> make_account_api(asio::any_io_executor executor, time_source& time,
                                                   logger& log, request_gate& gate,
                                                   const account_settings& account,
                                                   milliseconds request_timeout,
                                                   const std::filesystem::path& private_directory) {
    auto whole = std::make_shared<account_service>(std::move(executor), time, log, gate, account,
                                                   request_timeout, private_directory);
    auto& api = whole->api();
    return {std::move(whole), &api};
}

} // namespace cannedd
