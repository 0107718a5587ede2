#include "text/entities.hpp"

#include "text/utf8.hpp"

#include <memory>
#include <string_view>
#include <utility>

#include <gumbo.h>

namespace cannedd {
namespace {

struct page_freed {
    void operator()(GumboOutput* output) const { gumbo_destroy_output(&kGumboDefaultOptions, output); }
};

const char* text_in_frame(const GumboNode& node) {
    if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE) return node.v.text.text;
    if (node.type != GUMBO_NODE_ELEMENT) return nullptr;
    const auto& children = node.v.element.children;
    for (unsigned i = 0; i < children.length; ++i)
        if (const auto* found = text_in_frame(*static_cast<const GumboNode*>(children.data[i]))) return found;
    return nullptr;
}

// A number that is no character's may be read as bytes that are no UTF-8 (gumbo: &#xD799EA80;).
std::string as_utf8(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto next = decode_utf8(text);
        out += next ? text.substr(0, next->bytes) : std::string_view("\uFFFD");
        text.remove_prefix(next ? next->bytes : 1);
    }
    return out;
}

std::string read_once(const std::string& text) {
    std::string framed("<textarea>\n"); // in there a browser reads references and, but for its end, no markup
    for (const char c : text)
        framed += c == '<' ? std::string("&lt;") : std::string(1, c);
    const std::unique_ptr<GumboOutput, page_freed> page(
        gumbo_parse_with_options(&kGumboDefaultOptions, framed.data(), framed.size()));
    const auto* found = text_in_frame(*page->root);
    return found != nullptr ? as_utf8(found) : text;
}

} // namespace

std::string without_entities(std::string text) {
    constexpr int times_max = 3; // escaped by each server on its way
    for (int i = 0; i < times_max && text.find('&') != std::string::npos; ++i) {
        auto read = read_once(text);
        if (read == text) break;
        text = std::move(read);
    }
    return text;
}

} // namespace cannedd
