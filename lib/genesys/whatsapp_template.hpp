// Templates of WhatsApp, kept as responses of the library: filled by id, sent by the response's id and its
// parameters, and known again by whatever the API shows of them. Pure.
#pragma once

#include "genesys/canned_response.hpp"
#include "genesys/conversation_api.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

struct template_button {
    std::string label;
    std::string link; // of a button that opens a page or copies a code; may hold {{id}}
};

struct whatsapp_template {
    std::string name;
    std::string header;            // its text, or what names its medium; may hold {{id}}
    bool header_is_medium = false; // a picture, a film, a document: WhatsApp's to show, no part of the text
    std::string body;
    std::string footer;
    std::vector<template_button> buttons;
};

// The text as the customer reads it, and the call that has it said. A value comes from its part's group
// (header, body, button), else from the row's bare variables, which mean the body where several parts have
// the id; else from what else is there. A medium that the template does not name is the row's to give: the
// values of its group header go as they are. missing_variable names what nobody gives.
result<message_content> fill_template(const whatsapp_template& what, const std::string& response_id,
                                      const row_variables& given, const substitution_sources& others,
                                      const std::string& response_name);

// The member messagingTemplate of a send.
std::string messaging_template_of(const message_content& content);

// What reading back shows of a message that was sent by a template; empty: not told.
struct shown_template {
    std::string id; // namespace@name, or the name
    std::string body;
    std::vector<std::string> header_values, body_values, button_values;
};

enum class finding_of_template : std::uint8_t { ours, another, untold };

// Whether what is shown (its text, if it tells one, else its parts) is what was sent.
finding_of_template compare(std::string_view shown_text, const shown_template& shown,
                            const message_content& sent);

} // namespace cannedd
