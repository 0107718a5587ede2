#include "queue/operator_changes.hpp"

namespace cannedd {
namespace sql {

const text changes_newest{"changes_newest", "SELECT coalesce(max(id), 0) FROM changes"};
const text changes_by_kind{"changes_by_kind", R"(
SELECT before, after, count(*) FROM changes
 WHERE id > ?1 AND id <= ?2 AND message_id IS NOT NULL AND by_whom = 'operator' GROUP BY before, after)"};
const text changes_of_a_kind{"changes_of_a_kind", R"(
SELECT c.message_id, c.account, m.lane FROM changes AS c LEFT JOIN messages AS m ON m.id = c.message_id
 WHERE c.id > ?1 AND c.id <= ?2 AND c.message_id IS NOT NULL AND c.by_whom = 'operator'
   AND c.before = ?3 AND c.after = ?4 ORDER BY c.id)"};

} // namespace sql

operator_changes::operator_changes(database& db) : db_(db), told_(newest()) {}

std::int64_t operator_changes::newest() const {
    auto row = db_.use(sql::changes_newest);
    return row.next() ? row.integer(0) : 0;
}

std::vector<operator_change> operator_changes::take() {
    const auto until = newest();
    if (until == told_) return {};
    if (until < told_) told_ = 0; // retention has taken all, and they begin anew
    std::vector<operator_change> kinds;
    {
        auto rows = db_.use(sql::changes_by_kind);
        rows.with(told_, until);
        while (rows.next()) {
            operator_change kind;
            kind.from = status_named(rows.text(0));
            kind.to = status_named(rows.text(1));
            kind.messages = rows.integer(2);
            kinds.push_back(std::move(kind));
        }
    }
    std::vector<operator_change> found;
    for (auto& kind : kinds) {
        if (kind.messages > changes_told_max) {
            found.push_back(std::move(kind));
            continue;
        }
        auto rows = db_.use(sql::changes_of_a_kind);
        rows.with(told_, until, name_of(kind.from), name_of(kind.to));
        while (rows.next())
            found.push_back({.from = kind.from,
                             .to = kind.to,
                             .messages = 1,
                             .id = rows.integer(0),
                             .account = rows.text(1),
                             .lane = rows.text(2)});
    }
    told_ = until;
    return found;
}

} // namespace cannedd
