#include "net/certificate_words.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>

namespace cannedd {
namespace {

constexpr int names_shown_max = 5;

std::string text_of(const ASN1_STRING* text) {
    const auto* bytes = ASN1_STRING_get0_data(text);
    return {bytes, bytes + ASN1_STRING_length(text)};
}

std::string time_of(const ASN1_TIME* time) {
    std::tm parts{};
    std::array<char, 32> text{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return "an unknown time";
    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
    return text.data();
}

std::string address_of(const ASN1_OCTET_STRING* bytes) {
    namespace ip = boost::asio::ip;
    const auto* data = ASN1_STRING_get0_data(bytes);
    if (ASN1_STRING_length(bytes) == 4) {
        ip::address_v4::bytes_type v4;
        std::copy_n(data, v4.size(), v4.begin());
        return ip::address_v4(v4).to_string();
    }
    if (ASN1_STRING_length(bytes) == 16) {
        ip::address_v6::bytes_type v6;
        std::copy_n(data, v6.size(), v6.begin());
        return ip::address_v6(v6).to_string();
    }
    return "?";
}

// The names and addresses in the certificate's subjectAltName, empty if it has none.
std::string names_in(const X509* certificate) {
    const auto release = [](GENERAL_NAMES* names) { GENERAL_NAMES_free(names); };
    const std::unique_ptr<GENERAL_NAMES, decltype(release)> names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
        release);
    std::string list;
    int shown = 0;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const auto* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_DNS && name->type != GEN_IPADD) continue;
        if (shown++ == names_shown_max) return list + ", ...";
        if (!list.empty()) list += ", ";
        list += name->type == GEN_DNS ? text_of(name->d.dNSName) : address_of(name->d.iPAddress);
    }
    return list;
}

std::string common_name(const X509_NAME* name) {
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0) return "without a name";
    return "'" + text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at))) + "'";
}

std::string wrong_name(const X509* certificate, const std::string& host) {
    const auto names = names_in(certificate);
    if (names.empty())
        return "has no subjectAltName: the server needs one that names " + host +
               " (a name in the subject is not used)";
    return "is for " + names + ", not for " + host + ": check the URL, or the server's certificate";
}

std::string unknown_authority(const X509* certificate, const std::string& authorities) {
    return "is signed by " + common_name(X509_get_issuer_name(certificate)) + ", which is not in " +
           authorities +
           ": put that authority's certificate into the file that ca_file names; if it is an intermediate "
           "one, the "
           "server should send it";
}

} // namespace

std::string certificate_words(X509_STORE_CTX* verification, const std::string& host,
                              const std::string& authorities) {
    const auto* certificate = X509_STORE_CTX_get_current_cert(verification);
    const int error = X509_STORE_CTX_get_error(verification);
    const std::string subject = X509_STORE_CTX_get_error_depth(verification) == 0
                                    ? "the certificate of " + host + " "
                                    : "a certificate above that of " + host + " ";
    const std::string cause = X509_verify_cert_error_string(error);
    if (certificate == nullptr) return subject + "was refused: " + cause;
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return subject + "expired on " + time_of(X509_get0_notAfter(certificate)) +
               ": it must be renewed (or this machine's clock is wrong)";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return subject + "is not yet valid, but from " + time_of(X509_get0_notBefore(certificate)) +
               ": check this machine's clock";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return subject + wrong_name(certificate, host);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return subject + "is self-signed and not in " + authorities +
               ": put it into the file that ca_file names";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return subject + unknown_authority(certificate, authorities);
    default: return subject + "was refused: " + cause;
    }
}

} // namespace cannedd
