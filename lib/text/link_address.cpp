#include "text/link_address.hpp"

#include "text/encoding.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace cannedd {
namespace {

std::string without_scheme(std::string address) {
    for (const auto* scheme :
         {"https://", "http://", "ftp://", "ftps://", "sftp://", "geo:", "sip:", "sips:", "skype:"})
        if (address.starts_with(scheme)) {
            address.erase(0, std::string_view(scheme).size());
            break;
        }
    while (address.ends_with('/'))
        address.pop_back();
    return address;
}

std::string dialled(std::string_view number) {
    std::string digits;
    std::ranges::copy_if(number, std::back_inserter(digits),
                         [](char c) { return c == '+' || (c >= '0' && c <= '9'); });
    return digits;
}

// As a browser reads it: without blanks around it, its scheme in small letters, that of the page where it has
// none.
std::string link_of(std::string_view href) {
    constexpr std::string_view blanks = " \t\r\n\f";
    const auto begin = href.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    std::string link(href.substr(begin, href.find_last_not_of(blanks) - begin + 1));
    if (link.starts_with("//")) return "https:" + link;
    const auto scheme_end = std::min(link.find(':'), link.size());
    for (std::size_t at = 0; at < scheme_end; ++at)
        if (link[at] >= 'A' && link[at] <= 'Z') link[at] = static_cast<char>(link[at] - 'A' + 'a');
    return link;
}

bool is_scheme(std::string_view name) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !name.empty() && is_letter(name.front()) && std::ranges::all_of(name, [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    });
}

template<std::size_t Count>
bool is_among(std::string_view name, const std::array<std::string_view, Count>& all) {
    return std::ranges::find(all, name) != all.end();
}

// What a person writes down of it: a number, a mail address.
std::string written_of(const std::string& link) {
    const auto begin = link.find(':') + 1;
    return percent_decoded(std::string_view(link).substr(begin, link.find('?') - begin));
}

bool tell_number(std::string_view words, std::string_view address) {
    const auto number = dialled(address);
    return !number.empty() && dialled(words) == number;
}

} // namespace

std::string address_beside(std::string_view words, const std::string& href) {
    static constexpr std::array<std::string_view, 5> numbers{"tel", "sms", "smsto", "callto", "fax"};
    static constexpr std::array<std::string_view, 11> nobody_can_follow{
        "javascript", "vbscript", "data",       "cid",         "mid", "about",
        "blob",       "file",     "filesystem", "view-source", "res"};
    const auto link = link_of(href);
    const auto scheme = std::string_view(link).substr(0, link.find(':'));
    if (scheme.size() == link.size() || !is_scheme(scheme) || is_among(scheme, nobody_can_follow)) return {};
    const bool is_number = is_among(scheme, numbers);
    if (is_number || scheme == "mailto") {
        const auto address = written_of(link);
        const bool told = words.find(address) != words.npos || (is_number && tell_number(words, address));
        return told ? std::string() : address;
    }
    const bool told =
        words.find(link) != words.npos || without_scheme(std::string(words)) == without_scheme(link);
    return told ? std::string() : link;
}

} // namespace cannedd
