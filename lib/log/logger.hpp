// Log lines of key=value fields. A room is handed a logger and never asks where it writes: the sink is
// injected (the journal, a terminal, a test's vector). Values are escaped by the sink's formatter, so that a
// stored text with a newline or an escape sequence forges no line (line.hpp).
// Never logged: secrets (the type `secret` does not convert), access tokens, message texts.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

enum class log_level : std::uint8_t { debug, info, notice, warning, error };

struct log_field {
    log_field(std::string_view key_, std::string_view value_) : key(key_), value(value_) {}
    log_field(std::string_view key_, const std::string& value_) : key(key_), value(value_) {}
    log_field(std::string_view key_, const char* value_) : key(key_), value(value_) {}
    template<std::integral T>
    log_field(std::string_view key_, T value_) : key(key_), value(std::to_string(value_)), is_number(true) {}
    std::string key;
    std::string value;
    bool is_number = false;
};

struct log_record {
    log_level level = log_level::info;
    std::string text;
    std::vector<log_field> fields;
};

using log_sink = std::function<void(const log_record&)>;

class logger {
public:
    logger(log_level threshold, log_sink sink);

    void set_threshold(log_level threshold) noexcept { threshold_ = threshold; }
    bool enabled(log_level level) const noexcept { return level >= threshold_; }
    void write(log_level level, std::string_view text, std::initializer_list<log_field> fields = {});

    // Fields that are only known at run time to be worth telling.
    void write_fields(log_level level, std::string_view text, std::vector<log_field> fields);
    void debug(std::string_view text, std::initializer_list<log_field> fields = {});
    void info(std::string_view text, std::initializer_list<log_field> fields = {});
    void notice(std::string_view text, std::initializer_list<log_field> fields = {});
    void warning(std::string_view text, std::initializer_list<log_field> fields = {});
    void error(std::string_view text, std::initializer_list<log_field> fields = {});

private:
    log_level threshold_;
    log_sink sink_;
};

} // namespace cannedd
