#include "unit/config/config_folder.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd {

using test::config_folder;

namespace {

std::string with_responses(const std::string& named) {
    return "responses_file: " + named + "\naccounts:\n  default:\n    ca_file: ca.pem\n" +
           config_folder::good_account();
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_file_)

BOOST_AUTO_TEST_CASE(the_file_beside_the_configuration_is_read) {
    const config_folder folder;
    folder.write("responses.yaml", "greeting: Hello {{name}}\n'12': 34\nlines: |-\n  one\n  two\n");
    const auto settings = folder.loaded(with_responses("responses.yaml"));
    BOOST_TEST(settings.responses_file == folder.path / "responses.yaml");
    BOOST_TEST(settings.delivery.file_responses.size() == 3U);
    BOOST_TEST(settings.delivery.file_responses.at("greeting") == "Hello {{name}}");
    BOOST_TEST(settings.delivery.file_responses.at("12") == "34");
    BOOST_TEST(settings.delivery.file_responses.at("lines") == "one\ntwo");
}

BOOST_AUTO_TEST_CASE(an_empty_file_holds_no_responses) {
    const config_folder folder;
    folder.write("responses.yaml", "# none yet\n");
    BOOST_TEST(folder.loaded(with_responses("responses.yaml")).delivery.file_responses.empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_named_must_be_there) {
    const config_folder folder;
    BOOST_TEST(folder.faults(with_responses("gone.yaml")) ==
               "1: responses_file: " + (folder.path / "gone.yaml").string() +
                   " cannot be read: No such file or directory\n");
}

BOOST_AUTO_TEST_CASE(its_faults_bear_its_name_and_follow_those_of_the_configuration) {
    const config_folder folder;
    folder.write("responses.yaml", "one: first\none: again\nempty:\nblank: ''\nlist: [a, b]\ngenesys:x: y\n"
                                   "long: " +
                                       std::string(4001, 'x') + "\nfits: \"" + std::string(4000, 'x') +
                                       "\"\n");
    const auto loaded = folder.load(with_responses("responses.yaml") + "nonsense: 1\n");
    std::string text;
    for (const auto& fault : std::get<std::vector<config_fault>>(loaded)) {
        auto line = to_line(fault);
        line.erase(0, folder.path.string().size() + 1);
        text += line + "\n";
    }
    BOOST_TEST(
        text ==
        "cannedd.yaml:9: nonsense: unknown key\n"
        "responses.yaml:2: \"one\" is here twice: the first one is on line 1; keep one of them\n"
        "responses.yaml:3: \"empty\" has no text\n"
        "responses.yaml:4: \"blank\" has no text\n"
        "responses.yaml:5: \"list\" must be a text; put one that holds \": \" or begins with a bracket into "
        "quotes\n"
        "responses.yaml:6: \"genesys:x\": names that begin with genesys: are those of Response Management; "
        "take another\n"
        "responses.yaml:7: \"long\" is longer than 4000 characters\n");
}

BOOST_AUTO_TEST_CASE(a_length_counts_characters_and_not_bytes) {
    const config_folder folder;
    std::string text;
    for (int i = 0; i < 4000; ++i)
        text += "\u00e4";
    folder.write("responses.yaml", "umlauts: " + text + "\n");
    BOOST_TEST(folder.loaded(with_responses("responses.yaml")).delivery.file_responses.at("umlauts").size() ==
               8000U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd
