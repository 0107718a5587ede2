#include "oauth/certificate_facts.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <ctime>
#include <memory>

namespace cannedd {
namespace {

struct freed {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(X509* certificate) const { X509_free(certificate); }
};
template<typename T>
using owned = std::unique_ptr<T, freed>;

std::optional<wall_time> time_of(const ASN1_TIME* moment) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(moment, &parts) != 1) return std::nullopt;
    return wall_time(seconds(::timegm(&parts)));
}

std::string in_hex(const unsigned char* bytes, unsigned int size) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        if (i > 0) text += ':';
        text += digits[bytes[i] >> 4];
        text += digits[bytes[i] & 15U];
    }
    return text;
}

} // namespace

std::optional<certificate_facts> read_certificate(const std::string& pem) {
    const owned<BIO> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const owned<X509> certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    if (!certificate) return std::nullopt;
    const auto begins = time_of(X509_get0_notBefore(certificate.get()));
    const auto ends = time_of(X509_get0_notAfter(certificate.get()));
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (!begins || !ends || X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1)
        return std::nullopt;
    certificate_facts facts;
    facts.sha256 = in_hex(digest.data(), size);
    facts.not_before = *begins;
    facts.not_after = *ends;
    return facts;
}

} // namespace cannedd
