// What producers write: JSON Lines and CSV -> rows. Input: how many bytes come at a time; the stream.
#include "intake/row_reader.hpp"
#include "property.hpp"

using namespace cannedd;
using fuzz::must;

namespace {

std::vector<numbered_row> read(row_reader& reader, std::string_view stream, std::size_t at_a_time) {
    std::vector<numbered_row> rows;
    for (; !stream.empty() && !reader.hopeless(); stream.remove_prefix(std::min(at_a_time, stream.size())))
        reader.feed(stream.substr(0, at_a_time), rows);
    reader.finish(rows);
    return rows;
}

void check(const std::vector<numbered_row>& rows, std::string_view stream) {
    const auto lines = std::ranges::count(stream, '\n') + 1;
    std::int64_t last = 0;
    for (const auto& one : rows) {
        must(one.line > last && one.line <= lines, "each row has its own line", std::to_string(one.line));
        last = one.line;
        if (const auto* why = std::get_if<std::string>(&one.row)) {
            must(!why->empty() && fuzz::is_one_line(*why), "what is no row says why, in one line", *why);
            continue;
        }
        for (const auto& value : std::get<producer_row>(one.row))
            if (const auto* text = std::get_if<std::string>(&value))
                must(fuzz::is_utf8(*text), "a row's texts are UTF-8", *text);
    }
}

bool same(const std::vector<numbered_row>& some, const std::vector<numbered_row>& others) {
    return std::ranges::equal(
        some, others, [](const auto& a, const auto& b) { return a.line == b.line && a.row == b.row; });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const auto at_a_time = static_cast<std::size_t>(std::clamp(fuzz::number_in(in.line()), 1, 1'000));
    const auto stream = in.rest();
    for (const auto make : {read_json_lines, read_csv}) {
        const auto whole = read(*make(), stream, stream.size() + 1);
        check(whole, stream);
        must(same(whole, read(*make(), stream, at_a_time)), "how the bytes come does not matter");
    }
    return 0;
}
