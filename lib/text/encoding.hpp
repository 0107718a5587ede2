// The encodings that requests need: base64, base64url, percent-encoding, forms. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cannedd {

std::string to_base64(std::string_view bytes);
// Without padding (RFC 7515, appendix C).
std::string to_base64url(std::string_view bytes);
// Everything but A-Z a-z 0-9 - . _ ~ as %XX: safe in a path segment, a query and a form.
std::string percent_encoded(std::string_view bytes);
// What is not percent-encoded as it should be comes back as it is.
std::string percent_decoded(std::string_view text);
// name=value&name=value, names and values percent-encoded.
std::string to_form(const std::vector<std::pair<std::string, std::string>>& fields);

} // namespace cannedd
