// Assertions are checked with the means of those who receive them: OpenSSL verifies the JWT, xmlsec1 the SAML
// document.
#include "oauth/signed_assertion.hpp"
#include "unit/oauth/keys.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/valid.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

using namespace cannedd;
using namespace cannedd::testing;
namespace json = boost::json;

namespace {

constexpr wall_time now(milliseconds(1715934600000)); // 2024-05-17T08:30:00Z

std::string from_base64url(std::string text) {
    for (char& c : text)
        c = c == '-' ? '+' : c == '_' ? '/' : c;
    const auto padding = (4 - text.size() % 4) % 4;
    text.append(padding, '=');
    std::string bytes(text.size(), '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

bool rs256_verifies(const std::string& text, const std::string& signature,
                    const std::string& public_key_pem) {
    BIO* in = BIO_new_mem_buf(public_key_pem.data(), static_cast<int>(public_key_pem.size()));
    EVP_PKEY* key = PEM_read_bio_PUBKEY(in, nullptr, nullptr, nullptr);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool good =
        EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key) == 1 &&
        EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                         reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    BIO_free(in);
    return good;
}

const xmlChar* xml(const char* text) {
    return reinterpret_cast<const xmlChar*>(text);
}

bool xmlsec_verifies(const std::string& document, const std::string& certificate_pem) {
    xmlDoc* parsed =
        xmlReadMemory(document.data(), static_cast<int>(document.size()), nullptr, nullptr, XML_PARSE_NONET);
    if (parsed == nullptr) return false;
    auto* root = xmlDocGetRootElement(parsed);
    auto* id = xmlHasProp(root, xml("ID"));
    xmlChar* name = xmlNodeListGetString(parsed, id->children, 1);
    xmlAddID(nullptr, parsed, name, id);
    xmlFree(name);
    auto* signature = xmlSecFindNode(root, xml("Signature"), xml("http://www.w3.org/2000/09/xmldsig#"));
    auto* context = xmlSecDSigCtxCreate(nullptr);
    context->signKey =
        xmlSecCryptoAppKeyLoadMemory(reinterpret_cast<const xmlSecByte*>(certificate_pem.data()),
                                     static_cast<xmlSecSize>(certificate_pem.size()),
                                     xmlSecKeyDataFormatCertPem, nullptr, nullptr, nullptr);
    const bool good = signature != nullptr && xmlSecDSigCtxVerify(context, signature) >= 0 &&
                      context->status == xmlSecDSigStatusSucceeded;
    xmlSecDSigCtxDestroy(context);
    xmlFreeDoc(parsed);
    return good;
}

private_key_jwt_grant jwt_grant() {
    private_key_jwt_grant grant;
    grant.client_id = "client";
    grant.audience = "https://login.example.com/oauth/token";
    grant.key_id = "key-1";
    grant.private_key_pem = secret(signing_identity_of_tests().key_pem);
    return grant;
}

saml2_bearer_grant saml_grant() {
    saml2_bearer_grant grant;
    grant.client_id = "client";
    grant.org = "Fish & Chips";
    grant.user = "ada@example.com";
    grant.audience = "https://login.example.com/saml";
    grant.recipient = "https://login.example.com/oauth/token";
    grant.private_key_pem = secret(signing_identity_of_tests().key_pem);
    grant.certificate_pem = signing_identity_of_tests().certificate_pem;
    return grant;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(signed_assertion_)

BOOST_AUTO_TEST_CASE(a_jwt_carries_the_claims_of_rfc_7523_and_verifies) {
    const auto jwt = signed_jwt(jwt_grant(), now, "id-1").value();
    const auto first = jwt.find('.');
    const auto second = jwt.rfind('.');
    const auto header = json::parse(from_base64url(jwt.substr(0, first)));
    const auto claims = json::parse(from_base64url(jwt.substr(first + 1, second - first - 1)));
    BOOST_TEST((header == json::parse(R"({"alg":"RS256","typ":"JWT","kid":"key-1"})")));
    BOOST_TEST((claims ==
                json::parse(R"({"iss":"client","sub":"client","aud":"https://login.example.com/oauth/token",
                                          "iat":1715934600,"exp":1715934900,"jti":"id-1"})")));
    const auto signature = from_base64url(jwt.substr(second + 1));
    BOOST_TEST(rs256_verifies(jwt.substr(0, second), signature, signing_identity_of_tests().public_key_pem));
    BOOST_TEST(
        !rs256_verifies(jwt.substr(0, second) + "x", signature, signing_identity_of_tests().public_key_pem));
}

BOOST_AUTO_TEST_CASE(a_saml_assertion_says_who_for_whom_and_for_how_long_and_verifies) {
    const auto document = signed_saml_assertion(saml_grant(), now, "abc").value();
    BOOST_TEST(has(document, R"(ID="_abc")"));
    BOOST_TEST(has(document, ">ada@example.com</saml:NameID>"));
    BOOST_TEST(has(document, "<saml:Issuer>urn:cannedd:client</saml:Issuer>"));
    BOOST_TEST(has(document, "<saml:Audience>https://login.example.com/saml</saml:Audience>"));
    BOOST_TEST(has(document, R"(NotBefore="2024-05-17T08:29:00.000Z")"));
    BOOST_TEST(has(document, R"(NotOnOrAfter="2024-05-17T08:35:00.000Z")"));
    BOOST_TEST(has(document, R"(Recipient="https://login.example.com/oauth/token")"));
    BOOST_TEST(has(document, "Fish &amp; Chips"));
    BOOST_TEST(document.find("<Signature") > document.find("</saml:Issuer>"));
    BOOST_TEST(document.find("<Signature") < document.find("<saml:Subject"));
    BOOST_TEST(xmlsec_verifies(document, signing_identity_of_tests().certificate_pem));
}

BOOST_AUTO_TEST_CASE(a_saml_assertion_that_was_changed_no_longer_verifies) {
    auto document = signed_saml_assertion(saml_grant(), now, "abc").value();
    document.replace(document.find("ada@example.com"), 3, "eve");
    BOOST_TEST(!xmlsec_verifies(document, signing_identity_of_tests().certificate_pem));
}

BOOST_AUTO_TEST_CASE(a_key_that_cannot_be_used_is_a_sentence_that_does_not_show_it) {
    for (const auto& key : {std::string(), std::string("nonsense"),
                            std::string("-----BEGIN PRIVATE KEY-----\nAAAA\n"), curve_key_pem()}) {
        auto jwt = jwt_grant();
        jwt.private_key_pem = secret(key);
        const auto refused = signed_jwt(jwt, now, "id");
        BOOST_TEST_INFO(key.substr(0, 40) << " of " << key.size());
        BOOST_REQUIRE(refused.has_error());
        BOOST_TEST((refused.error().code == errc::invalid_client));
        BOOST_TEST(has(refused.error().detail, "private_key_file"));
        auto saml = saml_grant();
        saml.private_key_pem = secret(key);
        BOOST_TEST(signed_saml_assertion(saml, now, "id").has_error());
    }
    auto saml = saml_grant();
    saml.certificate_pem = "nonsense";
    BOOST_TEST(has(signed_saml_assertion(saml, now, "id").error().detail, "certificate_file"));
}

BOOST_AUTO_TEST_SUITE_END()
