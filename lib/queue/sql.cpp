#include "queue/sql.hpp"

namespace cannedd::sql {

text::text(const char* name_, const char* words_) : name(name_), words(words_), next_(newest_) {
    newest_ = this;
}

std::vector<const text*> all() {
    std::vector<const text*> statements;
    for (const auto* it = text::newest_; it != nullptr; it = it->next_)
        statements.push_back(it);
    return statements;
}

} // namespace cannedd::sql
