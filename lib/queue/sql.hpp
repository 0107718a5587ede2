// A statement that the store runs while it works: static and named, beside the code that runs it. A test
// finds all of them here, and asserts by EXPLAIN QUERY PLAN that none of them, and no trigger that they fire,
// scans a table that grows.
#pragma once

#include <vector>

namespace cannedd::sql {

class text {
public:
    text(const char* name, const char* words); // of static storage, like the object itself
    text(const text&) = delete;
    text& operator=(const text&) = delete;

    const char* const name;
    const char* const words;

private:
    friend std::vector<const text*> all();
    static inline constinit const text* newest_ = nullptr;
    const text* const next_;
};

std::vector<const text*> all();

} // namespace cannedd::sql
