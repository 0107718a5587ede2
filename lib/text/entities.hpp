// Character references of HTML (`&amp;`, `&#39;`, `&eacute;`) as the characters they mean; markup stays as it
// is written. Pure; never fails: what is no reference is text.
#pragma once

#include <string>

namespace cannedd {

std::string without_entities(std::string text);

} // namespace cannedd
