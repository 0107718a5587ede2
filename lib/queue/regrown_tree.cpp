#include "queue/regrown_tree.hpp"

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <system_error>
#include <vector>

namespace cannedd {
namespace {

using boost::endian::load_big_u16, boost::endian::load_big_u32, boost::endian::store_big_u16,
    boost::endian::store_big_u32;

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t leaf_header_bytes = 8; // an inner page's has four more
constexpr std::size_t children_max = 250;    // a cell of the largest key takes 15 bytes
constexpr unsigned char leaf_page = 13, inner_page = 5;
constexpr std::size_t page_count_at = 28, free_list_at = 32;

using page = std::array<unsigned char, page_bytes>;
using bytes = std::span<const unsigned char>;

// The format's numbers of variable length, and where the next thing begins; nothing: it goes over the edge.
struct number {
    std::uint64_t value = 0;
    std::size_t next = 0;
};

std::optional<number> read_number(bytes from, std::size_t at) {
    constexpr std::size_t bytes_max = 9;
    number it{0, at};
    for (std::size_t i = 0; i < bytes_max; ++i) {
        if (it.next >= from.size()) return std::nullopt;
        const auto byte = from[it.next++];
        if (i == bytes_max - 1) {
            it.value = (it.value << 8U) | byte;
            return it;
        }
        it.value = (it.value << 7U) | (byte & 0x7fU);
        if (byte < 0x80) return it;
    }
    return std::nullopt;
}

// Nine bytes hold each number: a key may be written longer than it needs to be.
void put_number(page& into, std::size_t at, std::uint64_t value) {
    for (std::size_t i = 0; i < 8; ++i)
        into.at(at + i) = static_cast<unsigned char>(0x80U | (value >> (8 + 7 * (7 - i))));
    into.at(at + 8) = static_cast<unsigned char>(value);
}

struct row {
    std::int64_t id = 0;
    std::uint64_t width = 0;
};

std::optional<row> row_at(bytes leaf, std::size_t at) {
    const auto size = read_number(leaf, at);
    const auto id = size ? read_number(leaf, size->next) : std::nullopt;
    const auto head = id ? read_number(leaf, id->next) : std::nullopt;
    if (!head) return std::nullopt;
    row it{static_cast<std::int64_t>(id->value), 0};
    const auto end = id->next + head->value;
    for (auto type = std::optional(*head); type->next < end; ++it.width) {
        type = read_number(leaf, type->next);
        if (!type || type->next > end) return std::nullopt;
    }
    return it;
}

struct subtree {
    std::uint32_t page = 0;
    std::int64_t first = 0, last = 0;
};

// Nothing: no leaf of such a table, or not one that makes sense to its end.
std::optional<subtree> leaf_in(bytes content, std::uint32_t number, const table_tree& table) {
    if (content[0] != leaf_page) return std::nullopt;
    const std::size_t rows = load_big_u16(&content[3]);
    if (rows == 0 || leaf_header_bytes + 2 * rows > page_bytes) return std::nullopt;
    std::optional<subtree> leaf;
    for (std::size_t i = 0; i < rows; ++i) {
        const auto found = row_at(content, load_big_u16(&content[leaf_header_bytes + 2 * i]));
        if (!found || found->width != table.width || (leaf && found->id <= leaf->last)) return std::nullopt;
        if (!leaf) leaf = subtree{number, found->id, found->id};
        leaf->last = found->id;
    }
    return leaf;
}

class paged_file {
public:
    explicit paged_file(const std::filesystem::path& file)
        : name_(file), stream_(file, std::ios::in | std::ios::out | std::ios::binary) {
        pages_ = static_cast<std::uint32_t>((std::filesystem::file_size(file) + page_bytes - 1) / page_bytes);
    }

    std::uint32_t pages() const { return pages_; }

