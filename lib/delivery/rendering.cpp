#include "delivery/rendering.hpp"

namespace cannedd {

std::optional<render_query> rendering_of(delivery_context& context, const message& row) {
    render_query query;
    query.text = row.sent_text ? row.sent_text : row.text; // frozen, but it may come too late by now
    query.response = row.response;
    query.variables = row.variables;
    if (!row.response || row.response->starts_with("genesys:")) return query;
    auto stored = context.store.response(*row.response);
    if (!stored) {
        context.health.failed(stored.error());
        return std::nullopt;
    }
    const auto& file = context.options.file_responses;
    const auto in_file = file.find(*row.response);
    if (*stored)
        query.response_text = **stored;
    else if (in_file != file.end())
        query.response_text = in_file->second;
    return query;
}

} // namespace cannedd
