#include "simulator/exchange.hpp"

#include <boost/algorithm/string/predicate.hpp>

namespace cannedd::sim {

std::optional<std::string> request::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (boost::algorithm::iequals(key, name)) return value;
    return std::nullopt;
}

} // namespace cannedd::sim
