// How long a text may be on its channel, as Genesys' help pages say: by messenger type, an SMS by its
// alphabet.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace cannedd::sim {

using text_lengths = std::map<std::string, std::size_t, std::less<>>;

// By messenger type; `chat`, and `sms_unicode` for an SMS with a character outside GSM 03.38.
text_lengths published_text_lengths();

// What is wrong with the text: no UTF-8, empty, too long. Nothing: it will do.
std::optional<std::string> length_fault(std::string_view utf8, std::string_view channel,
                                        const text_lengths& most);

} // namespace cannedd::sim
