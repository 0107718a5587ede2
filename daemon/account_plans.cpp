#include "account_plans.hpp"

#include "account_service.hpp"
#include "net/authorities.hpp"
#include "oauth/certificate_facts.hpp"

namespace cannedd {
namespace {

class service_factory final : public api_factory {
public:
    service_factory(asio::any_io_executor executor, time_source& time, logger& log,
                    std::filesystem::path private_directory, account_settings account)
        : executor_(std::move(executor))
        , time_(time)
        , log_(log)
        , private_directory_(std::move(private_directory))
        , account_(std::move(account))
        , authorities_(authorities_of(account_.api.ca_file))
        , authorities_of_login_(authorities_of(account_.login.ca_file)) {}

    std::shared_ptr<conversation_api> make(request_gate& gate) const override {
        return make_account_api(executor_, time_, log_, gate, account_, private_directory_);
    }

    // The rate, the pace and the like lie above the API.
    bool makes_the_same(const api_factory& other) const override {
        const auto* const its = dynamic_cast<const service_factory*>(&other);
        return its != nullptr && its->account_.name == account_.name && its->account_.api == account_.api &&
               its->account_.login == account_.login && its->account_.auth == account_.auth &&
               its->account_.client == account_.client && its->authorities_ == authorities_ &&
               its->authorities_of_login_ == authorities_of_login_;
    }

private:
    asio::any_io_executor executor_;
    time_source& time_;
    logger& log_;
    std::filesystem::path private_directory_;
    account_settings account_;
    std::shared_ptr<X509_STORE> authorities_, authorities_of_login_; // other ones when the file was renewed
};

} // namespace

std::vector<account_plan> account_plans_of(const settings& configured, asio::any_io_executor executor,
                                           time_source& time, logger& log) {
    const auto private_directory = configured.database.parent_path() / "private";
    std::vector<account_plan> plans;
    for (const auto& [name, account] : configured.accounts) {
        account_plan plan;
        plan.name = name;
        plan.options = account.options;
        plan.rate = account.rate;
        plan.breaker = account.breaker;
        plan.expire_after = account.expire_after;
        plan.api = std::make_shared<service_factory>(executor, time, log, private_directory, account);
        plans.push_back(std::move(plan));
    }
    return plans;
}

std::map<std::string, wall_time> certificates_of(const settings& configured) {
    std::map<std::string, wall_time> expire;
    const auto look_at = [&](const std::string& account, const auth_settings& auth) {
        const auto* const signs = std::get_if<saml2_bearer_grant>(&auth.grant);
        const auto facts = signs == nullptr ? std::nullopt : read_certificate(signs->certificate_pem);
        if (!facts) return;
        const auto [first, is_new] = expire.try_emplace(account, facts->not_after);
        if (!is_new) first->second = std::min(first->second, facts->not_after);
    };
    for (const auto& [name, account] : configured.accounts) {
        look_at(name, account.auth);
        for (const auto& [agent, auth] : account.auth.users)
            look_at(name, auth);
    }
    return expire;
}

} // namespace cannedd
