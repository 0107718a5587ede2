#include "integration/simulator/signing.hpp"

#include <libxml/parser.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <xmlsec/crypto.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#include <ctime>
#include <stdexcept>

namespace cannedd {
namespace {

std::string base64(const std::string& bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const auto size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::string base64url(const std::string& bytes) {
    auto out = base64(bytes);
    out.erase(out.find_last_not_of('=') + 1);
    for (auto& c : out)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    return out;
}

std::string written(BIO* bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return text;
}

std::string in_seconds(int seconds) {
    const auto when = std::time(nullptr) + seconds;
    std::tm parts{};
    ::gmtime_r(&when, &parts);
    char text[40];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

std::string unsigned_saml(const saml_text& t) {
    const auto from = in_seconds(t.valid_from_s);
    const auto until = in_seconds(t.valid_until_s);
    return R"(<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID=")" + t.id +
           R"(" Version="2.0" IssueInstant=")" + from + R"("><Issuer>)" + t.issuer +
           R"(</Issuer><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>
<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
<Reference URI="#)" +
           t.id + R"("><Transforms>
<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></Transforms>
<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference></SignedInfo>
<SignatureValue/></Signature><Subject><NameID>)" +
           t.subject + R"(</NameID>
<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><SubjectConfirmationData NotOnOrAfter=")" +
           until + R"("/></SubjectConfirmation></Subject><Conditions NotBefore=")" + from +
           R"(" NotOnOrAfter=")" + until + R"("><AudienceRestriction><Audience>)" + t.audience +
           R"(</Audience></AudienceRestriction></Conditions>
<AttributeStatement><Attribute Name="OrganizationName"><AttributeValue>)" +
           t.org + R"(</AttributeValue></Attribute></AttributeStatement></Assertion>)";
}

void start_xmlsec() {
    static const bool started = [] {
        xmlInitParser();
        return xmlSecInit() >= 0 && xmlSecCryptoAppInit(nullptr) >= 0 && xmlSecCryptoInit() >= 0;
    }();
    if (!started) throw std::runtime_error("xmlsec could not be started");
}

} // namespace

struct signer::state {
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_RSA_gen(2048), &EVP_PKEY_free};
    std::string key_pem;
    temp_directory directory;
};

signer::signer() : state_(std::make_unique<state>()) {
    auto* key = state_->key.get();
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    X509_sign(certificate.get(), key, EVP_sha256());
    auto* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate.get());
    state_->directory.write("certificate.pem", written(bio));
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    state_->key_pem = written(bio);
}

signer::~signer() = default;

std::string signer::certificate_file() const {
    return (state_->directory / "certificate.pem").string();
}

std::string signer::jwt(const boost::json::object& header, const boost::json::object& claims) const {
    const auto said =
        base64url(boost::json::serialize(header)) + "." + base64url(boost::json::serialize(claims));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::string signature(512, '\0');
    auto size = signature.size();
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, state_->key.get());
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(said.data()), said.size());
    signature.resize(size);
    return said + "." + base64url(signature);
}

std::string signer::signed_saml(const saml_text& text) const {
    start_xmlsec();
    const auto xml = unsigned_saml(text);
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
        xmlReadMemory(xml.data(), static_cast<int>(xml.size()), nullptr, nullptr, 0), &xmlFreeDoc);
    auto* root = xmlDocGetRootElement(document.get());
    const xmlChar* ids[] = {reinterpret_cast<const xmlChar*>("ID"), nullptr};
    xmlSecAddIDs(document.get(), root, ids);
    const std::unique_ptr<xmlSecDSigCtx, decltype(&xmlSecDSigCtxDestroy)> context(
        xmlSecDSigCtxCreate(nullptr), &xmlSecDSigCtxDestroy);
    const auto* pem = reinterpret_cast<const xmlSecByte*>(state_->key_pem.data());
    context->signKey = xmlSecCryptoAppKeyLoadMemory(pem, static_cast<xmlSecSize>(state_->key_pem.size()),
                                                    xmlSecKeyDataFormatPem, nullptr, nullptr, nullptr);
    auto* signature = xmlSecFindNode(root, xmlSecNodeSignature, xmlSecDSigNs);
    if (context->signKey == nullptr || xmlSecDSigCtxSign(context.get(), signature) < 0)
        throw std::runtime_error("the test could not sign its assertion");
    xmlChar* bytes = nullptr;
    int size = 0;
    xmlDocDumpMemory(document.get(), &bytes, &size);
    std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    xmlFree(bytes);
    return out;
}

std::string percent_encoded_base64(const std::string& bytes) {
    std::string out;
    for (const char c : base64(bytes)) {
        if (c == '+')
            out += "%2B";
        else if (c == '/')
            out += "%2F";
        else if (c == '=')
            out += "%3D";
        else
            out += c;
    }
    return out;
}

} // namespace cannedd
