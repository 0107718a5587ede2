#include "simulator/assertion_check.hpp"
#include "simulator/encoding.hpp"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>
#include <xmlsec/xmltree.h>

#include <memory>
#include <mutex>
#include <stdexcept>

namespace cannedd::sim {
namespace {

constexpr auto saml_ns = "urn:oasis:names:tc:SAML:2.0:assertion";

using document_pointer = std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)>;
using context_pointer = std::unique_ptr<xmlSecDSigCtx, decltype(&xmlSecDSigCtxDestroy)>;

const xmlChar* bytes(const char* text) {
    return reinterpret_cast<const xmlChar*>(text);
}

void start_xmlsec() {
    static std::once_flag once;
    std::call_once(once, [] {
        xmlInitParser();
        if (xmlSecInit() < 0 || xmlSecCryptoAppInit(nullptr) < 0 || xmlSecCryptoInit() < 0)
            throw std::runtime_error("xmlsec could not be started");
        xmlSecErrorsSetCallback(
            [](const char*, int, const char*, const char*, const char*, int, const char*) {});
    });
}

std::string attribute(xmlNode* node, const char* name) {
    xmlChar* value = node == nullptr ? nullptr : xmlGetProp(node, bytes(name));
    if (value == nullptr) return {};
    std::string text(reinterpret_cast<char*>(value));
    xmlFree(value);
    return text;
}

std::string content(xmlNode* node) {
    xmlChar* value = node == nullptr ? nullptr : xmlNodeGetContent(node);
    if (value == nullptr) return {};
    std::string text(reinterpret_cast<char*>(value));
    xmlFree(value);
    return text;
}

xmlNode* child(xmlNode* of, const char* name) {
    return of == nullptr ? nullptr : xmlSecFindChild(of, bytes(name), bytes(saml_ns));
}

// The signature must speak about this assertion and nothing else, or a signed one could carry a forged one.
bool signature_covers(xmlNode* signature, const std::string& id) {
    xmlNode* info = xmlSecFindChild(signature, xmlSecNodeSignedInfo, xmlSecDSigNs);
    xmlNode* reference = info == nullptr ? nullptr : xmlSecFindChild(info, xmlSecNodeReference, xmlSecDSigNs);
    if (reference == nullptr || attribute(reference, "URI") != "#" + id) return false;
    for (auto* next = xmlNextElementSibling(reference); next != nullptr; next = xmlNextElementSibling(next))
        if (xmlSecCheckNodeName(next, xmlSecNodeReference, xmlSecDSigNs)) return false;
    return true;
}

std::string signature_refusal(xmlNode* assertion, const std::string& certificate_pem) {
    xmlNode* signature = xmlSecFindChild(assertion, xmlSecNodeSignature, xmlSecDSigNs);
    if (signature == nullptr) return "the assertion is not signed";
    const auto id = attribute(assertion, "ID");
    if (id.empty() || !signature_covers(signature, id)) return "the signature does not cover the assertion";
    const xmlChar* ids[] = {bytes("ID"), nullptr};
    xmlSecAddIDs(assertion->doc, assertion, ids);
    const context_pointer context(xmlSecDSigCtxCreate(nullptr), &xmlSecDSigCtxDestroy);
    const auto size = static_cast<xmlSecSize>(certificate_pem.size());
    const auto* pem = reinterpret_cast<const xmlSecByte*>(certificate_pem.data());
    context->signKey =
        xmlSecCryptoAppKeyLoadMemory(pem, size, xmlSecKeyDataFormatCertPem, nullptr, nullptr, nullptr);
    if (context->signKey == nullptr) return "the configured certificate cannot be read";
    context->enabledReferenceUris = xmlSecTransformUriTypeSameDocument;
    if (xmlSecDSigCtxVerify(context.get(), signature) < 0 || context->status != xmlSecDSigStatusSucceeded)
        return "the signature does not verify";
    return {};
}

bool time_before(const std::string& text, wall_time when) {
    const auto parsed = parse_iso_time(text);
    return parsed && *parsed <= when;
}

std::string conditions_refusal(xmlNode* assertion, const saml_trust& trust, wall_time now) {
    auto* conditions = child(assertion, "Conditions");
    if (conditions == nullptr) return "the assertion has no Conditions";
    const auto not_before = attribute(conditions, "NotBefore");
    const auto not_after = attribute(conditions, "NotOnOrAfter");
    if (!not_before.empty() && !time_before(not_before, now)) return "the assertion is not valid yet";
    if (not_after.empty() || time_before(not_after, now)) return "the assertion has expired";
    auto* restriction = child(conditions, "AudienceRestriction");
    if (content(child(restriction, "Audience")) != trust.audience) return "the audience is not this server";
    if (!trust.issuer.empty() && content(child(assertion, "Issuer")) != trust.issuer)
        return "the issuer is not the configured identity provider";
    return {};
}

std::string attribute_value(xmlNode* assertion, const std::string& name) {
    auto* statement = child(assertion, "AttributeStatement");
    for (auto* a = child(statement, "Attribute"); a != nullptr; a = xmlNextElementSibling(a))
        if (attribute(a, "Name") == name) return content(child(a, "AttributeValue"));
    return {};
}

std::string subject_refusal(xmlNode* assertion, const std::string& org, wall_time now) {
    auto* confirmation = child(child(assertion, "Subject"), "SubjectConfirmation");
    if (attribute(confirmation, "Method") != "urn:oasis:names:tc:SAML:2.0:cm:bearer")
        return "the subject's confirmation is not bearer";
    const auto until = attribute(child(confirmation, "SubjectConfirmationData"), "NotOnOrAfter");
    if (until.empty() || time_before(until, now)) return "the subject's confirmation has expired";
    if (const auto named = attribute_value(assertion, "OrganizationName"); named != org)
        return "the attribute OrganizationName is not this org";
    const auto email = attribute_value(assertion, "email");
    if (!email.empty() && email != content(child(child(assertion, "Subject"), "NameID")))
        return "the attribute email is not the subject";
    return {};
}

xmlNode* find_assertion(xmlDoc* document) {
    auto* root = xmlDocGetRootElement(document);
    if (root != nullptr && xmlSecCheckNodeName(root, bytes("Assertion"), bytes(saml_ns))) return root;
    return child(root, "Assertion");
}

} // namespace

saml_verdict check_saml(const std::string& encoded, const saml_trust& trust, const std::string& org,
                        wall_time now) {
    start_xmlsec();
    saml_verdict verdict;
    const auto xml = base64_decoded(encoded);
    if (!xml || xml->empty()) {
        verdict.refusal = "the assertion is not base64";
        return verdict;
    }
    const document_pointer document(xmlReadMemory(xml->data(), static_cast<int>(xml->size()), "assertion.xml",
                                                  nullptr,
                                                  XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
                                    &xmlFreeDoc);
    auto* assertion = document ? find_assertion(document.get()) : nullptr;
    if (assertion == nullptr) {
        verdict.refusal = "the document is no SAML2 assertion";
        return verdict;
    }
    verdict.id = attribute(assertion, "ID");
    verdict.subject = content(child(child(assertion, "Subject"), "NameID"));
    verdict.refusal = signature_refusal(assertion, trust.certificate_pem);
    if (verdict.refusal.empty()) verdict.refusal = conditions_refusal(assertion, trust, now);
    if (verdict.refusal.empty()) verdict.refusal = subject_refusal(assertion, org, now);
    return verdict;
}

} // namespace cannedd::sim
