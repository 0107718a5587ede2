// HTML of the library, and of servers that show it, -> the text that a chat shows.
#include "property.hpp"
#include "text/entities.hpp"
#include "text/plain_text.hpp"

using namespace cannedd;
using fuzz::must;

namespace {

// Of what is read last: an address of bytes that are no UTF-8, for example.
constexpr std::size_t growth_max = 8;

bool is_words(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ';
    });
}

void check_page(std::string_view html, const std::string& page) {
    must(fuzz::is_utf8(page), "a page is UTF-8", page);
    must(page.size() <= html_bytes_max + growth_max * html.size(), "a page has an end",
         std::to_string(page.size()));
    must(!page.starts_with('\n') && !page.ends_with('\n'), "a page has no empty line at its ends", page);
    must(page.find('\r') == std::string::npos, "a page's lines end alike", page);
    if (is_words(html)) {
        std::string squeezed;
        for (const char c : html)
            if (c != ' ' || (!squeezed.empty() && squeezed.back() != ' ')) squeezed += c;
        if (squeezed.ends_with(' ')) squeezed.pop_back();
        must(page == squeezed, "words stay", page);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto html = fuzz::input(data, size).rest();
    const auto page = to_plain_text(html);
    if (html.size() <= html_bytes_max) check_page(html, page);
    if (shows_media(html)) must(html.find('<') != std::string::npos, "media are markup", html);

    const auto read = without_entities(html);
    if (html.find('&') == std::string::npos) must(read == html, "without references a text stays", read);
    must(std::ranges::count(read, '<') >= std::ranges::count(html, '<'), "markup stays", read);
    if (fuzz::is_utf8(html)) must(fuzz::is_utf8(read), "what was UTF-8 stays UTF-8", read);
    return 0;
}
