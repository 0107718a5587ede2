#include "simulator/listing.hpp"

#include <algorithm>

namespace cannedd::sim {

std::string query_value(const request& req, const std::string& name, std::string fallback) {
    const auto found = req.query.find(name);
    return found == req.query.end() ? fallback : found->second;
}

std::size_t query_number(const request& req, const std::string& name, std::size_t fallback) {
    const auto found = req.query.find(name);
    return found == req.query.end() ? fallback : std::stoul(found->second.substr(0, 9));
}

json::object page_of(const json::array& all, std::size_t size, std::size_t number) {
    json::array page;
    size = std::clamp<std::size_t>(size, 1, 500);
    number = std::max<std::size_t>(number, 1);
    for (std::size_t i = (number - 1) * size; i < all.size() && page.size() < size; ++i)
        page.push_back(all[i]);
    json::object out{
        {"entities", std::move(page)}, {"pageSize", size}, {"pageNumber", number}, {"total", all.size()}};
    out["pageCount"] = (all.size() + size - 1) / size;
    return out;
}

reply page_reply(const request& req, const json::array& all) {
    return json_reply(page_of(all, query_number(req, "pageSize", 25), query_number(req, "pageNumber", 1)));
}

} // namespace cannedd::sim
