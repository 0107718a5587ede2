#include "queue/regrown_tree.hpp"
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

namespace cannedd::test {
namespace {

struct tree_fixture {
    tree_fixture() {
        std::ofstream(file).flush();
        outsider db(file);
        db.run("CREATE TABLE before (a, b); CREATE TABLE rows (id INTEGER PRIMARY KEY, a, b, c); "
               "CREATE TABLE behind (a, b, c, d, e); CREATE INDEX by_a ON rows (a)");
    }
    void run(const std::string& statements) const { outsider(file).run(statements); }

    // Each page above the rows; then the tree again.
    std::size_t lose_and_regrow() const {
        table_tree table;
        std::vector<std::int64_t> pages;
        {
            outsider db(file);
            table.root = static_cast<std::uint32_t>(
                db.number("SELECT rootpage FROM sqlite_master WHERE name = 'rows'"));
            table.width = 4;
            for (const auto& page :
                 db.rows("SELECT pageno FROM dbstat WHERE name = 'rows' AND pagetype = 'internal'"))
                pages.push_back(std::stoll(page));
        }
        for (const auto page : pages)
            spoil_page(file, page);
        return regrow_tree(file, table);
    }

    static std::string numbers(int from, int to) {
        return "WITH RECURSIVE n (i) AS (SELECT " + std::to_string(from) +
               " UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(to) + ") ";
    }

    temporary_folder folder;
    std::filesystem::path file = folder.path / "tree.db";
    static constexpr auto all = "SELECT id, a, length(b), c FROM rows NOT INDEXED ORDER BY id";
};

} // namespace

BOOST_AUTO_TEST_SUITE(regrown_tree_)

BOOST_FIXTURE_TEST_CASE(every_row_is_found_again_by_its_leaf, tree_fixture) {
    run(numbers(1, 40'000) +
        "INSERT INTO rows SELECT i * 3, 'row ' || i, zeroblob(iif(i % 50 = 0, 9000, i % 40)), i FROM n");
    run(numbers(1, 3'000) + "INSERT INTO before SELECT i, 'b' FROM n");
    run(numbers(1, 3'000) + "INSERT INTO behind SELECT i, 1, 2, 3, 4 FROM n");
    const auto before = outsider(file).rows(all);
    BOOST_TEST(lose_and_regrow() > 250U); // more than one page above them can hold
    outsider db(file);
    BOOST_TEST((db.rows(all) == before));
    BOOST_TEST(db.number("SELECT count(*) FROM rows WHERE id = 60000") == 1);
}

BOOST_FIXTURE_TEST_CASE(rows_of_huge_ids_and_what_free_pages_still_hold_are_told_apart, tree_fixture) {
    run(numbers(1, 20'000) + "INSERT INTO rows SELECT i, 'gone', zeroblob(30), i FROM n");
    run("DELETE FROM rows");
    run(numbers(1, 500) +
        "INSERT INTO rows SELECT 9000000000000000000 + i, 'there', zeroblob(100), i FROM n");
    const auto before = outsider(file).rows(all);
    BOOST_TEST(lose_and_regrow() > 1U);
    BOOST_TEST((outsider(file).rows(all) == before));
}

BOOST_FIXTURE_TEST_CASE(a_table_of_one_page_is_left_as_it_is, tree_fixture) {
    run("INSERT INTO rows VALUES (1, 2, 3, 4)");
    BOOST_TEST(lose_and_regrow() == 0U);
    BOOST_TEST(outsider(file).number("SELECT count(*) FROM rows") == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
