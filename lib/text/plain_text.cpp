#include "text/plain_text.hpp"

#include "text/identifier.hpp"
#include "text/link_address.hpp"
#include "text/list_numbers.hpp"
#include "text/stray_signs.hpp"
#include "text/text_page.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <gumbo.h>

namespace cannedd {
namespace {

struct freed {
    void operator()(GumboOutput* output) const { gumbo_destroy_output(&kGumboDefaultOptions, output); }
};

std::span<GumboNode* const> children_of(const GumboNode& node) {
    if (node.type != GUMBO_NODE_ELEMENT && node.type != GUMBO_NODE_TEMPLATE) return {};
    const auto& children = node.v.element.children;
    return {reinterpret_cast<GumboNode**>(children.data), children.length};
}

bool is(const GumboNode& node, GumboTag tag) {
    return node.type == GUMBO_NODE_ELEMENT && node.v.element.tag == tag;
}

template<std::size_t Count>
bool is_one_of(const GumboNode& node, const std::array<GumboTag, Count>& tags) {
    return std::ranges::any_of(tags, [&](GumboTag tag) { return is(node, tag); });
}

// Of an element that the parser does not know.
bool is_named(const GumboNode& node, std::string_view name) {
    if (!is(node, GUMBO_TAG_UNKNOWN)) return false;
    auto written = node.v.element.original_tag;
    gumbo_tag_from_original_text(&written);
    return std::string_view(written.data, written.length) == name;
}

bool is_block(const GumboNode& node) {
    static constexpr std::array tags{
        GUMBO_TAG_P,       GUMBO_TAG_DIV,        GUMBO_TAG_UL,      GUMBO_TAG_OL,      GUMBO_TAG_TABLE,
        GUMBO_TAG_CAPTION, GUMBO_TAG_TR,         GUMBO_TAG_H1,      GUMBO_TAG_H2,      GUMBO_TAG_H3,
        GUMBO_TAG_H4,      GUMBO_TAG_H5,         GUMBO_TAG_H6,      GUMBO_TAG_HR,      GUMBO_TAG_PRE,
        GUMBO_TAG_LI,      GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_SECTION, GUMBO_TAG_HEADER,  GUMBO_TAG_FOOTER,
        GUMBO_TAG_ARTICLE, GUMBO_TAG_ASIDE,      GUMBO_TAG_MAIN,    GUMBO_TAG_NAV,     GUMBO_TAG_ADDRESS,
        GUMBO_TAG_DL,      GUMBO_TAG_DT,         GUMBO_TAG_DD,      GUMBO_TAG_FIGURE,  GUMBO_TAG_FIGCAPTION,
        GUMBO_TAG_FORM,    GUMBO_TAG_FIELDSET,   GUMBO_TAG_DETAILS, GUMBO_TAG_SUMMARY, GUMBO_TAG_CENTER,
        GUMBO_TAG_LEGEND,  GUMBO_TAG_MENU,       GUMBO_TAG_DIR,     GUMBO_TAG_HGROUP,  GUMBO_TAG_LISTING,
        GUMBO_TAG_XMP,     GUMBO_TAG_PLAINTEXT};
    return is_one_of(node, tags) || is_named(node, "dialog") || is_named(node, "search");
}

bool is_list(const GumboNode& node) {
    static constexpr std::array tags{GUMBO_TAG_UL, GUMBO_TAG_OL, GUMBO_TAG_MENU, GUMBO_TAG_DIR};
    return is_one_of(node, tags);
}

bool is_preformatted(const GumboNode& node) {
    static constexpr std::array tags{GUMBO_TAG_PRE, GUMBO_TAG_LISTING, GUMBO_TAG_XMP, GUMBO_TAG_PLAINTEXT};
    return is_one_of(node, tags);
}

bool is_cell(const GumboNode& node) {
    return is(node, GUMBO_TAG_TD) || is(node, GUMBO_TAG_TH);
}

// A row of one cell is how pages are laid out: what is in it stands as it would anywhere.
bool is_row_of_cells(const GumboNode& node) {
    const auto cell = [](const GumboNode* child) { return is_cell(*child); };
    return is(node, GUMBO_TAG_TR) && std::ranges::count_if(children_of(node), cell) > 1;
}

std::optional<std::string> attribute(const GumboNode& node, const char* name) {
    const auto* found = gumbo_get_attribute(&node.v.element.attributes, name);
    return found != nullptr ? std::optional<std::string>(found->value) : std::nullopt;
}

int number_in(const GumboNode& node, const char* name, int otherwise) {
    const auto text = attribute(node, name).value_or("");
    int value = otherwise;
    constexpr int most = 1'000'000'000; // there is counting on from it
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc() ? std::clamp(value, -most, most) : otherwise;
}

// A preheader of a mail, say.
bool is_styled_away(const GumboNode& node) {
    auto style = lower_case(attribute(node, "style").value_or(""));
    std::erase_if(style, [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
    return style.starts_with("display:none") || style.find(";display:none") != std::string::npos;
}

bool is_unseen(const GumboNode& node) {
    static constexpr std::array tags{GUMBO_TAG_HEAD,  GUMBO_TAG_SCRIPT, GUMBO_TAG_STYLE,   GUMBO_TAG_TITLE,
                                     GUMBO_TAG_SVG,   GUMBO_TAG_IFRAME, GUMBO_TAG_OBJECT,  GUMBO_TAG_AUDIO,
                                     GUMBO_TAG_VIDEO, GUMBO_TAG_SELECT, GUMBO_TAG_TEXTAREA};
    if (node.type == GUMBO_NODE_TEMPLATE || node.type == GUMBO_NODE_COMMENT) return true;
    if (node.type != GUMBO_NODE_ELEMENT) return false;
    return is_one_of(node, tags) || attribute(node, "hidden").has_value() || is_styled_away(node);
}

// Goes through the tree without recursion: nesting is as deep as whoever wrote it likes. A page may become
// its source squared (lists in lists, a link that is not closed and so stands in each paragraph): it ends
// where no chat would take it any more.
class reader {
public:
    std::string read(const GumboNode& root) {
        open(root);
        while (!path_.empty() && page_.size() <= html_bytes_max) {
            auto& at = path_.back();
            const auto children = children_of(*at.node);
            if (at.next < children.size()) {
                const auto& child = *children[at.next++];
                if (!is_unseen(child)) open(child);
                continue;
            }
            close(at);
            path_.pop_back();
        }
        return page_.finished();
    }

private:
    struct place {
        const GumboNode* node = nullptr;
        std::size_t next = 0;     // child
        std::size_t begun_at = 0; // of the page
        int items = 0;            // of a list: the last one's number
        int step = 1;             // to the next one's
        bool had_cell = false;
    };

    void open(const GumboNode& node) {
        if (node.type == GUMBO_NODE_ELEMENT) {
            open_element(node);
            const int step = is(node, GUMBO_TAG_OL) && attribute(node, "reversed") ? -1 : 1;
            path_.push_back(
                {.node = &node, .begun_at = page_.size(), .items = first_number(node) - step, .step = step});
        } else {
            const auto* text = node.v.text.text;
            pre_ > 0 ? page_.preformatted(text) : page_.flow(text);
        }
    }

    static int first_number(const GumboNode& node) {
        if (!is(node, GUMBO_TAG_OL)) return 1;
        const auto item = [](const GumboNode* child) { return is(*child, GUMBO_TAG_LI); };
        const auto first = attribute(node, "reversed")
                               ? static_cast<int>(std::ranges::count_if(children_of(node), item))
                               : 1;
        return number_in(node, "start", first);
    }

    static list_style style_of(const GumboNode& node, list_style otherwise) {
        return list_style_of(attribute(node, "type").value_or(""), attribute(node, "style").value_or(""),
                             otherwise);
    }

    void open_element(const GumboNode& node) {
        if (is(node, GUMBO_TAG_BR)) page_.line_break();
        if (is(node, GUMBO_TAG_IMG)) page_.flow(attribute(node, "alt").value_or(""));
        if (is(node, GUMBO_TAG_LI)) return page_.list_item(marker_of(node));
        if (is_cell(node)) return open_cell();
        if (is_block(node)) page_.block();
        if (is_list(node)) page_.open_list();
        if (is_preformatted(node)) ++pre_;
        if (is_row_of_cells(node)) page_.open_row();
    }

    std::string marker_of(const GumboNode& item) {
        if (path_.empty()) return "- ";
        auto& list = path_.back();
        if (!is(*list.node, GUMBO_TAG_OL))
            return style_of(*list.node, list_style::decimal) == list_style::none ? "" : "- ";
        list.items = number_in(item, "value", list.items + list.step);
        const auto number =
            list_number(list.items, style_of(item, style_of(*list.node, list_style::decimal)));
        return number.empty() ? std::string() : number + ". ";
    }

    void open_cell() {
        if (!path_.empty() && std::exchange(path_.back().had_cell, true)) page_.next_cell();
    }

    void close(const place& at) {
        const auto& node = *at.node;
        if (is_row_of_cells(node)) page_.close_row();
        if (is_preformatted(node)) --pre_;
        if (is_list(node)) page_.close_list();
        if (is_block(node)) page_.block();
        if (is(node, GUMBO_TAG_A)) close_link(at);
    }

    void close_link(const place& at) {
        const auto words = page_.since(at.begun_at);
        const auto address = address_beside(words, attribute(*at.node, "href").value_or(""));
        if (address.empty()) return;
        page_.flow(words.empty() ? address : " (" + address + ")");
    }

    text_page page_;
    std::vector<place> path_;
    int pre_ = 0;
};

// The parser's time grows with the square of what stays open: 2,000 `<i>` take 35 ms of the loop, 64 KiB of
// them 10 s.
bool is_too_much(std::string_view html) {
    return html.size() > html_bytes_max || std::ranges::count(html, '<') > html_elements_max;
}

// The tree points into the source.
struct parsed_html {
    explicit parsed_html(std::string_view html)
        : source(with_stray_signs_escaped(html))
        , tree(gumbo_parse_with_options(&kGumboDefaultOptions, source.data(), source.size())) {}
    std::string source;
    std::unique_ptr<GumboOutput, freed> tree;
};

} // namespace

std::string to_plain_text(std::string_view html) {
    if (is_too_much(html)) return std::string(html);
    const parsed_html parsed(html);
    return reader().read(*parsed.tree->root);
}

bool shows_media(std::string_view html) {
    static constexpr std::array tags{GUMBO_TAG_IMG,   GUMBO_TAG_IMAGE,  GUMBO_TAG_SVG,    GUMBO_TAG_VIDEO,
                                     GUMBO_TAG_AUDIO, GUMBO_TAG_IFRAME, GUMBO_TAG_OBJECT, GUMBO_TAG_EMBED};
    if (is_too_much(html)) return false;
    const parsed_html parsed(html);
    std::vector<const GumboNode*> left{parsed.tree->root};
    while (!left.empty()) {
        const auto& node = *left.back();
        left.pop_back();
        if (node.type != GUMBO_NODE_ELEMENT || attribute(node, "hidden")) continue;
        if (is_one_of(node, tags)) return true;
        std::ranges::copy(children_of(node), std::back_inserter(left));
    }
    return false;
}

} // namespace cannedd
