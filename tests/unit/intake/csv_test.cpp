// CSV with a header to rows.
#include "reading.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;
using namespace cannedd::test;
using lines = std::vector<std::string>;

lines rows_of_csv(std::string_view text) {
    return read_in_pieces(*read_csv(), text, std::max<std::size_t>(text.size(), 1));
}

} // namespace

BOOST_AUTO_TEST_SUITE(csv_)

BOOST_AUTO_TEST_CASE(the_header_names_the_columns_in_any_order) {
    const auto rows = rows_of_csv("text,conversation_id,priority\nhello,c,3\nbye,d,\n");
    const lines expected{"2 conversation_id=\"c\" text=\"hello\" priority=\"3\"",
                         "3 conversation_id=\"d\" text=\"bye\""};
    BOOST_TEST(rows == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(quotes_hold_commas_line_ends_and_doubled_quotes_in_pieces_of_any_length) {
    const std::string text = "\xEF\xBB\xBFtext,tag\r\n\"a, b\r\nc \"\"d\"\"\",\"\"\r\n\r\nlast,";
    const lines expected{"2 text=\"a, b\r\nc \"d\"\" tag=\"\"", "5 text=\"last\""};
    for (const std::size_t piece : {1, 2, 3, 5, 100})
        BOOST_TEST(read_in_pieces(*read_csv(), text, piece) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_row_that_is_none_is_told_and_reading_goes_on) {
    const auto rows = rows_of_csv("text,tag\na,b,c\na\n\"a\"x,b\n\xff,b\ngood,row\n");
    const lines expected{"2 ! has 3 fields, the header has 2", "3 ! has 1 fields, the header has 2",
                         "4 ! a field goes on behind its closing quote: a quote within it is doubled",
                         "5 ! text is not UTF-8", "6 text=\"good\" tag=\"row\""};
    BOOST_TEST(rows == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_open_quote_is_told_where_it_begins) {
    const lines expected{"2 ! the quote that opens here is not closed before the end"};
    BOOST_TEST(rows_of_csv("text\n\"a\nb\nc\n") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_header_there_is_no_hope) {
    for (const auto& [text, why] : std::vector<std::pair<std::string, std::string>>{
             {"", "there is no header that names the columns"},
             {"txt,tag\na,b\n", no_such_column("txt")},
             {"t\x1B\xFFxt\na\n", no_such_column("t ?xt")},
             {"text;tag\na;b\n", "columns must be separated by commas"},
             {"text,tag,text\na,b,c\n", "the column 'text' is there twice"}}) {
        const auto reader = read_csv();
        const lines expected{"1 ! " + why};
        BOOST_TEST(read_in_pieces(*reader, text, 3) == expected, boost::test_tools::per_element());
        BOOST_TEST(reader->hopeless());
    }
}

BOOST_AUTO_TEST_CASE(a_record_that_is_too_long_is_not_kept) {
    const auto rows = rows_of_csv("text\n" + std::string(row_bytes_max + 1, 'x') + "\ny\n");
    const lines expected{"2 ! is longer than 1048576 bytes", "3 text=\"y\""};
    BOOST_TEST(rows == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
