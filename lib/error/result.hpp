// result<T>: a value, or why there is none. The environment's trouble travels as a value (README, Design);
// exceptions are for start-up and for our own bugs.
#pragma once

#include "error/errc.hpp"

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace cannedd {

// Why a message cannot go: the code that is stored and the sentence for the operator.
// The sentence never holds a secret, a token or a message's text.
struct failure {
    failure() = default; // result<> wants one
    failure(errc code_, std::string detail_) : code(code_), detail(std::move(detail_)) {}
    errc code = errc::bad_reply;
    std::string detail;
};

// Called by result<T>::value() on a failure: asking for a value that is not there is a bug of ours.
[[noreturn]] inline void throw_exception_from_error(const failure& why, const boost::source_location&) {
    throw std::logic_error(std::string(name_of(why.code)) + ": " + why.detail);
}

template<typename T>
using result = boost::system::result<T, failure>;

} // namespace cannedd
