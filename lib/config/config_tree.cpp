#include "config/config_tree.hpp"

#include "config/faults.hpp"
#include "config/yaml_slips.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <vector>

namespace cannedd {
namespace {

// The lines of the text as it was given: the end that is put behind it is none of them.
class text_lines {
public:
    explicit text_lines(const std::string& text) : text_(text) {
        for (std::size_t at = 0; at < text.size(); ++at)
            if (text[at] == '\n') begins_.push_back(at + 1);
        index_of_last_ = static_cast<int>(begins_.size()) - (text.ends_with('\n') ? 2 : 1);
    }
    int index(const YAML::Mark& mark) const { return std::min(mark.line, index_of_last_); }
    int number(const YAML::Mark& mark) const { return index(mark) + 1; }
    bool has_at(const YAML::Mark& mark, char what) const {
        const auto line = static_cast<std::size_t>(mark.line);
        if (line >= begins_.size()) return false;
        const auto at = begins_[line] + static_cast<std::size_t>(mark.column);
        return at < text_.size() && text_[at] == what;
    }

private:
    const std::string& text_;
    std::vector<std::size_t> begins_{0};
    int index_of_last_ = 0;
};

// A mapping or list that has begun and not ended.
struct open_node {
    config_node node;
    std::optional<config_entry> key; // the key that waits for its value
};

class tree_builder final : public YAML::EventHandler {
public:
    tree_builder(fault_list& faults, const text_lines& lines) : faults_(faults), lines_(lines) {}

    config_node root;

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        place(begun(node_kind::empty, mark));
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        faults_.add(lines_.number(mark), "an alias (*name) is not read here: write the value out");
        place(begun(node_kind::empty, mark));
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        auto node = begun(node_kind::scalar, mark);
        node.text = value;
        node.quoted = tag == "!";
        place(std::move(node));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        refuse_tag(mark, tag);
        open(node_kind::list, mark, anchor);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        refuse_tag(mark, tag);
        open(node_kind::mapping, mark, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    config_node begun(node_kind kind, const YAML::Mark& mark) const {
        config_node node;
        node.kind = kind;
        node.line = lines_.number(mark);
        return node;
    }

    void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != 0)
            faults_.add(lines_.number(mark), "an anchor (&name) is not read here: write the value out; "
                                             "a text that begins with & goes into quotes");
    }

    // The parser itself gives "?" to what is plain or a collection, and "!" to what is in quotes. That is
    // also a "!" before a blank.
    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (tag == "!" ? lines_.has_at(mark, '!') : !tag.empty() && tag != "?")
            faults_.add(lines_.number(mark), "a tag (!name) is not read here: write the value without it; "
                                             "a text that begins with ! goes into quotes");
    }

    void open(node_kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
        refuse_anchor(mark, anchor);
        open_.push_back({begun(kind, mark), std::nullopt});
    }

    void close() {
        auto done = std::move(open_.back().node);
        open_.pop_back();
        place(std::move(done));
    }

    void place(config_node node) {
        if (open_.empty()) {
            root = std::move(node);
            return;
        }
        auto& parent = open_.back();
        if (parent.node.kind == node_kind::list) {
            parent.node.items.push_back(std::move(node));
        } else if (!parent.key) {
            parent.key = key_from(node);
        } else {
            parent.key->value = std::move(node);
            add_entry(parent.node, std::move(*parent.key));
            parent.key.reset();
        }
    }

    config_entry key_from(const config_node& node) {
        if (node.kind != node_kind::scalar)
            faults_.add(
                node.line,
                "a key must be a word; a text that begins with {{ or another bracket goes into quotes");
        config_entry entry;
        entry.key = node.text;
        entry.line = node.line;
        return entry;
    }

    void add_entry(config_node& parent, config_entry entry) {
        const auto twin = std::find_if(parent.entries.begin(), parent.entries.end(),
                                       [&](const config_entry& other) { return other.key == entry.key; });
        if (twin != parent.entries.end()) {
            faults_.add(entry.line, "\"" + entry.key + "\" is here twice: the first one is on line " +
                                        std::to_string(twin->line) + "; keep one of them");
            return;
        }
        parent.entries.push_back(std::move(entry));
    }

    fault_list& faults_;
    const text_lines& lines_;
    std::vector<open_node> open_;
};

// With an end of the document, without which the parser takes a quote that is never closed for a text.
std::string with_its_end(const std::string& text) {
    return text + (text.empty() || text.ends_with('\n') ? "...\n" : "\n...\n");
}

void add_fault(fault_list& faults, const std::string& text, const text_lines& lines,
               const YAML::Exception& e) {
    const auto at = lines.index(e.mark);
    const auto open = line_of_open_quote(text, at);
    if (e.msg == YAML::ErrorMsg::DOC_IN_SCALAR && open)
        faults.add(*open + 1, "not YAML: the quote that begins here is never closed");
    else
        faults.add(at + 1, "not YAML: " + e.msg + remedy(text, at));
}

} // namespace

std::optional<config_node> parse_config_tree(const std::string& text, fault_list& faults) {
    const text_lines lines(text);
    tree_builder builder(faults, lines);
    try {
        std::istringstream in(with_its_end(text));
        YAML::Parser parser(in);
        parser.HandleNextDocument(builder);
        tree_builder second(faults, lines);
        if (parser.HandleNextDocument(second))
            faults.add(second.root.line, "a second YAML document begins here: put everything into one");
    } catch (const YAML::Exception& e) {
        add_fault(faults, text, lines, e);
        return std::nullopt;
    }
    return std::move(builder.root);
}

} // namespace cannedd
