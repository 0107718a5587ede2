#include "config/named_files.hpp"
#include "unit/config/config_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

namespace cannedd {

using test::config_folder;
using test::secret_value;

namespace {

std::string secret_of(const config_folder& folder) {
    const auto account = folder.loaded(config_folder::valid()).accounts.at("default");
    return std::get<client_credentials_grant>(account.auth.grant).client_secret.reveal();
}

std::string valid_with_secret(const std::string& named) {
    auto yaml = config_folder::valid();
    const std::string key = "client_secret_file: ";
    return yaml.replace(yaml.find(key), yaml.find('\n', yaml.find(key)) - yaml.find(key), key + named);
}

} // namespace

BOOST_AUTO_TEST_SUITE(files_)

BOOST_AUTO_TEST_CASE(a_secret_is_the_files_content_without_its_trailing_newline) {
    const config_folder folder;
    BOOST_TEST(secret_of(folder) == secret_value);
    folder.write("client_secret", std::string(secret_value) + "\r\n", 0600);
    BOOST_TEST(secret_of(folder) == secret_value);
}

BOOST_AUTO_TEST_CASE(a_relative_secret_comes_from_the_credentials_directory_first) {
    config_folder folder;
    std::filesystem::create_directory(folder.path / "credentials");
    folder.environment.credentials_directory = folder.path / "credentials";
    BOOST_TEST(secret_of(folder) == secret_value); // not there: beside the configuration file
    folder.write("credentials/client_secret", "delivered", 0600);
    BOOST_TEST(secret_of(folder) == "delivered");
}

BOOST_AUTO_TEST_CASE(a_delivered_secret_is_taken_with_the_mode_that_systemd_gave_it) {
    config_folder folder;
    std::filesystem::create_directory(folder.path / "credentials");
    const auto file = folder.write("credentials/client_secret", "delivered", 0440);
    folder.environment.credentials_directory = folder.path / "credentials";
    BOOST_TEST(secret_of(folder) == "delivered");
    BOOST_TEST(folder.faults(valid_with_secret(file.string())) == "");
    // A way out of the directory is a way out of its trust.
    folder.write("client_secret", "outside", 0644);
    BOOST_TEST(folder.faults(valid_with_secret("../client_secret")) ==
               "8: accounts.default.auth.client_secret_file: the file may be read or changed by others (mode "
               "0644); do: "
               "chmod 600\n");
}

BOOST_AUTO_TEST_CASE(beside_the_file_of_an_instance_its_own_secret_comes_first) {
    const config_folder folder;
    const auto file = folder.write("shop.yaml", config_folder::valid());
    const auto secret = [&] {
        const auto read = std::get<settings>(load_settings(file, folder.environment));
        return std::get<client_credentials_grant>(read.accounts.at("default").auth.grant)
            .client_secret.reveal();
    };
    BOOST_TEST(secret() == secret_value);
    folder.write("shop.client_secret", "of-the-shop", 0600);
    BOOST_TEST(secret() == "of-the-shop");
    BOOST_TEST(secret_of(folder) == secret_value); // cannedd.yaml has another
}

BOOST_AUTO_TEST_CASE(the_empty_stand_in_of_the_unit_is_told_as_a_secret_that_is_missing) {
    config_folder folder;
    std::filesystem::create_directory(folder.path / "credentials");
    folder.environment.credentials_directory = folder.path / "credentials";
    folder.write("credentials/client_secret", "", 0400);
    const auto told = folder.faults(config_folder::valid());
    BOOST_TEST(told.find("the secret is missing: systemd found no such file beside") != std::string::npos,
               told);
}

BOOST_AUTO_TEST_CASE(a_file_that_changed_after_systemd_copied_it_is_named) {
    config_folder folder;
    std::filesystem::create_directory(folder.path / "credentials");
    const auto file = folder.write("cannedd.yaml", config_folder::valid());
    const auto newer = [&] { return named_files(file, folder.environment).newer_than_delivered(); };
    BOOST_TEST(newer().empty()); // no service manager
    folder.environment.credentials_directory = folder.path / "credentials";
    const auto copy = folder.write("credentials/client_secret", "old", 0400);
    folder.write("credentials/of_elsewhere", "x", 0400);
    std::filesystem::last_write_time(copy, std::filesystem::file_time_type::clock::now() +
                                               std::chrono::hours(1)); // later than the file beside
    BOOST_TEST(newer().empty());
    std::filesystem::last_write_time(copy,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    const auto found = newer();
    BOOST_TEST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found.front() == folder.path / "client_secret");
    folder.write("cannedd.client_secret", "instance", 0600);
    BOOST_TEST(newer().front() == folder.path / "cannedd.client_secret");
    folder.write("cannedd.client_secret", "old", 0600); // touched, or written as it was
    BOOST_TEST(newer().empty());
}

BOOST_AUTO_TEST_CASE(a_secret_with_any_right_for_group_or_others_is_refused) {
    const config_folder folder;
    for (const unsigned mode : {0640U, 0620U, 0610U, 0604U, 0602U, 0601U}) {
        folder.write("client_secret", secret_value, mode);
        BOOST_TEST(folder.faults(config_folder::valid()).find("may be read or changed by others") !=
                       std::string::npos,
                   mode);
    }
    folder.write("client_secret", secret_value, 0400);
    BOOST_TEST(folder.faults(config_folder::valid()) == "");
}

BOOST_AUTO_TEST_CASE(a_secret_that_belongs_to_somebody_else_is_refused,
                     *boost::unit_test::precondition([](auto) {
                         return boost::test_tools::assertion_result(::geteuid() == 0);
                     })) {
    const config_folder folder;
    BOOST_TEST_REQUIRE(::chown((folder.path / "client_secret").c_str(), 12345, 12345) == 0);
    BOOST_TEST(folder.faults(config_folder::valid()) ==
               "8: accounts.default.auth.client_secret_file: the file belongs to user 12345, who could "
               "change it; make it "
               "belong to the user that runs cannedd, or to root (chown)\n");
}

BOOST_AUTO_TEST_CASE(a_secret_file_must_be_there_and_be_a_file_with_one_line) {
    config_folder folder;
    const std::string at = "8: accounts.default.auth.client_secret_file: ";
    BOOST_TEST(folder.faults(valid_with_secret("gone")) == at + "there is no such file\n");
    folder.environment.credentials_directory = folder.path / "credentials";
    BOOST_TEST(folder.faults(valid_with_secret("gone")) ==
               at + "there is no such file in $CREDENTIALS_DIRECTORY or beside the configuration file\n");
    BOOST_TEST(folder.faults(valid_with_secret(".")) == at + "the file is not a regular file\n");
    BOOST_TEST_REQUIRE(::mkfifo((folder.path / "fifo").c_str(), 0600) == 0);
    BOOST_TEST(folder.faults(valid_with_secret("fifo")) == at + "the file is not a regular file\n");
    folder.write("empty", "\n", 0600);
    BOOST_TEST(folder.faults(valid_with_secret("empty")) == at + "the file is empty\n");
    folder.write("two", "one\ntwo\n", 0600);
    BOOST_TEST(folder.faults(valid_with_secret("two")) ==
               at + "the file must hold the secret alone: one line without blanks\n");
    folder.write("huge", std::string(65 * 1024, 'x'), 0600);
    BOOST_TEST(folder.faults(valid_with_secret("huge")) == at + "the file is larger than 65536 bytes\n");
}

BOOST_AUTO_TEST_CASE(no_fault_repeats_a_value_that_may_be_a_secret) {
    const config_folder folder;
    const std::string secret(secret_value);
    folder.write("client_secret", secret + " " + secret, 0600);
    folder.write("key.pem", secret, 0644);
    const auto faults =
        folder.faults("responses_file:\n"
                      "metrics: {listen: " +
                      secret +
                      "}\n"
                      "log: {level: " +
                      secret +
                      "}\n"
                      "accounts:\n"
                      "  one: " +
                      secret +
                      "\n"
                      "  two:\n"
                      "    region: " +
                      secret +
                      "\n"
                      "    api_url: https://user:" +
                      secret +
                      "@api.example\n"
                      "    proxy: http://user:" +
                      secret +
                      "@proxy.example:3128\n"
                      "    route: " +
                      secret +
                      "\n"
                      "    expire_after: " +
                      secret +
                      "\n"
                      "    auth:\n"
                      "      grant: " +
                      secret +
                      "\n"
                      "      client_id: " +
                      secret +
                      "\n"
                      "      client_secret: " +
                      secret +
                      "\n"
                      "  three:\n"
                      "    region: us_east_1\n"
                      "    auth:\n"
                      "      client_id: " +
                      secret +
                      "\n"
                      "      client_secret_file: " +
                      secret +
                      "\n"
                      "  four:\n"
                      "    region: us_east_1\n"
                      "    auth: {client_secret_file: client_secret}\n"
                      "  five:\n"
                      "    region: us_east_1\n"
                      "    auth: {grant: private_key_jwt, private_key_file: key.pem, key_id: [" +
                      secret + "]}\n");
    BOOST_TEST(faults.size() > 1000U);
    BOOST_TEST(faults.find(secret) == std::string::npos, faults);
}

BOOST_AUTO_TEST_CASE(a_relative_configuration_file_finds_what_is_beside_it) {
    const config_folder folder;
    auto yaml = config_folder::valid("database: queue.db\n");
    yaml.replace(0, std::string("responses_file:").size(), "responses_file: responses.yaml");
    folder.write("responses.yaml", "hello: Hello\n");
    const auto file = std::filesystem::relative(folder.write("cannedd.yaml", yaml));
    BOOST_REQUIRE(file.is_relative());
    const auto result = load_settings(file, folder.environment);
    if (const auto* list = std::get_if<std::vector<config_fault>>(&result))
        BOOST_FAIL(to_line(list->front()));
    const auto& read = std::get<settings>(result);
    BOOST_TEST(read.database == folder.path / "queue.db");
    BOOST_TEST(read.delivery.file_responses.contains("hello"));
    BOOST_TEST(std::filesystem::exists(read.accounts.at("default").api.ca_file));
}

BOOST_AUTO_TEST_CASE(the_file_of_certificates_must_hold_one) {
    const config_folder folder;
    folder.write("ca.pem", "junk");
    BOOST_TEST(folder.faults(config_folder::valid()) ==
               "4: accounts.default.ca_file: " + (folder.path / "ca.pem").string() +
                   " holds no certificate in PEM (-----BEGIN CERTIFICATE-----)\n");
}

BOOST_AUTO_TEST_CASE(the_file_of_certificates_must_be_there_when_tls_is_used) {
    const config_folder folder;
    auto yaml = config_folder::valid();
    yaml.replace(yaml.find("ca.pem"), 6, "no.pem");
    BOOST_TEST(folder.faults(yaml) == "4: accounts.default.ca_file: " + (folder.path / "no.pem").string() +
                                          " cannot be read: No such file or directory\n");
    const std::string local = "    api_url: http://127.0.0.1:1\n    login_url: http://[::1]:2\n";
    yaml.replace(yaml.find("    region"), yaml.find("    auth") - yaml.find("    region"), local);
    BOOST_TEST(folder.faults(yaml) == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd
