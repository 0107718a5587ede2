// CA files that many share: read once, and again when they have changed.
#include "net/authorities.hpp"
#include "support/certificates.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/x509_vfy.h>

#include <fstream>
#include <stdexcept>

using namespace cannedd;
using namespace cannedd::testing;

namespace {

int certificates_in(const std::shared_ptr<X509_STORE>& store) {
    return sk_X509_OBJECT_num(X509_STORE_get0_objects(store.get()));
}

void check_refused(const std::string& content, std::string_view words) {
    const pem_file file(content);
    const auto names_it = [&](const std::runtime_error& refused) {
        const std::string said = refused.what();
        return said.find(file.path().string()) != said.npos && said.find(words) != said.npos;
    };
    BOOST_CHECK_EXCEPTION(authorities_of(file.path()), std::runtime_error, names_it);
}

} // namespace

BOOST_AUTO_TEST_SUITE(authorities)

BOOST_AUTO_TEST_CASE(are_read_once_for_all_who_use_a_file) {
    const pem_file file(make_authority("one").certificate_pem());
    const auto first = authorities_of(file.path());
    BOOST_TEST(authorities_of(file.path()) == first);
    BOOST_TEST(certificates_in(first) == 1);
}

BOOST_AUTO_TEST_CASE(of_a_file_that_was_renewed_are_read_again_and_those_in_use_stay) {
    const auto one = make_authority("one").certificate_pem();
    const pem_file file(one);
    const auto before = authorities_of(file.path());
    std::ofstream(file.path(), std::ios::app) << make_authority("two").certificate_pem();
    const auto after = authorities_of(file.path());
    BOOST_TEST(certificates_in(before) == 1);
    BOOST_TEST(certificates_in(after) == 2);
    BOOST_TEST(authorities_of(file.path()) == after);
}

BOOST_AUTO_TEST_CASE(of_a_file_that_another_one_took_the_place_of_are_read_again) {
    const pem_file file(make_authority("aaa").certificate_pem());
    const auto before = authorities_of(file.path());
    const pem_file other(make_authority("bbb").certificate_pem());
    std::filesystem::last_write_time(other.path(), std::filesystem::last_write_time(file.path()));
    std::filesystem::rename(other.path(), file.path());
    BOOST_TEST(authorities_of(file.path()) != before);
}

BOOST_AUTO_TEST_CASE(are_gone_when_nobody_uses_them) {
    const pem_file file(make_authority("one").certificate_pem());
    const std::weak_ptr<X509_STORE> unused = authorities_of(file.path());
    BOOST_TEST(unused.expired());
}

BOOST_AUTO_TEST_CASE(cannot_be_read_from_what_only_looks_like_them) {
    check_refused("", "no certificate");
    check_refused("-----BEGIN CERTIFICATE-----\n%%%%\n-----END CERTIFICATE-----\n", "no certificate");
    check_refused("-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n", "no certificate");
    const auto good = make_authority("good").certificate_pem();
    check_refused(good + "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n",
                  "no certificate");
}

BOOST_AUTO_TEST_SUITE_END()
