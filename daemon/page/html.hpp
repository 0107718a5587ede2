// HTML that cannot be injected into: only literals of our own source are markup, whatever else is written is
// escaped, for content and for attributes in double quotes alike. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cannedd {

class html {
public:
    struct literal {
        consteval literal(const char* text) : words(text) {} // NOLINT: "<p>" is to be written as it is
        std::string_view words;
    };

    html& markup(literal words);
    // What is not well-formed UTF-8, and control characters, become U+FFFD.
    html& text(std::string_view words);
    html& coordinate(double value); // for SVG and CSS: one decimal, a point

    std::string take() { return std::move(out_); }

private:
    std::string out_;
};

} // namespace cannedd
