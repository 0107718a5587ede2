// The named steps of an attempt, where a test may stop the world: the hook is empty in production.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace cannedd {

enum class step : std::uint8_t { before_mark, after_mark, after_answer, before_record, after_record };

constexpr std::string_view name_of(step at) noexcept {
    switch (at) {
    case step::before_mark: return "before_mark";
    case step::after_mark: return "after_mark";
    case step::after_answer: return "after_answer";
    case step::before_record: return "before_record";
    case step::after_record: break;
    }
    return "after_record";
}

using attempt_hook = std::function<void(step)>;

} // namespace cannedd
