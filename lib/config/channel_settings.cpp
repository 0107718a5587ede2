#include "config/channel_settings.hpp"

#include "text/identifier.hpp"

#include <algorithm>
#include <array>

namespace cannedd {
namespace {

// As route agentless knows them.
constexpr std::array<std::string_view, 5> messengers{"webmessaging", "open", "whatsapp", "apple", "sms"};

// A number of the org's: E.164, or a short code.
bool is_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    return text.size() >= 3 && text.size() <= 15 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view kind_of(std::string_view messenger) {
    return messenger == "webmessaging" ? "the id of a deployment (a UUID)"
                                       : "the id of an integration (a UUID)";
}

} // namespace

agentless_settings read_agentless(section from) {
    agentless_settings read;
    constexpr std::array<std::string_view, 2> ways{"wait", "send"};
    if (const auto way = from.read_choice("with_bot", ways)) read.waits_for_bot = *way == 0;
    auto addresses = from.child("from_addresses");
    for (const auto messenger : messengers) {
        const auto address = addresses.read_text(messenger);
        if (!address) continue;
        if (messenger == "sms" && !is_number(*address))
            addresses.fault(messenger, "must be a number of the org like +4989123456");
        if (messenger != "sms" && !is_uuid(*address))
            addresses.fault(messenger, "must be " + std::string(kind_of(messenger)));
        read.from_addresses.emplace(messenger, *address);
    }
    addresses.refuse_unknown_keys();
    from.refuse_unknown_keys();
    return read;
}

text_limits read_text_limits(section from) {
    text_limits read;
    constexpr int most = 100'000;
    for (auto& [channel, limit] : read.most) {
        auto number = static_cast<int>(limit);
        from.read_number(channel, number, 1, most);
        limit = static_cast<std::size_t>(number);
    }
    from.refuse_unknown_keys();
    return read;
}

} // namespace cannedd
