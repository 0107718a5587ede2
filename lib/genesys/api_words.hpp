// The error codes of Genesys that refine what an HTTP status means, as facts that others can judge. The one
// place that knows how they are spelt. Pure.
#pragma once

#include "policy/facts.hpp"

#include <string_view>

namespace cannedd {

// code: ErrorBody.code; one that says nothing more than its status is api_word::none.
api_word word_of(std::string_view code) noexcept;

} // namespace cannedd
