// The canned responses of responses_file: a YAML mapping name: text.
#pragma once

#include "config/settings.hpp"

namespace cannedd {

class fault_list;

// `content` is the file's. Faults go to `faults`, which bears that file's name.
std::map<std::string, std::string> parse_responses(const std::string& content, fault_list& faults);

} // namespace cannedd
