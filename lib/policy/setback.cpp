#include "policy/setback.hpp"

#include <stdexcept>

namespace cannedd {

void throw_exception_from_error(const setback& why, const boost::source_location&) {
    throw std::logic_error("a call to the API has no value: " + why.detail + why.facts.detail);
}

} // namespace cannedd
