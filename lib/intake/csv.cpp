#include "intake/row_reader.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <utility>

namespace cannedd {
namespace {

struct field {
    std::string text;
    bool quoted = false;
};

class csv_reader final : public row_reader {
public:
    void feed(std::string_view bytes, std::vector<numbered_row>& rows) override {
        for (const char byte : bytes) {
            if (hopeless_) return;
            take(byte, rows);
        }
    }

    void finish(std::vector<numbered_row>& rows) override {
        if (hopeless_) return;
        if (where_ == place::quoted) {
            tell(rows, "the quote that opens here is not closed before the end");
            return;
        }
        if (!fields_.empty() || !current_.text.empty() || current_.quoted) end_record(rows);
        if (columns_.empty() && !hopeless_) {
            line_began_ = 1;
            tell(rows, "there is no header that names the columns");
        }
    }

    bool hopeless() const override { return hopeless_; }

private:
    enum class place : std::uint8_t { plain, quoted, behind_quote };

    void take(char byte, std::vector<numbered_row>& rows) {
        if (++record_bytes_ > row_bytes_max)
            fault_ = "is longer than " + std::to_string(row_bytes_max) + " bytes";
        if (byte == '\n') ++line_;
        if (where_ == place::quoted) {
            if (byte == '"')
                where_ = place::behind_quote;
            else
                add(byte);
            return;
        }
        if (where_ == place::behind_quote && byte == '"') { // a doubled one is one
            add(byte);
            where_ = place::quoted;
            return;
        }
        if (byte == ',')
            end_field();
        else if (byte == '\n')
            end_record(rows);
        else if (byte == '"' && current_.text.empty() && where_ == place::plain) {
            current_.quoted = true;
            where_ = place::quoted;
        } else if (where_ == place::behind_quote) {
            if (byte != '\r')
                fault_ = "a field goes on behind its closing quote: a quote within it is doubled";
        } else
            add(byte);
    }

    void add(char byte) {
        if (fault_.empty()) current_.text += byte;
    }

    void end_field() {
        where_ = place::plain;
        fields_.push_back(std::exchange(current_, {}));
    }

    void end_record(std::vector<numbered_row>& rows) {
        if (!current_.quoted && current_.text.ends_with('\r')) current_.text.pop_back();
        end_field();
        const auto fields = std::exchange(fields_, {});
        const auto fault = std::exchange(fault_, {});
        const bool is_blank = fields.size() == 1 && fields.front().text.empty() && !fields.front().quoted;
        if (!fault.empty())
            tell(rows, fault);
        else if (columns_.empty())
            begin_with(fields, rows);
        else if (!is_blank)
            add_row(fields, rows);
        record_bytes_ = 0;
        line_began_ = line_;
    }

    void tell(std::vector<numbered_row>& rows, std::string why) {
        hopeless_ = hopeless_ || columns_.empty();
        rows.push_back({.line = line_began_, .row = std::move(why)});
    }

    void begin_with(const std::vector<field>& header, std::vector<numbered_row>& rows) {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        std::vector<std::size_t> columns;
        if (header.front().text.find(';') != std::string::npos)
            return tell(rows, "columns must be separated by commas");
        for (const auto& it : header) {
            std::string_view name = it.text;
            if (columns.empty() && name.starts_with(byte_order_mark))
                name.remove_prefix(byte_order_mark.size());
            const auto column = producer_column(name);
            if (!column) return tell(rows, no_such_column(name));
            if (std::find(columns.begin(), columns.end(), *column) != columns.end())
                return tell(rows, "the column '" + std::string(name) + "' is there twice");
            columns.push_back(*column);
        }
        columns_ = std::move(columns);
    }

    void add_row(const std::vector<field>& fields, std::vector<numbered_row>& rows) {
        if (fields.size() != columns_.size())
            return tell(rows, "has " + std::to_string(fields.size()) + " fields, the header has " +
                                  std::to_string(columns_.size()));
        producer_row row;
        for (std::size_t at = 0; at < fields.size(); ++at) {
            const auto& it = fields.at(at);
            if (!is_utf8(it.text))
                return tell(rows, std::string(producer_columns.at(columns_.at(at))) + " is not UTF-8");
            if (it.quoted || !it.text.empty()) row.at(columns_.at(at)) = it.text;
        }
        rows.push_back({.line = line_began_, .row = std::move(row)});
    }

    std::vector<std::size_t> columns_; // of the header; empty: it has not come yet
    std::vector<field> fields_;
    field current_;
    place where_ = place::plain;
    std::string fault_; // of the record
    std::size_t record_bytes_ = 0;
    std::int64_t line_ = 1;
    std::int64_t line_began_ = 1;
    bool hopeless_ = false;
};

} // namespace

std::unique_ptr<row_reader> read_csv() {
    return std::make_unique<csv_reader>();
}

} // namespace cannedd
