#include "start_checks.hpp"

#include "net/authorities.hpp"
#include "oauth/token_request.hpp"

#include <set>
#include <stdexcept>

namespace cannedd {
namespace {

// With which the start would end.
template<typename Step>
std::optional<std::string> sentence_of(Step step) {
    try {
        step();
        return std::nullopt;
    } catch (const std::runtime_error& refused) {
        return refused.what();
    }
}

} // namespace

setting_checks start_checks() {
    setting_checks checks;
    const auto kept = std::make_shared<std::set<std::shared_ptr<X509_STORE>>>();
    checks.ca_file = [kept](const std::filesystem::path& file) {
        return sentence_of([&] { kept->insert(authorities_of(file)); });
    };
    checks.auth = [](const oauth_grant& grant) -> std::optional<std::string> {
        // Signed as it would be for a token; the time and the identifier are of no matter to the key.
        const auto request = token_request(grant, secret(), wall_time(), "check");
        return request.has_error() ? std::optional(request.error().detail) : std::nullopt;
    };
    return checks;
}

} // namespace cannedd
