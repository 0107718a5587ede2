#include "page/status_page.hpp"

#include "page/diagnosis.hpp"
#include "page/html.hpp"
#include "page/plot.hpp"
#include "page/sections.hpp"
#include "page/style.hpp"
#include "page/words.hpp"

#include <date/date.h>

namespace cannedd {
namespace {

// A can that speaks.
void write_mark(html& page) {
    page.markup("<svg viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" "
                "stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\">"
                "<ellipse cx=\"12\" cy=\"5\" rx=\"8\" ry=\"3\"/>"
                "<path d=\"M4 5v10c0 1.7 3.6 3 8 3l4 4v-4.4c2.5-.5 4-1.500 4-2.600V5M8 12h8\"/></svg>");
}

void write_icon(html& page, concern how) {
    page.markup("<link rel=\"icon\" href=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' "
                "viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%23");
    switch (how) {
    case concern::none: page.markup("14804a"); break;
    case concern::attention: page.markup("d08700"); break;
    case concern::trouble: page.markup("c4302b"); break;
    }
    page.markup("'/%3E%3C/svg%3E\">");
}

void write_head(html& page, const page_facts& facts, const page_diagnosis& diagnosis) {
    page.markup("<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                "<meta name=\"color-scheme\" content=\"light dark\">");
    if (facts.refreshes) page.markup("<meta http-equiv=\"refresh\" content=\"10\">");
    page.markup("<title>").text(diagnosis.headline).markup(" · cannedd</title>");
    write_icon(page, diagnosis.how);
    page.markup("<style>").markup(page_style).markup("</style></head><body>");
}

void write_bar(html& page, const page_facts& facts) {
    page.markup("<header class=\"bar\"><div class=\"mark\">");
    write_mark(page);
    page.markup("cannedd</div><p>");
    page.text(date::format("%e %B %Y, %T UTC", std::chrono::floor<seconds>(facts.now)));
    if (facts.refreshes)
        page.markup("<br>Read again every 10 s · <a href=\"/\">stop</a>");
    else
        page.markup("<br><a href=\"/live\">Read again every 10 s</a>");
    page.markup("</p></header>");
}

void write_diagnosis(html& page, const page_diagnosis& diagnosis) {
    page.markup("<div class=\"diagnosis ");
    write_tone(page, diagnosis.how);
    page.markup("\"><h1>")
        .text(diagnosis.headline)
        .markup("</h1><p>")
        .text(diagnosis.summary)
        .markup("</p></div>");
    if (diagnosis.notices.empty()) return;
    page.markup("<ul class=\"notices\">");
    for (const auto& notice : diagnosis.notices) {
        page.markup("<li class=\"");
        write_tone(page, notice.how);
        page.markup("\"><h3>").text(notice.title).markup("</h3><p>").text(notice.sentence).markup("</p>");
        if (!notice.command.empty())
            page.markup("<code class=\"sql\">").text(notice.command).markup("</code>");
        page.markup("</li>");
    }
    if (diagnosis.more > 0)
        page.markup("<li class=\"attention\"><p>")
            .text("And " + std::to_string(diagnosis.more) + " more.")
            .markup("</p></li>");
    page.markup("</ul>");
}

void write_figure(html& page, html::literal name, std::int64_t value, const std::string& below, concern how) {
    page.markup("<div class=\"");
    write_tone(page, how);
    page.markup("\"><dt>").markup(name).markup("</dt><dd>").text(grouped(value));
    if (!below.empty()) page.markup("<small>").text(below).markup("</small>");
    page.markup("</dd></div>");
}

void write_figures(html& page, const page_facts& facts) {
    std::optional<wall_time> oldest;
    std::int64_t flying = 0;
    std::int64_t doubts = 0;
    for (const auto& account : facts.accounts) {
        if (account.queue.oldest && (!oldest || *account.queue.oldest < *oldest))
            oldest = account.queue.oldest;
        flying += static_cast<std::int64_t>(account.in_flight);
        doubts += static_cast<std::int64_t>(account.in_doubt);
    }
    const auto persons =
        messages_in(facts, message_status::held) + messages_in(facts, message_status::unconfirmed);
    const auto failed =
        messages_in(facts, message_status::failed) + messages_in(facts, message_status::expired);
    page.markup("<dl class=\"figures\">");
    const auto& hour = facts.whole_hour;
    write_figure(page, "Sent in the last hour", hour.sent,
                 hour.sent > 0 ? "19 of 20 within " + span_words(hour.late) : std::string(), concern::none);
    write_figure(page, "Waiting", messages_in(facts, message_status::pending),
                 oldest ? "the oldest for " + span_words(facts.now - *oldest) : std::string(), concern::none);
    write_figure(page, "On their way", flying + doubts,
                 doubts > 0 ? grouped(doubts) + " in doubt" : std::string(), concern::none);
    write_figure(page, "For a person", persons, persons > 0 ? "held or unconfirmed" : std::string(),
                 persons > 0 ? concern::attention : concern::none);
    write_figure(page, "Failed", failed, failed > 0 ? "or expired, all that are kept" : std::string(),
                 concern::none);
    page.markup("</dl>");
}

void write_foot(html& page, const page_facts& facts) {
    page.markup("<footer><span>").text("cannedd " + facts.version + ", SQLite " + facts.sqlite);
    page.markup("</span><span><code>").text(facts.database).markup("</code></span><span>");
    page.markup("<a href=\"/metrics\">metrics</a> · <a href=\"/healthz\">healthz</a> · "
                "<a href=\"/readyz\">readyz</a></span></footer></body></html>\n");
}

} // namespace

std::string write_status_page(const page_facts& facts) {
    html page;
    const auto diagnosis = diagnose(facts);
    write_head(page, facts, diagnosis);
    write_bar(page, facts);
    page.markup("<main>");
    write_diagnosis(page, diagnosis);
    write_figures(page, facts);
    write_hour(page, facts);
    write_accounts(page, facts);
    write_queue(page, facts);
    write_problems(page, facts);
    write_doubts(page, facts);
    page.markup("</main>");
    write_foot(page, facts);
    return page.take();
}

} // namespace cannedd
