// Whether a run kept the product's promises: what the customers read against what the rows say.
#pragma once

#include "genesys_server.hpp"
#include "journal.hpp"
#include "machine.hpp"
#include "neighbours.hpp"
#include "plan.hpp"

namespace cannedd::simulation {

struct run_figures;

void judge(const plan& chosen, genesys_server& server, const neighbours& others, disk_vfs& eyes,
           journal& notes, run_figures& figures);

} // namespace cannedd::simulation
