#include "account_plans.hpp"

#include "account_service.hpp"
#include "rooms_settings.hpp"

namespace cannedd {
namespace {

class service_factory final : public api_factory {
public:
    service_factory(asio::any_io_executor executor, time_source& time, logger& log, const settings& all,
                    const account_settings& account)
        : executor_(std::move(executor))
        , time_(time)
        , log_(log)
        , account_(account)
        , request_timeout_(all.delivery.request_timeout)
        , private_directory_(all.database.parent_path() / "private") {}

    std::shared_ptr<conversation_api> make(request_gate& gate) const override {
        return make_account_api(executor_, time_, log_, gate, account_, request_timeout_, private_directory_);
    }

    bool makes_the_same(const api_factory& other) const override {
        const auto* const its = dynamic_cast<const service_factory*>(&other);
        return its != nullptr && its->account_ == account_ && its->request_timeout_ == request_timeout_;
    }

private:
    asio::any_io_executor executor_;
    time_source& time_;
    logger& log_;
    account_settings account_;
    milliseconds request_timeout_;
    std::filesystem::path private_directory_;
};

} // namespace

std::vector<account_plan> account_plans_of(const settings& configured, asio::any_io_executor executor,
                                           time_source& time, logger& log) {
    std::vector<account_plan> plans;
    for (const auto& [name, account] : configured.accounts) {
        account_plan plan;
        plan.name = name;
        plan.options = account_options_of(account);
        plan.rate = rate_of(account);
        plan.breaker = breaker_of(configured.delivery);
        plan.expire_after = account.expire_after;
        plan.api = std::make_shared<service_factory>(executor, time, log, configured, account);
        plans.push_back(std::move(plan));
    }
    return plans;
}

} // namespace cannedd
