// What can be wrong with the database, as a value.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cannedd {

enum class store_trouble : std::uint8_t {
    busy,     // a neighbour holds the lock: again in a few milliseconds
    full,     // the disk is full: recovers by itself
    io,       // the disk failed a read, write or sync: may recover by itself
    readonly, // the file or its directory may not be written: needs a person
    replaced, // another file, or none, is at the database's path: never go on
    corrupt,  // a page does not make sense: never go on
    foreign,  // the schema holds objects that are not ours: never go on
};

std::string_view name_of(store_trouble trouble) noexcept;

struct store_fault {
    store_fault() = default; // result<> wants one
    store_fault(store_trouble kind_, std::string detail_) : kind(kind_), detail(std::move(detail_)) {}
    store_trouble kind = store_trouble::io;
    std::string detail; // SQLite's extended code and words, and what to do
};

// Called by store_result<T>::value() on a fault: at start-up, where the exception ends in main.
[[noreturn]] inline void throw_exception_from_error(const store_fault& why, const boost::source_location&) {
    throw std::runtime_error(why.detail);
}

template<typename T>
using store_result = boost::system::result<T, store_fault>;

} // namespace cannedd
