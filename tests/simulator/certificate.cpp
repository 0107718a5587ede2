#include "simulator/certificate.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace cannedd::sim {
namespace {

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate_pointer = std::unique_ptr<X509, decltype(&X509_free)>;
using bio_pointer = std::unique_ptr<BIO, decltype(&BIO_free)>;

void must(bool worked, const char* what) {
    if (!worked) throw std::runtime_error(std::string("OpenSSL could not ") + what);
}

key_pointer make_key() {
    key_pointer key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
    must(key != nullptr, "make a key");
    return key;
}

void add_extension(X509* to, X509* issuer, int id, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, &context, id, value), &X509_EXTENSION_free);
    must(extension && X509_add_ext(to, extension.get(), -1) == 1, "add an extension");
}

// Everything but extensions and signature.
certificate_pointer begin_certificate(const char* name, EVP_PKEY* key) {
    certificate_pointer out(X509_new(), &X509_free);
    must(out != nullptr, "make a certificate");
    X509_set_version(out.get(), X509_VERSION_3);
    std::uint64_t serial = 0;
    must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "draw a serial number");
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(out.get()), serial >> 1);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), -24 * 3600);
    X509_gmtime_adj(X509_getm_notAfter(out.get()), 30 * 24 * 3600);
    X509_set_pubkey(out.get(), key);
    const auto* bytes = reinterpret_cast<const unsigned char*>(name);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC, bytes, -1, -1, 0);
    return out;
}

void sign(X509* what, X509* issuer, EVP_PKEY* key) {
    X509_set_issuer_name(what, X509_get_subject_name(issuer));
    add_extension(what, issuer, NID_subject_key_identifier, "hash");
    must(X509_sign(what, key, EVP_sha256()) > 0, "sign a certificate");
}

std::string written(const bio_pointer& bio) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

std::string pem(X509* certificate) {
    const bio_pointer bio(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_X509(bio.get(), certificate);
    return written(bio);
}

std::string pem(EVP_PKEY* key) {
    const bio_pointer bio(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return written(bio);
}

} // namespace

certificates make_certificates() {
    const auto ca_key = make_key();
    const auto ca = begin_certificate("Genesys simulator CA", ca_key.get());
    add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    sign(ca.get(), ca.get(), ca_key.get());

    const auto leaf_key = make_key();
    const auto leaf = begin_certificate("Genesys simulator", leaf_key.get());
    add_extension(leaf.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(leaf.get(), ca.get(), NID_key_usage, "critical,digitalSignature");
    add_extension(leaf.get(), ca.get(), NID_ext_key_usage, "serverAuth");
    add_extension(leaf.get(), ca.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
    sign(leaf.get(), ca.get(), ca_key.get());
    return {pem(ca.get()), pem(leaf.get()), pem(leaf_key.get())};
}

} // namespace cannedd::sim
