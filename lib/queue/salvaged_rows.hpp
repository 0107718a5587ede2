// Finds the rows of one table of a damaged queue, and puts them into the new one: page after page, and id by
// id where a page cannot be read.
#pragma once

#include "queue/database.hpp"
#include "queue/salvage.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct sqlite3_stmt;

namespace cannedd {

struct statement_end {
    void operator()(sqlite3_stmt* prepared) const;
};
using prepared_statement = std::unique_ptr<sqlite3_stmt, statement_end>;

// Of words that are put together, and needed once.
prepared_statement prepare(database& db, const std::string& words);
std::vector<std::string> columns_in(database& db, const std::string& table);
// What the page does not tell any more is nothing.
std::optional<std::int64_t> number_if_readable(database& db, const std::string& query);

// Throws sqlite_error when not even the table's definition can be read. The report is told what becomes of
// rows that waited; progress, the rows so far.
salvaged_table copy_rows(database& from, database& to, const std::string& table, salvage_report& report,
                         const std::function<void(std::int64_t)>& progress, std::int64_t copied_before);

} // namespace cannedd
