#include "oauth/signed_assertion.hpp"
#include "text/timestamps.hpp"

#include <libxml/tree.h>
#include <libxml/valid.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/templates.h>
#include <xmlsec/transforms.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>

#include <memory>

namespace cannedd {
namespace {

struct freed {
    void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
    void operator()(xmlSecDSigCtx* context) const { xmlSecDSigCtxDestroy(context); }
    void operator()(xmlSecKey* key) const { xmlSecKeyDestroy(key); }
    void operator()(xmlChar* text) const { xmlFree(text); }
};
template<typename T>
using owned = std::unique_ptr<T, freed>;

const xmlChar* xml(const char* text) {
    return reinterpret_cast<const xmlChar*>(text);
}
const xmlChar* xml(const std::string& text) {
    return xml(text.c_str());
}

void say_nothing(const char*, int, const char*, const char*, const char*, int, const char*) {}

// Both libraries live as long as the process.
bool libraries_ready() {
    static const bool ready = [] {
        xmlInitParser();
        if (xmlSecInit() < 0 || xmlSecCheckVersion() != 1) return false;
        if (xmlSecCryptoAppInit(nullptr) < 0 || xmlSecCryptoInit() < 0) return false;
        xmlSecErrorsSetCallback(say_nothing); // each Init before has set one that writes to stderr
        return true;
    }();
    return ready;
}

constexpr const char* saml_namespace = "urn:oasis:names:tc:SAML:2.0:assertion";

class assertion_builder {
public:
    assertion_builder(const saml2_bearer_grant& grant, wall_time now, std::string id)
        : grant_(grant), now_(now), id_(std::move(id)), document_(xmlNewDoc(xml("1.0"))) {}

    owned<xmlDoc> build() {
        root_ = xmlNewNode(nullptr, xml("Assertion"));
        xmlDocSetRootElement(document_.get(), root_);
        saml_ = xmlNewNs(root_, xml(saml_namespace), xml("saml"));
        xmlSetNs(root_, saml_);
        attribute(root_, "ID", id_);
        attribute(root_, "Version", "2.0");
        attribute(root_, "IssueInstant", to_timestamp(now_));
        add(root_, "Issuer", grant_.issuer.empty() ? "urn:cannedd:" + grant_.client_id : grant_.issuer);
        subject();
        conditions();
        statements();
        return std::move(document_);
    }

private:
    xmlNode* add(xmlNode* parent, const char* name, const std::string& text = {}) {
        // xmlNewTextChild escapes what xmlNewChild would take for markup.
        return xmlNewTextChild(parent, saml_, xml(name), text.empty() ? nullptr : xml(text));
    }
    static void attribute(xmlNode* node, const char* name, const std::string& value) {
        xmlNewProp(node, xml(name), xml(value));
    }
    std::string expires() const { return to_timestamp(now_ + minutes(5)); }

    void subject() {
        auto* subject = add(root_, "Subject");
        auto* name = add(subject, "NameID", grant_.user);
        attribute(name, "Format", "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress");
        auto* confirmation = add(subject, "SubjectConfirmation");
        attribute(confirmation, "Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer");
        auto* data = add(confirmation, "SubjectConfirmationData");
        attribute(data, "NotOnOrAfter", expires());
        if (!grant_.recipient.empty()) attribute(data, "Recipient", grant_.recipient);
    }
    void conditions() {
        auto* conditions = add(root_, "Conditions");
        // Our clock may be a little ahead of the server's.
        attribute(conditions, "NotBefore", to_timestamp(now_ - minutes(1)));
        attribute(conditions, "NotOnOrAfter", expires());
        add(add(conditions, "AudienceRestriction"), "Audience", grant_.audience);
    }
    void statements() {
        auto* authentication = add(root_, "AuthnStatement");
        attribute(authentication, "AuthnInstant", to_timestamp(now_));
        add(add(authentication, "AuthnContext"), "AuthnContextClassRef",
            "urn:oasis:names:tc:SAML:2.0:ac:classes:X509");
        auto* attributes = add(root_, "AttributeStatement");
        named(attributes, "email", grant_.user);
        named(attributes, "OrganizationName", grant_.org);
    }
    void named(xmlNode* statement, const char* name, const std::string& value) {
        auto* one = add(statement, "Attribute");
        attribute(one, "Name", name);
        add(one, "AttributeValue", value);
    }

