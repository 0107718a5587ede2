// The engine's other life: after a restore, what the file takes for unsent is looked for, and nothing is
// sent.
#include "delivery/engine_parts.hpp"

#include <utility>

namespace cannedd {

void engine::prove(std::vector<account_plan> accounts) {
    parts_->proves = true;
    start(std::move(accounts));
}

proof_tally engine::proved() const {
    proof_tally all;
    for (const auto& one : parts_->proofs) {
        const auto& told = one->told();
        all.found += told.found;
        all.absent += told.absent;
        all.untold += told.untold;
        all.left += told.left;
        if (told.why_left.empty()) continue;
        all.why_left +=
            (all.why_left.empty() ? "account " : "; account ") + one->name() + ": " + told.why_left;
    }
    return all;
}

void engine::parts::look_for_unproven() {
    for (auto& [name, line] : lines)
        proofs.push_back(std::make_unique<unproven>(context, line->served()));
    proofs_left = proofs.size();
    for (const auto& one : proofs)
        deliveries.spawn(look_for(*one));
}

asio::awaitable<void> engine::parts::look_for(unproven& of) {
    co_await of.run();
    if (--proofs_left == 0) end_proof();
}

void engine::parts::end_proof() {
    for (const auto& one : proofs) {
        if (one->told().why_left.empty()) continue;
        end.how = ending::kind::waits_for_a_person;
        end.why += (end.why.empty() ? "" : "; ") + std::to_string(one->told().left) +
                   " messages of account " + one->name() + " were not looked for: " + one->told().why_left;
    }
    stop(time.steady() + options.drain);
}

} // namespace cannedd
