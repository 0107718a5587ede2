// Canned texts of Genesys' Response Management: `<UUID>` or `<library>/<name>`. Kept for a while, then asked
// for again; one that is gone says so. Names are exact: a library or a response that exists twice is not
// guessed at.
#pragma once

#include "genesys/api_caller.hpp"
#include "genesys/bounded_cache.hpp"
#include "genesys/replies.hpp"

#include <string>

namespace cannedd {

class response_library {
public:
    response_library(api_caller& caller, milliseconds remembered_for, std::size_t entries_max)
        : caller_(caller)
        , texts_(remembered_for, entries_max)
        , library_ids_(remembered_for, entries_max)
        , response_ids_(remembered_for, entries_max) {}

    // reference: what follows `genesys:` in a row.
    asio::awaitable<api_result<canned_text>> fetch(std::string reference);

private:
    asio::awaitable<api_result<canned_text>> by_id(std::string id);
    asio::awaitable<api_result<canned_text>> by_name(std::string reference);
    asio::awaitable<api_result<canned_text>> search(std::string library, std::string name);
    asio::awaitable<api_result<std::string>> library_id(std::string library);

    api_caller& caller_;
    bounded_cache<canned_text> texts_;        // by response id
    bounded_cache<std::string> library_ids_;  // by library name
    bounded_cache<std::string> response_ids_; // by library/name; an old one is still a good guess
};

} // namespace cannedd
