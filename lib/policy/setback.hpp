// Why a call to a server has no value. Either the answer itself is the reason (reason: an error code of the
// contract such as conversation_ended, invalid_client, missing_variable), or the request failed (no reason:
// classify `facts`), or it was not admitted (not_admitted). A value; judged by disposition.hpp.
#pragma once

#include "error/result.hpp"
#include "policy/facts.hpp"

#include <optional>
#include <string>

namespace cannedd {

struct setback {
    setback() = default;
    explicit setback(request_facts facts_) : facts(std::move(facts_)) {}
    setback(errc reason_, std::string detail_) : reason(reason_), detail(std::move(detail_)) {}
    std::optional<errc> reason;
    bool not_admitted = false;
    request_facts facts;
    std::string detail;
};

template<typename T>
using api_result = boost::system::result<T, setback>;

// Called by api_result<T>::value() on a setback: asking for a value that is not there is a bug of ours.
[[noreturn]] void throw_exception_from_error(const setback& why, const boost::source_location&);

} // namespace cannedd
