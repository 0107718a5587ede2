// Remembers values for a while, and of too many only those used last. Pure: time is an argument.
#pragma once

#include "time/instant.hpp"

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace cannedd {

template<typename Value>
class bounded_cache {
public:
    enum class counted_from : std::uint8_t { put, last_use }; // the lifetime

    bounded_cache(milliseconds lifetime, std::size_t entries_max, counted_from from = counted_from::put)
        : lifetime_(lifetime), entries_max_(entries_max), from_(from) {}

    // Not older than its lifetime.
    const Value* fresh(const std::string& key, steady_time now) {
        const auto found = places_.find(key);
        if (found == places_.end() || found->second->expires_at <= now) return nullptr;
        if (from_ == counted_from::last_use) found->second->expires_at = now + lifetime_;
        return use(found->second);
    }
    // However old.
    const Value* known(const std::string& key) {
        const auto found = places_.find(key);
        return found == places_.end() ? nullptr : use(found->second);
    }
    void put(const std::string& key, Value value, steady_time now) {
        erase(key);
        if (entries_max_ == 0) return;
        while (entries_.size() >= entries_max_)
            erase(std::string(entries_.back().key));
        entries_.push_front(entry{key, std::move(value), now + lifetime_});
        places_[key] = entries_.begin();
    }
    void erase(const std::string& key) {
        const auto found = places_.find(key);
        if (found == places_.end()) return;
        entries_.erase(found->second);
        places_.erase(found);
    }
    template<typename Condition>
    void erase_if(Condition condition) {
        for (auto at = entries_.begin(); at != entries_.end();) {
            const auto one = at++;
            if (condition(one->value)) erase(std::string(one->key));
        }
    }
    std::size_t size() const { return entries_.size(); }

private:
    struct entry {
        std::string key;
        Value value;
        steady_time expires_at;
    };
    using place = typename std::list<entry>::iterator;

    const Value* use(place at) {
        entries_.splice(entries_.begin(), entries_, at);
        return &at->value;
    }

    milliseconds lifetime_;
    std::size_t entries_max_;
    counted_from from_;
    std::list<entry> entries_; // used last, first
    std::unordered_map<std::string, place> places_;
};

} // namespace cannedd
