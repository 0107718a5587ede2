// The queue as any producer has it: a connection that creates nothing, waits for other writers, and is judged
// by the schema's own rules. It needs no daemon, and never checkpoints beside one.
#pragma once

#include "queue/producer_row.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace cannedd {

class database;

class producer {
public:
    struct outcome {
        enum class kind : std::uint8_t { inserted, known, refused } what = kind::inserted;
        std::string why; // of a refused one: the schema's sentence
    };

    // Throws store_not_available for trouble that may pass (queue/sqlite_store.hpp), std::runtime_error with
    // a sentence for what a person must mend; insert() likewise, and then nothing of it was inserted.
    explicit producer(const std::filesystem::path& database);
    ~producer();
    producer(const producer&) = delete;
    producer& operator=(const producer&) = delete;

    // each: those that are not refused; all_or_none: nothing when one is; look: nothing, but what would be.
    enum class mode : std::uint8_t { each, all_or_none, look };
    // In one transaction, durable when it returns. A row whose dedup_key is there already is known, and
    // nothing is done about it.
    std::vector<outcome> insert(std::span<const producer_row> rows, mode how = mode::each);

private:
    std::filesystem::path file_;
    std::unique_ptr<database> db_;
};

} // namespace cannedd
