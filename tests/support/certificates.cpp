#include "support/certificates.hpp"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <functional>
#include <stdexcept>

#include <unistd.h>

namespace cannedd::testing {
namespace {

void demand(bool done) {
    if (!done) throw std::runtime_error("OpenSSL could not make a test certificate");
}

std::string pem_by(const std::function<int(BIO*)>& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
    demand(write(memory.get()) == 1);
    const char* text = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

EVP_PKEY* new_key() {
    auto* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    demand(key != nullptr);
    return key;
}

void set_times(X509* certificate, const certificate_wish& wish) {
    using std::chrono::seconds;
    demand(X509_gmtime_adj(X509_getm_notBefore(certificate), seconds(wish.valid_from).count()) != nullptr);
    demand(X509_gmtime_adj(X509_getm_notAfter(certificate), seconds(wish.valid_until).count()) != nullptr);
}

void set_serial(X509* certificate) {
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(BN_new(), BN_free);
    demand(BN_rand(number.get(), 64, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1);
    demand(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr);
}

void set_name(X509* certificate, const std::string& common_name) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(common_name.data());
    demand(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, bytes,
                                      static_cast<int>(common_name.size()), -1, 0) == 1);
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    demand(extension != nullptr);
    demand(X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

std::string alternative_names(const certificate_wish& wish) {
    std::string list;
    for (const auto& name : wish.names)
        list += (list.empty() ? "DNS:" : ",DNS:") + name;
    for (const auto& address : wish.addresses)
        list += (list.empty() ? "IP:" : ",IP:") + address;
    return list;
}

} // namespace

identity::identity(X509* certificate, EVP_PKEY* key)
    : certificate_(certificate, X509_free), key_(key, EVP_PKEY_free) {}

std::string identity::certificate_pem() const {
    auto pem = pem_by([this](BIO* out) { return PEM_write_bio_X509(out, certificate()); });
    for (const auto& other : sent_along)
        pem += other.certificate_pem();
    return pem;
}

std::string identity::key_pem() const {
    return pem_by([this](BIO* out) {
        return PEM_write_bio_PrivateKey(out, key(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}

identity make_certificate(const certificate_wish& wish, const identity* issuer) {
    identity made(X509_new(), new_key());
    auto* certificate = made.certificate();
    auto* signer = issuer != nullptr ? issuer->certificate() : certificate;
    demand(X509_set_version(certificate, X509_VERSION_3) == 1);
    set_serial(certificate);
    set_times(certificate, wish);
    set_name(certificate, wish.common_name);
    demand(X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1);
    demand(X509_set_pubkey(certificate, made.key()) == 1);
    extend(certificate, signer, NID_basic_constraints,
           wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    extend(certificate, signer, NID_key_usage, wish.authority ? "critical,keyCertSign" : "digitalSignature");
    extend(certificate, signer, NID_subject_key_identifier, "hash");
    extend(certificate, signer, NID_authority_key_identifier, "keyid");
    const auto names = alternative_names(wish);
    if (!names.empty()) extend(certificate, signer, NID_subject_alt_name, names);
    demand(X509_sign(certificate, issuer != nullptr ? issuer->key() : made.key(), EVP_sha256()) > 0);
    return made;
}

identity make_authority(const std::string& common_name, const identity* issuer) {
    certificate_wish wish;
    wish.common_name = common_name;
    wish.names.clear();
    wish.addresses.clear();
    wish.authority = true;
    return make_certificate(wish, issuer);
}

pem_file::pem_file(const std::string& pem) {
    auto name = (std::filesystem::temp_directory_path() / "cannedd-test-XXXXXX").string();
    const int file = ::mkstemp(name.data());
    if (file < 0) throw std::runtime_error("no temporary file for a test certificate");
    ::close(file);
    path_ = name;
    std::ofstream(path_) << pem;
}

pem_file::~pem_file() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

} // namespace cannedd::testing
