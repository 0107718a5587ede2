// A YAML file as a plain tree that remembers its lines. config_tree.cpp is the only file of the project that
// knows yaml-cpp; whoever reads the tree needs no YAML. One document, keys are words, no key twice in one
// mapping, no anchors or aliases (they would hide what a line says): everything else is a fault with its
// line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

class fault_list;
struct config_entry;

enum class node_kind : std::uint8_t { empty, scalar, list, mapping };

struct config_node {
    node_kind kind = node_kind::empty;
    int line = 0;                      // 1-based
    std::string text;                  // of a scalar
    bool quoted = false;               // of a scalar: "300" is a text, 300 a number
    std::vector<config_node> items;    // of a list
    std::vector<config_entry> entries; // of a mapping, in the order of the file
};

struct config_entry {
    std::string key;
    int line = 0;
    config_node value;
};

// The document's root, an empty node when the file holds none. What is wrong with its form is added to
// `faults`; nothing is returned when it is no YAML at all.
std::optional<config_node> parse_config_tree(const std::string& text, fault_list& faults);

} // namespace cannedd
