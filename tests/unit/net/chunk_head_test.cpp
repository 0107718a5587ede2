#include "net/chunk_head.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(chunk_head_)

BOOST_AUTO_TEST_CASE(the_size_alone_is_left_in_as_many_bytes) {
    struct {
        const char* given;
        const char* plain; // none: as it was
    } table[] = {
        {"1a  \r\nabc", "001a\r\nabc"},
        {"1a\t\r\n", "01a\r\n"},
        {"  1A \r\n", "0001A\r\n"},
        {"\r\n1a  \r\n", "\r\n001a\r\n"},
        {"0   \r\n\r\n", "0000\r\n\r\n"},
        {"1a;\r\n", "01a\r\n"},
        {"1a; =x\r\n", "00001a\r\n"},
        {"1a ;name=value  \r\n", "000000000000001a\r\n"},
        {"1a\r\n", nullptr},
        {"\r\n1a\r\n", nullptr},
        {"\r\n", nullptr},
        {"", nullptr},
        {"  \r\n1a", nullptr},
        {"zz\r\n", nullptr},
        {"1az\r\n", nullptr},
        {"-1\r\n", nullptr},
        {"1a\nabc\r\n", nullptr},
    };
    for (const auto& row : table) {
        std::string bytes(row.given);
        BOOST_TEST(with_plain_chunk_head(bytes) == (row.plain != nullptr), row.given);
        BOOST_TEST(bytes == (row.plain != nullptr ? row.plain : row.given));
    }
}

BOOST_AUTO_TEST_SUITE_END()
