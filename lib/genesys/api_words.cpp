#include "genesys/api_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cannedd {

api_word word_of(std::string_view code) noexcept {
    static constexpr std::array<std::pair<std::string_view, api_word>, 8> table{{
        {"not.a.user", api_word::not_a_user},
        {"chat.error.conversation.state", api_word::wrong_state},
        {"chat.error.member.state", api_word::wrong_state},
        {"conversation.error.conversation.not.found", api_word::conversation_unknown},
        {"missing.permissions", api_word::permission_missing},
        {"missing.any.permissions", api_word::permission_missing},
        {"missing.division.permission", api_word::conversation_refused},
        {"not.authorized", api_word::conversation_refused},
    }};
    const auto found = std::ranges::find(table, code, [](const auto& row) { return row.first; });
    return found != table.end() ? found->second : api_word::none;
}

} // namespace cannedd
