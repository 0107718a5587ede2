#include "intake/row_reader.hpp"
#include "text/json_reading.hpp"

#include <utility>

namespace cannedd {
namespace {

using row_or_why = std::variant<producer_row, std::string>;

// What the schema cannot take for itself; nothing: it is of no type that a column has.
std::optional<producer_value> value_of(const json::value& given, std::string_view column) {
    if (given.is_null()) return producer_value();
    if (const auto* text = given.if_string()) return producer_value(std::string(text->data(), text->size()));
    if (const auto* whole = given.if_int64()) return producer_value(*whole);
    if (given.is_number()) return producer_value(given.to_number<double>());
    if (given.is_object() && column == "variables") return producer_value(json::serialize(given));
    return std::nullopt;
}

row_or_why row_of(std::string_view line) {
    const auto parsed = parse_json(line);
    const auto* const object = parsed ? parsed->if_object() : nullptr;
    if (object == nullptr)
        return "must be one JSON object: {\"conversation_id\": \"...\", \"text\": \"...\"}";
    producer_row row;
    for (const auto& [key, given] : *object) {
        const auto column = producer_column(key);
        if (!column) return no_such_column(key);
        auto value = value_of(given, key);
        if (!value)
            return std::string(key) +
                   (key == "variables" ? " must be a JSON object" : " must be a text or a number");
        row.at(*column) = std::move(*value);
    }
    return row;
}

class json_lines_reader final : public row_reader {
public:
    void feed(std::string_view bytes, std::vector<numbered_row>& rows) override {
        while (!bytes.empty()) {
            const auto end = bytes.find('\n');
            add(bytes.substr(0, end));
            if (end == std::string_view::npos) return;
            finish(rows);
            bytes.remove_prefix(end + 1);
        }
    }

    void finish(std::vector<numbered_row>& rows) override {
        ++line_;
        const auto text = std::exchange(text_, {});
        const bool was_too_long = std::exchange(too_long_, false);
        if (!was_too_long && text.find_first_not_of(" \t\r") == std::string::npos) return;
        if (was_too_long)
            rows.push_back(
                {.line = line_, .row = "is longer than " + std::to_string(row_bytes_max) + " bytes"});
        else
            rows.push_back({.line = line_, .row = row_of(text)});
    }

private:
    void add(std::string_view more) {
        too_long_ = too_long_ || text_.size() + more.size() > row_bytes_max;
        if (!too_long_) text_ += more;
    }

    std::string text_; // of the line so far
    bool too_long_ = false;
    std::int64_t line_ = 0; // lines that have ended
};

} // namespace

std::unique_ptr<row_reader> read_json_lines() {
    return std::make_unique<json_lines_reader>();
}

} // namespace cannedd
