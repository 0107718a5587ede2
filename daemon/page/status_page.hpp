// The page of GET /: what an operator would rather look at than ask for. One document, no script, nothing
// that is loaded from elsewhere. Pure.
#pragma once

#include "page/facts.hpp"

#include <string>

namespace cannedd {

std::string write_status_page(const page_facts& facts);

} // namespace cannedd
