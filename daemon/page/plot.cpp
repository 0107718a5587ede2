#include "page/plot.hpp"

#include "page/words.hpp"

#include <algorithm>
#include <cmath>

namespace cannedd {
namespace {

constexpr double height = 120; // in pixels: the picture stretches in width alone
constexpr double bar_width = 0.72;
constexpr std::size_t rows_of_table = 12;

std::string minute_words(std::size_t at, std::size_t of) {
    const auto ago = of - 1 - at;
    return ago == 0 ? "this minute" : ago == 1 ? "a minute ago" : std::to_string(ago) + " min ago";
}

std::string told(const past_minute& minute) {
    if (minute.sent == 0) return "none sent";
    return grouped(minute.sent) + " sent, half within " + span_words(minute.median) + ", 19 of 20 within " +
           span_words(minute.late);
}

void write_tick(html& page, double y, const std::string& label) {
    page.markup("<span class=\"tick\" style=\"top:")
        .coordinate(y)
        .markup("px\">")
        .text(label)
        .markup("</span>");
}

void write_grid(html& page, double y) {
    page.markup("<line x1=\"0\" x2=\"60\" y1=\"").coordinate(y);
    page.markup("\" y2=\"").coordinate(y).markup("\"/>");
}

void write_box(html& page, double x, double top, double bottom) {
    page.markup("x=\"").coordinate(x).markup("\" width=\"").coordinate(bar_width);
    page.markup("\" y=\"").coordinate(top);
    page.markup("\" height=\"").coordinate(std::max(bottom - top, 0.0)).markup("\"/>");
}

// What the pointer finds: the whole height of a minute, with its numbers.
void open_minute(html& page, const std::vector<past_minute>& hour, std::size_t at) {
    page.markup("<g><title>").text(minute_words(at, hour.size())).markup(": ");
    page.text(told(hour.at(at)))
        .markup("</title><rect class=\"hit\" y=\"0\" width=\"1\" height=\"120\" x=\"");
    page.coordinate(static_cast<double>(at)).markup("\"/>");
}

void open_picture(html& page) {
    page.markup("<svg viewBox=\"0 0 60 120\" preserveAspectRatio=\"none\" role=\"img\" "
                "aria-label=\"The numbers are in the table below\">");
}

// 1 min is no power of ten: from a second on the axis counts in seconds.
std::string decade_words(int decade) {
    if (decade < 3) return "0." + std::string(static_cast<std::size_t>(2 - decade), '0') + "1 s";
    return grouped(std::llround(std::pow(10.0, decade - 3))) + " s";
}

void write_axis(html& page) {
    page.markup("<div class=\"axis\"><span>1 h ago</span><span>45</span><span>30</span><span>15</span>"
                "<span>now</span></div>");
}

void write_throughput(html& page, const page_facts& facts) {
    std::int64_t most = 0;
    for (const auto& minute : facts.hour)
        most = std::max(most, minute.sent);
    const auto axis = axis_for(most);
    const auto y_of = [&](std::int64_t sent) {
        return height * (1 - static_cast<double>(sent) / static_cast<double>(axis.top));
    };
    page.markup("<div class=\"plot\"><h3><b>Sent a minute</b></h3><div class=\"field\">");
    for (std::int64_t value = 0; value <= axis.top; value += axis.step)
        write_tick(page, y_of(value), grouped(value));
    open_picture(page);
    for (std::int64_t value = 0; value <= axis.top; value += axis.step)
        write_grid(page, y_of(value));
    for (std::size_t at = 0; at < facts.hour.size(); ++at) {
        open_minute(page, facts.hour, at);
        if (const auto sent = facts.hour.at(at).sent; sent > 0) {
            if (at + 1 == facts.hour.size())
                page.markup("<rect class=\"sent now\" ");
            else
                page.markup("<rect class=\"sent\" ");
            const auto top = std::min(y_of(sent), height - 1.5);
            write_box(page, static_cast<double>(at) + (1 - bar_width) / 2, top, height);
        }
        page.markup("</g>");
    }
    page.markup("</svg></div>");
    write_axis(page);
    page.markup("</div>");
}

void write_delays(html& page, const page_facts& facts) {
    const auto axis = axis_for(facts.hour);
    const auto y_of = [&](milliseconds delay) {
        const auto decade = std::log10(static_cast<double>(std::max<std::int64_t>(delay.count(), 1)));
        const auto share = (decade - axis.first) / (axis.last - axis.first);
        return height * (1 - std::clamp(share, 0.0, 1.0));
    };
    const auto of_decade = [](int decade) { return milliseconds(std::llround(std::pow(10.0, decade))); };
    page.markup(
        "<div class=\"plot\"><h3><b>From due to accepted</b><span class=\"key half\">half within</span>"
        "<span class=\"key\">19 of 20 within</span></h3><div class=\"field\">");
    for (int decade = axis.first; decade <= axis.last; ++decade)
        write_tick(page, y_of(of_decade(decade)), decade_words(decade));
    open_picture(page);
    for (int decade = axis.first; decade <= axis.last; ++decade)
        write_grid(page, y_of(of_decade(decade)));
    for (std::size_t at = 0; at < facts.hour.size(); ++at) {
        const auto& minute = facts.hour.at(at);
        open_minute(page, facts.hour, at);
        if (minute.sent > 0) {
            const auto x = static_cast<double>(at) + (1 - bar_width) / 2;
            const auto median = y_of(minute.median);
            page.markup("<rect class=\"range\" ");
            write_box(page, x, std::min(y_of(minute.late), median), median);
            page.markup("<rect class=\"median\" ");
            write_box(page, x, median - 1.5, median + 1.5);
        }
        page.markup("</g>");
    }
    page.markup("</svg></div>");
    write_axis(page);
    page.markup("</div>");
}

// Five minutes a row.
void write_table(html& page, const page_facts& facts) {
    page.markup(
        "<details><summary>The numbers</summary><table><thead><tr><th>Minutes ago</th>"
        "<th class=\"n\">Sent</th><th class=\"n\">Half within (slowest minute)</th></tr></thead><tbody>");
    const auto each = facts.hour.size() / rows_of_table;
    for (std::size_t row = rows_of_table; row-- > 0;) {
        std::int64_t sent = 0;
        milliseconds slowest{};
        for (auto at = row * each; at < (row + 1) * each; ++at) {
            sent += facts.hour.at(at).sent;
            slowest = std::max(slowest, facts.hour.at(at).median);
        }
        const auto newest = facts.hour.size() - (row + 1) * each;
        page.markup("<tr><td>").text(std::to_string(newest) + " to " + std::to_string(newest + each));
        page.markup("</td><td class=\"n\">").text(grouped(sent)).markup("</td><td class=\"n\">");
        page.text(sent == 0 ? "–" : span_words(slowest)).markup("</td></tr>");
    }
    page.markup("</tbody></table></details>");
}

} // namespace

count_axis axis_for(std::int64_t most) {
    count_axis axis;
    while (axis.step * 4 < most) {
        const bool two = std::to_string(axis.step).front() == '2';
        axis.step = two ? axis.step / 2 * 5 : axis.step * 2;
    }
    axis.top = std::max<std::int64_t>((most + axis.step - 1) / axis.step, 2) * axis.step;
    return axis;
}

delay_axis axis_for(const std::vector<past_minute>& hour) {
    auto least = milliseconds::max();
    milliseconds most{1};
    for (const auto& minute : hour) {
        if (minute.sent == 0) continue;
        least = std::min(least, minute.median);
        most = std::max(most, minute.late);
    }
    delay_axis axis;
    if (least == milliseconds::max()) return axis;
    const auto decade = [](milliseconds delay) {
        return std::log10(static_cast<double>(std::max<std::int64_t>(delay.count(), 1)));
    };
    axis.first = static_cast<int>(std::floor(decade(least)));
    axis.last = std::max(axis.first + 2, static_cast<int>(std::ceil(decade(most))));
    return axis;
}

void write_hour(html& page, const page_facts& facts) {
    page.markup("<section><div class=\"title\"><h2>The last hour</h2><p>");
    if (facts.watched < minutes(60))
        page.text("Counted since the start " + span_words(facts.watched) + " ago");
    page.markup("</p></div><div class=\"card\">");
    if (facts.whole_hour.sent == 0) {
        page.markup("<p class=\"empty\">No message was sent in this time.</p></div></section>");
        return;
    }
    write_throughput(page, facts);
    write_delays(page, facts);
    write_table(page, facts);
    page.markup("</div></section>");
}

} // namespace cannedd
