#include "log/logger.hpp"

#include <utility>

namespace cannedd {

logger::logger(log_level threshold, log_sink sink) : threshold_(threshold), sink_(std::move(sink)) {}

void logger::write(log_level level, std::string_view text, std::initializer_list<log_field> fields) {
    if (enabled(level)) write_fields(level, text, fields);
}

void logger::write_fields(log_level level, std::string_view text, std::vector<log_field> fields) {
    if (!enabled(level) || !sink_) return;
    log_record record;
    record.level = level;
    record.text = text;
    record.fields = std::move(fields);
    sink_(record);
}

void logger::debug(std::string_view text, std::initializer_list<log_field> fields) {
    write(log_level::debug, text, fields);
}
void logger::info(std::string_view text, std::initializer_list<log_field> fields) {
    write(log_level::info, text, fields);
}
void logger::notice(std::string_view text, std::initializer_list<log_field> fields) {
    write(log_level::notice, text, fields);
}
void logger::warning(std::string_view text, std::initializer_list<log_field> fields) {
    write(log_level::warning, text, fields);
}
void logger::error(std::string_view text, std::initializer_list<log_field> fields) {
    write(log_level::error, text, fields);
}

} // namespace cannedd
