// Slips that people make, and the words that help.
#include "config/database_path.hpp"
#include "unit/config/config_folder.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd {

using test::config_folder;

namespace {

bool says(const std::string& faults, std::string_view words) {
    return faults.find(words) != faults.npos;
}

std::string faults_with_responses(const std::string& responses) {
    const config_folder folder;
    folder.write("responses.yaml", responses);
    return folder.faults("responses_file: responses.yaml\naccounts:\n  default:\n    ca_file: ca.pem\n" +
                         config_folder::good_account());
}

std::string refreshing(const std::string& file) {
    return "    region: mypurecloud.com\n    ca_file: ca.pem\n    auth:\n      grant: refresh_token\n"
           "      client_id: " +
           std::string(test::client_id) + "\n      client_secret_file: client_secret\n" +
           "      refresh_token_file: " + file + "\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(friendly_faults)

BOOST_AUTO_TEST_CASE(metrics_listen_on_an_address_not_on_a_name) {
    const config_folder folder;
    const auto faults = folder.faults(config_folder::valid("metrics: {listen: 'localhost:9464'}\n"));
    BOOST_TEST(says(faults, "must be an address, not a name"), faults);
    BOOST_TEST(folder.faults(config_folder::valid("metrics: {listen: '[::1]:9464'}\n")).empty());
}

BOOST_AUTO_TEST_CASE(the_database_is_a_file_not_a_directory) {
    const config_folder folder;
    const auto faults = folder.faults("database: .\n" + config_folder::valid());
    BOOST_TEST(says(faults, "1: database: is a directory"), faults);
}

BOOST_AUTO_TEST_CASE(the_database_is_no_file_that_something_else_uses) {
    const config_folder folder;
    folder.write("responses.yaml", "hello: Hello\n");
    std::filesystem::create_symlink("client_secret", folder.path / "a_link");
    const auto told = [&](const std::string& place) {
        return folder.faults("database: " + place + "\nresponses_file: responses.yaml\n" +
                             config_folder::valid().substr(std::string("responses_file:\n").size()));
    };
    struct {
        const char* place;
        const char* words;
    } table[] = {
        {"cannedd.yaml", "1: database: is this configuration file itself"},
        {"./x/../cannedd.yaml", "1: database: is this configuration file itself"},
        {"responses.yaml", "1: database: is the file that responses_file names, too"},
        {"client_secret",
         "1: database: is the file that accounts.default.auth.client_secret_file names, too"},
        {"a_link", "1: database: is the file that accounts.default.auth.client_secret_file names, too"},
        {"ca.pem", "1: database: is the file that accounts.default.ca_file names, too"},
        {"queue.db.lock", "1: database: ends in .lock"},
        {"queue.db-wal", "1: database: ends in -wal"},
        {"queue.db-shm", "1: database: ends in -shm"},
        {"queue.db-journal", "1: database: ends in -journal"},
    };
    for (const auto& line : table)
        BOOST_TEST(told(line.place).starts_with(line.words), line.place << ": " << told(line.place));
    for (const auto* place : {"queue.db", "wal", "client_secret.db", "lock"})
        BOOST_TEST(told(place) == "");
}

BOOST_AUTO_TEST_CASE(what_needs_the_database_alone_is_told_so_too) {
    const config_folder folder;
    for (const auto* place : {"cannedd.yaml", "queue.db-wal"}) {
        const auto named = database_named_in(
            folder.write("cannedd.yaml", "database: " + std::string(place) + "\nunknown: 7\n"));
        const auto* faults = std::get_if<std::vector<config_fault>>(&named);
        BOOST_REQUIRE(faults != nullptr);
        BOOST_TEST(to_line(faults->front()).find("cannedd.yaml:1: database: ") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_percent_sign_in_a_proxys_password_is_written_as_an_escape) {
    const config_folder folder;
    const auto told = [&](const std::string& url) {
        return folder.faults(config_folder::valid() + "    proxy: '" + url + "'\n");
    };
    for (const auto* part : {"user:100%", "user:%zz", "us%er:x", "user:a%2", "user:%%41"})
        BOOST_TEST(
            told("http://" + std::string(part) + "@proxy.example:3128") ==
                "9: accounts.default.proxy: must be http://host:port or http://user:password@host:port; "
                "a percent sign in the user or the password is written %25\n",
            part);
    BOOST_TEST(told("http://user:100%25@proxy.example:3128") == "");
    BOOST_TEST(!says(told("http://[fe80::1%eth0]:3128"), "written %25"));
}

BOOST_AUTO_TEST_CASE(the_database_is_a_regular_file_in_a_directory_that_is_there) {
    const config_folder folder;
    folder.write("a_file", "");
    const auto told = [&](const std::string& place) {
        setting_checks checks;
        checks.database_directory = true;
        const auto file = folder.write("cannedd.yaml", "database: " + place + "\n" + config_folder::valid());
        const auto result = load_settings(file, folder.environment, checks);
        const auto* faults = std::get_if<std::vector<config_fault>>(&result);
        return faults == nullptr ? std::string() : to_line(faults->front());
    };
    struct {
        const char* place;
        const char* words;
    } table[] = {
        {"/dev/null", "1: database: is a device, a pipe or a socket; name a regular file"},
        {"/dev", "1: database: is a directory; name the file in it"},
        {"':memory:'", "1: database: is not the name of a file but what SQLite takes"},
        {"'file:queue.db?mode=memory'", "1: database: is not the name of a file but what SQLite takes"},
        {"none/", "1: database: ends in /, as a directory's name does"},
        {"a_file/", "1: database: ends in /, as a directory's name does"},
        {"a_file/queue.db", "a_file is not a directory: name a file in a directory"},
        {"none/queue.db", "none does not exist: make it"},
        {"/var/lib/cannedd-of-ours/queue.db", "/var/lib/cannedd-of-ours does not exist: make it"},
    };
    for (const auto& line : table)
        BOOST_TEST(says(told(line.place), line.words), line.place << ": " << told(line.place));
    for (const auto* place :
         {"a_file", "queue.db", "/var/lib/cannedd/queue.db", "/var/lib/cannedd/shop/queue.db"})
        BOOST_TEST(told(place) == "", place);
    // It may be mounted a moment after the start.
    BOOST_TEST(folder.faults("database: none/queue.db\n" + config_folder::valid()) == "");
}

BOOST_AUTO_TEST_CASE(a_response_with_an_open_brace_that_is_never_closed_is_refused) {
    const auto faults = faults_with_responses("hello: Hello {{name\n");
    BOOST_TEST(says(faults, "1: \"hello\" has a {{ without its }}"), faults);
    BOOST_TEST(faults_with_responses("hello: Hello {{name}}\n").empty());
    for (const auto* nameless : {"hello: Hello {{}}\n", "hello: \"{{name}}, {{ }} hello\"\n"})
        BOOST_TEST(says(faults_with_responses(nameless), "1: \"hello\" has {{}} without a name"), nameless);
}

BOOST_AUTO_TEST_CASE(a_response_that_begins_with_a_variable_is_to_be_quoted) {
    const auto faults = faults_with_responses("hello: {{name}} is here\n");
    BOOST_TEST(says(faults, "put it into quotes"), faults);
    const auto alone = faults_with_responses("hello: {{name}}\n");
    BOOST_TEST(says(alone, "goes into quotes"), alone);
}

BOOST_AUTO_TEST_CASE(each_slip_in_a_file_of_responses_is_told_with_its_line_and_what_to_do) {
    struct {
        const char* responses;
        const char* words;
    } table[] = {
        {"a: b\n\thello: x\n", "2: not YAML: illegal tab when looking for indentation; a tab indents line 2"},
        {"a: b\nhello: \"Hello {{name\nc: d\n", "2: not YAML: the quote that begins here is never closed"},
        {"a: b\nhello: 'Hello\n", "2: not YAML: the quote that begins here is never closed"},
        {"a: \"Hello\nb: \"you\"\n", "a quote begins on line 1 and does not end there: close it"},
        {"a: 'it's'\n", "1: not YAML: end of map not found; a quote inside of quotes is written"},
        {"a: \"say \"hi\" now\"\n", "a quote inside of quotes is written"},
        {"a: b\nc:\n  {{name}} is\n", "the text begins with {{: put it into quotes"},
        {"a: *bold* text\n", "the text begins with *: put it into quotes"},
        {"a: &x text\n", "a text that begins with & goes into quotes"},
        {"a: @you\n", "the text begins with @: put it into quotes"},
        {"a: - x\n", "the text begins with -: put it into quotes"},
        {"a: Note: this\n", "1: not YAML: illegal map value; the text holds \": \": put it into quotes"},
        {"a: x\n b: y\n", "is the line indented as those above it are?"},
        {"a: x\nb: y\na: z\n", "3: \"a\" is here twice: the first one is on line 1; keep one of them"},
        {"- a: b\n", "1: must be a mapping of names to texts (name: text), not a list"},
        {"a:\n  - x\n", "1: \"a\" must be a text, not a list: one of several lines follows a |"},
        {"responses:\n  a: b\n", "those of responses stand at the left margin"},
        {"a: b\nticket: Ticket #5 is yours\n", "2: \"ticket\" would end before #5, which begins a comment"},
        {"a:\n  go to #1\n", "2: \"a\" would end before #1"},
        {"a: caf\xE9\n", "1: \"a\" holds a character that is not UTF-8: save the file as UTF-8"},
    };
    for (const auto& line : table) {
        const auto faults = faults_with_responses(line.responses);
        BOOST_TEST(says(faults, line.words), line.responses << "gives: " << faults);
    }
    BOOST_TEST(faults_with_responses("a: {{name}}\n") ==
               "1: a key must be a word; a text that begins with {{ or another bracket goes into quotes\n");
    const auto kept =
        "a: 'No #5' #yes\nb: \"No #5\"\nc: x # said #5\nd: x ### e\ne: a#b\nf: |\n  No #5\ng: x #\n";
    BOOST_TEST(faults_with_responses(kept) == "");
    BOOST_TEST(faults_with_responses("a: \"over\n  two lines\"\nb: |+\n  kept\n\n").empty());
}

BOOST_AUTO_TEST_CASE(a_tab_is_called_by_its_name) {
    const config_folder folder;
    const auto faults = folder.faults("metrics:\n\tlisten: ''\n");
    BOOST_TEST(says(faults, "a tab indents line 2"), faults);
}

BOOST_AUTO_TEST_CASE(a_url_is_no_region) {
    const config_folder folder;
    const auto faults = folder.faults(config_folder::with_account(
        "    region: https://apps.mypurecloud.com/directory\n    auth:\n      client_id: " +
        std::string(test::client_id) + "\n      client_secret_file: client_secret\n"));
    BOOST_TEST(says(faults, "write the domain alone"), faults);
}

BOOST_AUTO_TEST_CASE(two_accounts_do_not_share_a_refresh_token) {
    const config_folder folder;
    folder.write("token", "a-token", 0600);
    folder.write("other", "a-token", 0600);
    const std::string head = "responses_file:\naccounts:\n  a:\n";
    const auto faults = folder.faults(head + refreshing("token") + "  b:\n" + refreshing("./token"));
    BOOST_TEST(says(faults, "belongs to a already"), faults);
    BOOST_TEST(folder.faults(head + refreshing("token") + "  b:\n" + refreshing("other")).empty());
    std::filesystem::create_symlink("token", folder.path / "symbolic");
    std::filesystem::create_hard_link(folder.path / "token", folder.path / "hard");
    for (const std::string link : {"symbolic", "hard"})
        BOOST_TEST(says(folder.faults(head + refreshing("token") + "  b:\n" + refreshing(link)),
                        "belongs to a already"),
                   link);
}

BOOST_AUTO_TEST_CASE(the_client_id_of_the_example_is_nobodys) {
    const config_folder folder;
    const std::string account =
        "    region: mypurecloud.com\n    auth:\n      client_secret_file: client_secret\n"
        "      client_id: 00000000-0000-0000-0000-00000000000";
    const auto faults = folder.faults(config_folder::with_account(account + "0\n"));
    BOOST_TEST(says(faults, "8: accounts.default.auth.client_id: is the example's"), faults);
    BOOST_TEST(folder.faults(config_folder::with_account(account + "1\n")).empty());
}

BOOST_AUTO_TEST_CASE(a_clients_token_alone_does_not_speak_as_an_agent) {
    const config_folder folder;
    for (const auto* way : {"message", "chat"}) {
        const auto route = "    route: " + std::string(way) + "\n";
        const auto faults = folder.faults(config_folder::valid(route));
        BOOST_TEST(says(faults, "9: accounts.default.route: only an agent's own token"), faults);
        const std::string user =
            "      users:\n        aaaaaaaa-0000-4000-8000-000000000001: {grant: refresh_token, "
            "client_id: " +
            std::string(test::client_id) +
            ", client_secret_file: client_secret, refresh_token_file: client_secret}\n";
        BOOST_TEST(folder.faults(config_folder::valid(user + route)).empty());
    }
    BOOST_TEST(folder.faults(config_folder::valid("    route: tutorial\n")).empty());
}

BOOST_AUTO_TEST_CASE(what_the_start_would_refuse_is_refused_with_its_line) {
    const config_folder folder;
    const auto file = folder.write("cannedd.yaml", config_folder::valid());
    setting_checks checks;
    checks.ca_file = [](const std::filesystem::path&) {
        return std::optional<std::string>("no certificate");
    };
    checks.auth = [](const oauth_grant&) { return std::optional<std::string>("no key"); };
    const auto loaded = load_settings(file, folder.environment, checks);
    const auto* faults = std::get_if<std::vector<config_fault>>(&loaded);
    BOOST_REQUIRE(faults != nullptr);
    BOOST_REQUIRE(faults->size() == 2U);
    BOOST_TEST(to_line(faults->at(0)) == file.string() + ":4: accounts.default.ca_file: no certificate");
    BOOST_TEST(to_line(faults->at(1)) == file.string() + ":6: accounts.default.auth: no key");
}

BOOST_AUTO_TEST_CASE(a_url_that_the_start_would_refuse_is_refused_with_its_line) {
    const config_folder folder;
    const auto file = folder.write(
        "cannedd.yaml", config_folder::with_account("    api_url: https://-api.example\n"
                                                    "    login_url: https://login.example\n"
                                                    "    proxy: http://proxy.example:1\n"
                                                    "    auth:\n      client_id: " +
                                                    std::string(test::client_id) +
                                                    "\n      client_secret_file: client_secret\n"));
    const auto loaded = load_settings(file, folder.environment);
    const auto* faults = std::get_if<std::vector<config_fault>>(&loaded);
    BOOST_REQUIRE(faults != nullptr);
    BOOST_REQUIRE(faults->size() == 1U);
    BOOST_TEST(to_line(faults->at(0)).starts_with(file.string() + ":5: accounts.default.api_url: must be "));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd
