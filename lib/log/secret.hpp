// A value that must not be read by people: it prints as ***, and it takes one deliberate word to open it.
#pragma once

#include <ostream>
#include <string>
#include <utility>

namespace cannedd {

class secret {
public:
    secret() = default;
    explicit secret(std::string value) : value_(std::move(value)) {}
    // The value, for the one place that puts it on the wire.
    const std::string& reveal() const noexcept { return value_; }
    bool empty() const noexcept { return value_.empty(); }
    friend bool operator==(const secret&, const secret&) = default;

private:
    std::string value_;
};

inline std::ostream& operator<<(std::ostream& out, const secret&) {
    return out << "***";
}

} // namespace cannedd
