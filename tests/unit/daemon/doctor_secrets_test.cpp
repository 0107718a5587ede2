// What --doctor, run as root, says of secrets that the service's user may not read.
#include "doctor/secrets.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

using namespace cannedd;

namespace {

constexpr unsigned service_id = 65534;

boost::test_tools::assertion_result needs_root(boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result may(::geteuid() == 0);
    may.message() << "SKIPPED: only root can become the service's user";
    return may;
}

struct folder_of_secrets {
    folder_of_secrets() {
        std::string pattern = (std::filesystem::temp_directory_path() / "cannedd-secrets-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
        ::chmod(path.c_str(), 0755);
    }
    ~folder_of_secrets() { std::filesystem::remove_all(path); }
    folder_of_secrets(const folder_of_secrets&) = delete;
    folder_of_secrets& operator=(const folder_of_secrets&) = delete;

    named_secret make(const std::string& name, uid_t owner) const {
        std::ofstream(path / name) << "s3cr3t";
        ::chmod((path / name).c_str(), 0600);
        BOOST_REQUIRE(::chown((path / name).c_str(), owner, owner) == 0);
        return {.named = name, .file = path / name};
    }
    std::filesystem::path path;
};

} // namespace

BOOST_AUTO_TEST_SUITE(doctor_secrets_)

BOOST_AUTO_TEST_CASE(a_unit_delivers_what_its_lines_name_since_the_last_empty_one) {
    BOOST_TEST(credentials_named_in("").empty());
    const std::set<std::string> both{"client_secret", "second_secret"};
    BOOST_TEST(credentials_named_in("[Service]\nLoadCredential=client_secret:/etc/cannedd/client_secret\n"
                                    "SetCredential=other:x\n# /etc/.../own.conf\n[Service]\n"
                                    "LoadCredential=second_secret:/etc/cannedd/second_secret") == both,
               boost::test_tools::per_element());
    const std::set<std::string> own{"own"};
    BOOST_TEST(
        credentials_named_in("LoadCredential=client_secret:/x\nLoadCredential=\nLoadCredential=own\n") == own,
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_unit_is_named_by_the_configuration) {
    BOOST_TEST(unit_of("/etc/cannedd/cannedd.yaml") == "cannedd.service");
    BOOST_TEST(unit_of("/etc/cannedd/shop.yaml") == "cannedd@shop.service");
}

BOOST_AUTO_TEST_CASE(a_secret_that_the_service_will_not_get_fails_with_the_lines_that_deliver_it,
                     *boost::unit_test::precondition(needs_root)) {
    const folder_of_secrets here;
    settings configured;
    configured.accounts["a"].auth.secrets = {here.make("client_secret", 0)};
    configured.accounts["b"].auth.secrets = {here.make("second_secret", 0)};
    configured.accounts["c"].auth.users["agent"].secrets = {here.make("of_the_agent", service_id)};
    const auto told = [&](const std::set<std::string>& delivered) {
        std::ostringstream out;
        doctor_report report(out);
        judge_secrets(configured,
                      {.unit = "cannedd.service",
                       .delivered = delivered,
                       .running_with = here.path / "running",
                       .user = service_id},
                      report);
        return out.str();
    };
    const auto words = told({"client_secret"});
    BOOST_TEST(words.find("ok    secret a  cannedd.service is given") != std::string::npos, words);
    BOOST_TEST(words.find("ok    secret c agent agent  ") != std::string::npos, words);
    const auto file = (here.path / "second_secret").string();
    BOOST_TEST(words.find("fail  secret b  " + file + " may not be read by ") != std::string::npos, words);
    BOOST_TEST(words.find("LoadCredential=second_secret:" + file + ", then systemctl restart") !=
                   std::string::npos,
               words);
    BOOST_TEST(words.find("s3cr3t") == std::string::npos);
    BOOST_TEST(told({"client_secret", "second_secret"}).find("fail") == std::string::npos);
    BOOST_TEST(told({"client_secret"}).find("warn") == std::string::npos);

    BOOST_TEST(words.find("ca_file") == std::string::npos, words);
    configured.accounts["a"].api.ca_file = here.make("ca.pem", 0).file;
    BOOST_TEST(told({}).find("fail  ca_file a  " + (here.path / "ca.pem").string() +
                             " may not be read by ") != std::string::npos);
    ::chmod((here.path / "ca.pem").c_str(), 0644);
    BOOST_TEST(told({}).find("ca_file") == std::string::npos);

    std::filesystem::create_directory(here.path / "running");
    std::filesystem::copy(here.path / "client_secret", here.path / "running" / "client_secret");
    BOOST_TEST(told({"client_secret"}).find("warn") == std::string::npos);
    std::ofstream(here.path / "running" / "client_secret") << "older";
    const auto rotated = told({"client_secret"});
    BOOST_TEST(rotated.find("warn  secret a  " + (here.path / "client_secret").string() +
                            " was written since cannedd.service was started") != std::string::npos,
               rotated);
}

BOOST_AUTO_TEST_SUITE_END()
