// The columns of a `message`, in the order in which read_message() (claims.hpp) takes them. A macro, so that
// a statement is one literal.
#pragma once

#define MESSAGE_COLUMNS                                                                                      \
    "m.id, m.account, m.lane, m.route, m.conversation_id, m.agent_id, m.customer_id, m.text, m.response, "   \
    "m.variables, m.priority, m.created_at, m.due_at, m.expires_at, m.attempts, m.deferrals, m.sent_text, "  \
    "m.sent_template "

namespace cannedd {

inline constexpr int message_columns = 18; // what else a statement reads stands behind them

} // namespace cannedd