    const saml2_bearer_grant& grant_;
    wall_time now_;
    std::string id_;
    owned<xmlDoc> document_;
    xmlNode* root_ = nullptr;
    xmlNs* saml_ = nullptr;
};

// An empty <Signature> after the Issuer, where the schema wants it.
xmlNode* add_signature_template(xmlDoc* document, const std::string& id) {
    auto* root = xmlDocGetRootElement(document);
    auto* id_attribute = xmlHasProp(root, xml("ID"));
    if (id_attribute == nullptr || xmlAddID(nullptr, document, xml(id), id_attribute) == nullptr)
        return nullptr;
    auto* signature =
        xmlSecTmplSignatureCreate(document, xmlSecTransformExclC14NId, xmlSecTransformRsaSha256Id, nullptr);
    if (signature == nullptr) return nullptr;
    xmlAddNextSibling(xmlFirstElementChild(root), signature);
    auto* reference =
        xmlSecTmplSignatureAddReference(signature, xmlSecTransformSha256Id, nullptr, xml("#" + id), nullptr);
    auto* key_info = xmlSecTmplSignatureEnsureKeyInfo(signature, nullptr);
    if (reference == nullptr || key_info == nullptr ||
        xmlSecTmplReferenceAddTransform(reference, xmlSecTransformEnvelopedId) == nullptr ||
        xmlSecTmplReferenceAddTransform(reference, xmlSecTransformExclC14NId) == nullptr)
        return nullptr;
    auto* x509 = xmlSecTmplKeyInfoAddX509Data(key_info);
    if (x509 == nullptr || xmlSecTmplX509DataAddCertificate(x509) == nullptr) return nullptr;
    return signature;
}

owned<xmlSecKey> read_key(const saml2_bearer_grant& grant) {
    const auto bytes = [](const std::string& text) {
        return reinterpret_cast<const xmlSecByte*>(text.data());
    };
    const auto& pem = grant.private_key_pem.reveal();
    // The empty passphrase keeps OpenSSL from asking at the terminal.
    char none[] = "";
    return owned<xmlSecKey>(xmlSecCryptoAppKeyLoadMemory(bytes(pem), static_cast<xmlSecSize>(pem.size()),
                                                         xmlSecKeyDataFormatPem, none, nullptr, nullptr));
}

bool add_certificate(xmlSecKey* key, const std::string& pem) {
    return xmlSecCryptoAppKeyCertLoadMemory(key, reinterpret_cast<const xmlSecByte*>(pem.data()),
                                            static_cast<xmlSecSize>(pem.size()), xmlSecKeyDataFormatPem) >= 0;
}

std::string to_text(xmlDoc* document) {
    xmlChar* raw = nullptr;
    int size = 0;
    xmlDocDumpMemoryEnc(document, &raw, &size, "UTF-8");
    const owned<xmlChar> text(raw);
    return std::string(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
}

} // namespace

result<std::string> signed_saml_assertion(const saml2_bearer_grant& grant, wall_time now,
                                          const std::string& unique_id) {
    if (!libraries_ready())
        return failure(errc::invalid_client, "xmlsec1 could not be started; is its installation whole?");
    auto key = read_key(grant);
    if (!key)
        return failure(
            errc::invalid_client,
            "the private_key_file holds no private key in PEM without a passphrase; make key and "
            "certificate with: openssl req -x509 -newkey rsa:3072 -nodes -keyout key.pem -out cert.pem");
    if (!add_certificate(key.get(), grant.certificate_pem))
        return failure(errc::invalid_client, "the certificate_file holds no certificate in PEM");
    const auto id = "_" + unique_id;
    const auto document = assertion_builder(grant, now, id).build();
    auto* signature = add_signature_template(document.get(), id);
    const owned<xmlSecDSigCtx> context(xmlSecDSigCtxCreate(nullptr));
    if (signature == nullptr || !context)
        return failure(errc::invalid_client, "xmlsec1 could not prepare the SAML assertion");
    context->signKey = key.release();
    if (xmlSecDSigCtxSign(context.get(), signature) < 0)
        return failure(errc::invalid_client,
                       "xmlsec1 could not sign the SAML assertion; do private_key_file and certificate_file "
                       "belong together, and is it an RSA key?");
    return to_text(document.get());
}

} // namespace cannedd
