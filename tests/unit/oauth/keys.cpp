#include "unit/oauth/keys.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace cannedd::testing {
namespace {

struct freed {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
};
template<typename T>
using owned = std::unique_ptr<T, freed>;

template<typename Write>
std::string pem(Write write) {
    const owned<BIO> out(BIO_new(BIO_s_mem()));
    write(out.get());
    char* text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
}

std::string private_pem(EVP_PKEY* key) {
    return pem([&](BIO* out) { PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

owned<X509> self_signed(EVP_PKEY* key) {
    owned<X509> certificate(X509_new());
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    auto* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1,
                               -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_sign(certificate.get(), key, EVP_sha256());
    return certificate;
}

signing_identity make_identity() {
    const owned<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t(2048)));
    const auto certificate = self_signed(key.get());
    signing_identity made;
    made.key_pem = private_pem(key.get());
    made.public_key_pem = pem([&](BIO* out) { PEM_write_bio_PUBKEY(out, key.get()); });
    made.certificate_pem = pem([&](BIO* out) { PEM_write_bio_X509(out, certificate.get()); });
    return made;
}

} // namespace

const signing_identity& signing_identity_of_tests() {
    static const auto identity = make_identity();
    return identity;
}

std::string curve_key_pem() {
    const owned<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    return private_pem(key.get());
}

} // namespace cannedd::testing