    // What is behind a cut is zero.
    page read(std::uint32_t number) {
        page content{};
        stream_.clear();
        stream_.seekg(place(number));
        stream_.read(reinterpret_cast<char*>(content.data()), page_bytes);
        return content;
    }

    void write(std::uint32_t number, const page& content) {
        stream_.clear();
        stream_.seekp(place(number));
        stream_.write(reinterpret_cast<const char*>(content.data()), page_bytes);
        if (!stream_.flush())
            throw std::system_error(std::make_error_code(std::errc::io_error), name_.string());
        pages_ = std::max(pages_, number);
    }

private:
    static std::streamoff place(std::uint32_t number) {
        return static_cast<std::streamoff>(number - 1) * static_cast<std::streamoff>(page_bytes);
    }

    std::filesystem::path name_;
    std::fstream stream_;
    std::uint32_t pages_ = 0;
};

// As far as the list of them can be followed.
std::set<std::uint32_t> free_pages(paged_file& file) {
    std::set<std::uint32_t> free;
    auto trunk = load_big_u32(&file.read(1)[free_list_at]);
    while (trunk > 1 && trunk <= file.pages() && free.insert(trunk).second) {
        const auto content = file.read(trunk);
        const auto leaves = std::min<std::size_t>(load_big_u32(&content[4]), page_bytes / 4 - 2);
        for (std::size_t i = 0; i < leaves; ++i)
            free.insert(load_big_u32(&content[8 + 4 * i]));
        trunk = load_big_u32(content.data());
    }
    return free;
}

std::vector<subtree> leaves_of(paged_file& file, const table_tree& table) {
    const auto free = free_pages(file);
    std::vector<subtree> found;
    for (std::uint32_t number = 2; number <= file.pages(); ++number) {
        if (number == table.root || free.contains(number)) continue;
        if (const auto leaf = leaf_in(file.read(number), number, table)) found.push_back(*leaf);
    }
    std::ranges::sort(found, {}, &subtree::first);
    std::vector<subtree> apart;
    for (const auto& leaf : found)
        if (apart.empty() || leaf.first > apart.back().last) apart.push_back(leaf);
    return apart;
}

page inner_page_over(std::span<const subtree> children) {
    constexpr std::size_t inner_header_bytes = leaf_header_bytes + 4, cell_bytes = 4 + 9;
    page made{};
    made[0] = inner_page;
    const auto cells = children.size() - 1;
    for (std::size_t i = 0; i < cells; ++i) {
        const auto at = page_bytes - cell_bytes * (i + 1);
        store_big_u16(&made[inner_header_bytes + 2 * i], static_cast<std::uint16_t>(at));
        store_big_u32(&made[at], children[i].page);
        put_number(made, at + 4, static_cast<std::uint64_t>(children[i].last));
    }
    store_big_u16(&made[3], static_cast<std::uint16_t>(cells));
    store_big_u16(&made[5], static_cast<std::uint16_t>(page_bytes - cell_bytes * cells));
    store_big_u32(&made[leaf_header_bytes], children.back().page);
    return made;
}

} // namespace

std::size_t regrow_tree(const std::filesystem::path& name, const table_tree& table) {
    paged_file file(name);
    const auto leaves = leaves_of(file, table);
    if (leaves.size() < 2) return 0;
    auto level = leaves;
    while (level.size() > children_max) {
        std::vector<subtree> above;
        for (std::span<const subtree> left = level; !left.empty();) {
            // One child alone would be an inner page without a cell.
            const auto some = left.size() == children_max + 1 ? children_max - 1 : children_max;
            const auto children = left.first(std::min(left.size(), some));
            above.push_back({file.pages() + 1, children.front().first, children.back().last});
            file.write(above.back().page, inner_page_over(children));
            left = left.subspan(children.size());
        }
        level = std::move(above);
    }
    file.write(table.root, inner_page_over(level));
    auto first = file.read(1);
    store_big_u32(&first[page_count_at], file.pages());
    file.write(1, first);
    return leaves.size();
}

} // namespace cannedd
