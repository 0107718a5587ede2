// What the page is shown with: a daemon that is idle, one that is busy, one in trouble.
#pragma once

#include "page/facts.hpp"

namespace cannedd::test {

page_facts idle_facts();
page_facts busy_facts();
page_facts troubled_facts();

} // namespace cannedd::test
