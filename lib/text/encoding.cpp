#include "text/encoding.hpp"

#include <boost/url/pct_string_view.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace cannedd {
namespace {

// By byte, for each of an address's ids in each request is looked up.
constexpr auto unreserved = [] {
    std::array<bool, 256> all{};
    for (const char c :
         std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"))
        all.at(static_cast<unsigned char>(c)) = true;
    return all;
}();

bool is_unreserved(char c) {
    return unreserved[static_cast<unsigned char>(c)];
}

std::size_t unreserved_in_front(std::string_view bytes) {
    const auto end = std::ranges::find_if_not(bytes, is_unreserved);
    return static_cast<std::size_t>(end - bytes.begin());
}

} // namespace

std::string to_base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4,
                     '\0'); // EVP_EncodeBlock ends it with a zero, as a string does
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                    reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    return text;
}

std::string to_base64url(std::string_view bytes) {
    auto text = to_base64(bytes);
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    text.resize(std::min(text.find('='), text.size()));
    return text;
}

std::string percent_encoded(std::string_view bytes) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    auto plain = unreserved_in_front(bytes); // all of it where it is an id
    std::string text(bytes.substr(0, plain));
    while (plain < bytes.size()) {
        const auto byte = static_cast<unsigned char>(bytes[plain]);
        text += '%';
        text += hex[byte >> 4];
        text += hex[byte & 15U];
        bytes.remove_prefix(plain + 1);
        plain = unreserved_in_front(bytes);
        text.append(bytes, 0, plain);
    }
    return text;
}

std::string percent_decoded(std::string_view text) {
    const auto encoded = boost::urls::make_pct_string_view(text);
    return encoded ? encoded->decode() : std::string(text);
}

std::string to_form(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string text;
    for (const auto& [name, value] : fields) {
        if (!text.empty()) text += '&';
        text += percent_encoded(name) + '=' + percent_encoded(value);
    }
    return text;
}

} // namespace cannedd
