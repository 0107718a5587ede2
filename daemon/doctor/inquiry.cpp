#include "doctor/inquiry.hpp"

namespace cannedd {

// No directory: only the grant refresh_token keeps files, and it is not asked.
inquiry::inquiry(asio::any_io_executor executor, const account_settings& account, time_source& time,
                 logger& quiet)
    : service_(std::move(executor), time, quiet, gate_, account, std::filesystem::path())
    , caller_(service_.transport(), service_.tokens(), gate_, time, quiet, account.client.request_timeout) {}

} // namespace cannedd
