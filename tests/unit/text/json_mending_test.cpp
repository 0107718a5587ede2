#include "text/json_mending.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(json_mending_)

BOOST_AUTO_TEST_CASE(what_is_no_character_is_replaced_and_all_else_stays) {
    struct {
        const char* given;
        const char* mended;
    } table[] = {
        {"", ""},
        {R"({"name":"Ada \u00e9 \ud83d\ude00 é 😀"})", R"({"name":"Ada \u00e9 \ud83d\ude00 é 😀"})"},
        {R"("\ud83d")", R"("�")"},
        {R"("\uD83Dx")", R"("�x")"},
        {R"("\ude00")", R"("�")"},
        {R"("\ude00\ud83d")", R"("��")"},
        {R"("\ud83d\ud83d\ude00")", R"("�\ud83d\ude00")"},
        {R"("\ud83d\n")", R"("�\n")"},
        {R"("\ud83d\u0041")", R"("�\u0041")"},
        {R"("\ud83d\ude0")", R"("�\ude0")"},
        {R"("\\ud83d")", R"("\\ud83d")"},
        {R"("\\\ud83d")", R"("\\�")"},
        {R"("\"\ud83d\"")", R"("\"�\"")"},
        {"Andr\xE9", "Andr�"},
        {"\xE9\xE9 ", "�� "},
        {"\"caf\xC3\"", "\"caf�\""},
        {"\xF0\x9F\x98\"", "���\""},
        {"\xC0\x80", "��"},
        {"\xED\xA0\xBD\xED\xB8\x80", "��"},
        {"\\\xE9", "\\�"},
        {"\\", "\\"},
        {"\\u", "\\u"},
    };
    for (const auto& row : table)
        BOOST_TEST(with_whole_characters(row.given) == row.mended, row.given);
}

BOOST_AUTO_TEST_SUITE_END()
