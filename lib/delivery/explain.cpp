#include "delivery/explain.hpp"

#include "delivery/advice.hpp"

namespace cannedd {
namespace {

std::string with_advice(std::string_view detail, std::string_view advised, const request_facts& facts) {
    std::string sentence(detail);
    if (!sentence.empty()) {
        if (sentence.back() != '.') sentence += '.';
        sentence += ' ';
    }
    sentence += advised;
    return refer(std::move(sentence), facts);
}

} // namespace

std::string explain(errc code, std::string_view detail, const request_facts& facts) {
    return with_advice(detail, facts.agents_own ? advice_for_one_agent(code) : advice(code), facts);
}

std::string explain_barred(const request_facts& facts) {
    return with_advice(facts.detail,
                       "This conversation is closed to the client, others may not be: give its role the "
                       "permission in the conversation's division (and the client the scope, where the org "
                       "enforces scopes), then set status = 'pending'.",
                       facts);
}

std::string explain_barred_response(const request_facts& facts) {
    return with_advice(facts.detail,
                       "This response is closed to the client, others may not be: give its role "
                       "responses:response:view in the division of the response's library (and the client "
                       "the scope, where the org enforces scopes), then set status = 'pending'.",
                       facts);
}

std::string explain_last_500(const request_facts& facts) {
    return with_advice(facts.detail,
                       "The API failed each time, and it calls such a failure final: it is not tried again. "
                       "It may have been delivered all the same: look at the conversation before you set "
                       "status = 'pending'.",
                       facts);
}

std::string refer(std::string sentence, const request_facts& facts) {
    const auto status = facts.http_status != 0 ? "HTTP " + std::to_string(facts.http_status) : std::string();
    const auto quote =
        facts.correlation_id.empty() ? std::string() : "correlation id " + facts.correlation_id;
    if (status.empty() && quote.empty()) return sentence;
    const auto* between = status.empty() || quote.empty() ? "" : ", ";
    return sentence + " (" + status + between + quote + ')';
}

} // namespace cannedd
