// What --doctor asks of one account's API: the account as the daemon would build it, behind a gate that lets
// a handful of questions pass.
#pragma once

#include "account_service.hpp"
#include "doctor/gate.hpp"
#include "genesys/api_caller.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace cannedd {

class inquiry {
public:
    // `quiet` and `account` outlive it.
    inquiry(asio::any_io_executor executor, const account_settings& account, time_source& time,
            logger& quiet);

    api_caller& caller() { return caller_; }
    http_transport& transport() { return service_.transport(); }
    const rate_headers& rates() const { return gate_.seen; }

private:
    open_gate gate_;
    account_service service_;
    api_caller caller_;
};

} // namespace cannedd
