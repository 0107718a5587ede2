// What stands in a secret's file beside the secret, and the words that help.
#include "unit/config/config_folder.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd {

using test::config_folder;

namespace {

bool says(const std::string& faults, std::string_view words) {
    return faults.find(words) != faults.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(secret_shape)

BOOST_AUTO_TEST_CASE(a_secret_stands_alone_in_its_file) {
    const config_folder folder;
    struct {
        const char* content;
        const char* words; // none: it is taken
    } table[] = {
        {"client_secret=v4lue", "it holds a name before it"},
        {"client_secret = v4lue\n", "it holds a name before it"},
        {"client_secret: v4lue", "it holds a name before it"},
        {"GENESYS_SECRET='v4lue'\nOTHER=1", "it holds a name before it"},
        {"X=v4lue", "it holds a name before it"},
        {"export X=v4lue", "it holds a command of a shell"},
        {"set X=v4lue", "it holds a command of a shell"},
        {"$env:X='v4lue'", "it holds a command of a shell"},
        {"\"v4lue\"", "it holds quotes"},
        {"'v4lue'", "it holds quotes"},
        {" \u201Cv4lue\u201D", "it holds quotes"},
        {"{\"client_secret\":\"v4lue\"}", "it holds JSON"},
        {"{\n  \"secret\": \"v4lue\"\n}\n", "it holds JSON"},
        {"[\"v4lue\"]", "it holds JSON"},
        {"11111111-2222-3333-4444-555555555555:v4lue", "it holds the client's id"},
        {"v4lue two", "one line without blanks\n"},
        {"v4lue", nullptr},
        {"v4lue==", nullptr},
        {"secret=", nullptr},
        {"v4lue+/x=", nullptr},
        {"a:v4lue", nullptr},
        {"x9=v4lue", nullptr},
        {"-_v4lue_-", nullptr},
    };
    for (const auto& line : table) {
        folder.write("client_secret", line.content, 0600);
        const auto told = folder.faults(config_folder::valid());
        BOOST_TEST(told.starts_with(line.words == nullptr
                                        ? ""
                                        : "8: accounts.default.auth.client_secret_file: the file must hold "
                                          "the secret alone: one line without blanks"),
                   line.content << ": " << told);
        BOOST_TEST((line.words == nullptr ? told.empty() : says(told, line.words)),
                   line.content << ": " << told);
        BOOST_TEST(!says(told, "v4lue"));
    }
}

BOOST_AUTO_TEST_CASE(a_private_key_stands_alone_in_its_file) {
    const config_folder folder;
    const auto told = [&](const char* content) {
        folder.write("key.pem", content, 0600);
        return folder.faults(config_folder::with_account(
            "    region: mypurecloud.com\n    auth: {grant: private_key_jwt, client_id: us, audience: them, "
            "key_id: k, private_key_file: key.pem}\n"));
    };
    for (const auto* content : {"{\"private_key\":\"-----BEGIN PRIVATE KEY-----\\nMII\"}",
                                "'-----BEGIN PRIVATE KEY-----\nMII'", "KEY=-----BEGIN PRIVATE KEY-----\nMII"})
        BOOST_TEST(says(told(content),
                        "6: accounts.default.auth.private_key_file: the file must hold the key "
                        "alone, in PEM (-----BEGIN PRIVATE KEY-----); it holds "),
                   told(content));
    BOOST_TEST(told("Bag Attributes\n    localKeyID: 01\n-----BEGIN PRIVATE KEY-----\nMII") == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd
