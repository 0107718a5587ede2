#include "queue/readback.hpp"

#include "queue/claims.hpp"

namespace cannedd {

std::vector<interrupted_message> read_interrupted(database& db) {
    constexpr int after_message = 17;
    std::vector<interrupted_message> found;
    auto rows = db.use(sql::interrupted);
    while (rows.next()) {
        interrupted_message it;
        it.row = read_message(rows);
        it.sent_to = rows.text(after_message);
        it.communication_id = rows.text(after_message + 1);
        it.route = rows.text(after_message + 2);
        found.push_back(std::move(it));
    }
    return found;
}

std::vector<std::string> owned_of(database& db, std::span<const std::string> remote_message_ids) {
    std::vector<std::string> owned;
    auto row = db.use(sql::owned);
    for (const auto& id : remote_message_ids) {
        if (row.with(id).next()) owned.push_back(id);
        row.rewind();
    }
    return owned;
}

std::vector<spoken_message> read_spoken(database& db, const std::string& sent_to, wall_time named_since) {
    std::vector<spoken_message> found;
    auto rows = db.use(sql::spoken);
    rows.with(sent_to, named_since);
    while (rows.next()) {
        spoken_message it;
        it.id = rows.integer(0);
        it.text = rows.text(1);
        it.remote_message_id = rows.text(2);
        it.started_at = rows.wall(3); // by sent_at when its attempts are past their retention
        found.push_back(std::move(it));
    }
    return found;
}

std::optional<wall_time> first_doubt_of(database& db, std::int64_t message_id) {
    auto row = db.use(sql::first_doubt);
    if (!row.with(message_id).next()) return std::nullopt;
    return row.wall(0);
}

std::vector<followed_message> read_followed(database& db, const std::string& account, std::int64_t after,
                                            std::size_t limit) {
    std::vector<followed_message> found;
    auto rows = db.use(sql::followed);
    rows.with(account, after, static_cast<std::int64_t>(limit));
    while (rows.next()) {
        followed_message it;
        it.id = rows.integer(0);
        it.sent_to = rows.text(1);
        it.remote_message_id = rows.text(2);
        it.remote_status = rows.text(3);
        found.push_back(std::move(it));
    }
    return found;
}

} // namespace cannedd
