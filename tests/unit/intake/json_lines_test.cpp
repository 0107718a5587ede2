// JSON Lines to rows.
#include "reading.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;
using namespace cannedd::test;
using lines = std::vector<std::string>;

lines rows_of_json(std::string_view text) {
    return read_in_pieces(*read_json_lines(), text, text.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_lines_)

BOOST_AUTO_TEST_CASE(each_object_is_a_row_with_the_line_that_it_stands_on) {
    const auto rows =
        rows_of_json("{\"conversation_id\":\"c\",\"text\":\"hello\"}\n\n  \r\n"
                     "{\"agent_id\":\"a\",\"response\":\"r\",\"variables\":{\"n\":1},\"priority\":-5}\r\n");
    const lines expected{"1 conversation_id=\"c\" text=\"hello\"",
                         "4 agent_id=\"a\" response=\"r\" variables=\"{\"n\":1}\" priority=-5"};
    BOOST_TEST(rows == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_last_line_needs_no_end_and_pieces_may_be_cut_anywhere) {
    const std::string text = "{\"text\":\"grün\"}\n{\"text\":\"two\\nlines\"}";
    const lines expected{"1 text=\"grün\"", "2 text=\"two\nlines\""};
    for (const std::size_t piece : {1, 2, 3, 7, 100})
        BOOST_TEST(read_in_pieces(*read_json_lines(), text, piece) == expected,
                   boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(null_is_not_given_and_variables_may_be_their_text) {
    const lines expected{"1 text=\"x\" variables=\"{}\""};
    BOOST_TEST(rows_of_json("{\"text\":\"x\",\"tag\":null,\"variables\":\"{}\"}") == expected,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_no_row_is_told_and_reading_goes_on) {
    const auto rows = rows_of_json(
        "[1]\nnonsense\n{\"txt\":\"x\"}\n{\"text\":[1]}\n{\"variables\":[1]}\n{\"priority\":1.5}\n"
        "{\"text\":\"\xff\"}\n{\"text\":\"good\"}\n");
    const std::string none = "must be one JSON object: {\"conversation_id\": \"...\", \"text\": \"...\"}";
    const lines expected{"1 ! " + none,
                         "2 ! " + none,
                         "3 ! " + no_such_column("txt"),
                         "4 ! text must be a text or a number",
                         "5 ! variables must be a JSON object",
                         "6 priority=real",
                         "7 ! " + none,
                         "8 text=\"good\""};
    BOOST_TEST(rows == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_is_not_kept) {
    const auto rows =
        rows_of_json("{\"text\":\"" + std::string(row_bytes_max, 'x') + "\"}\n{\"text\":\"y\"}\n");
    const lines expected{"1 ! is longer than 1048576 bytes", "2 text=\"y\""};
    BOOST_TEST(rows == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
