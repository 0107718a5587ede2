// Folding: what a server did to a text on its way must not make it another one.
#include "property.hpp"
#include "text/entities.hpp"
#include "text/likeness.hpp"

#include <cstdlib>
#include <memory>

#include <utf8proc.h>

using namespace cannedd;
using fuzz::must;

namespace {

using normalise = utf8proc_uint8_t* (*)(const utf8proc_uint8_t*);

std::string normalised(const std::string& text, normalise form) {
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> kept(
        form(reinterpret_cast<const utf8proc_uint8_t*>(text.c_str())), &std::free);
    return reinterpret_cast<const char*>(kept.get());
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text)
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else
            out += c;
    return out;
}

// As check_text() demands it of what is sent.
bool is_sendable(std::string text) {
    std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; });
    return fuzz::is_one_line(text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::input(data, size).rest();
    const auto fold = folded(text);
    must(likeness_of(text, text) == likeness::same, "a text is the same as itself", fold);
    if (!fuzz::is_utf8(text)) return 0;
    must(fuzz::is_utf8(fold), "what was UTF-8 stays UTF-8", fold);
    must(!fold.starts_with(' ') && !fold.ends_with(' ') && fold.find("  ") == std::string::npos &&
             fold.find('\n') == std::string::npos,
         "blanks are single, and between words", fold);
    must(folded(' ' + text + '\n') == fold, "blanks at its ends do not matter", fold);
    if (without_entities(fold) != fold) return 0; // escaped more often than any server does
    must(folded(fold) == fold, "what is folded stays as it is", fold);
    must(likeness_of(text, fold) == likeness::same, "a text is the same as what it is folded to", fold);
    if (!is_sendable(text)) return 0;
    for (const auto form : {utf8proc_NFC, utf8proc_NFD})
        must(folded(normalised(text, form)) == fold, "normalised it is the same", fold);
    if (text.find('&') == std::string::npos)
        must(folded(escaped(text)) == fold, "escaped it is the same", fold);
    return 0;
}
