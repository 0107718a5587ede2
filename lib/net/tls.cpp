#include "net/tls.hpp"

#include "net/certificate_words.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <stdexcept>

namespace cannedd {
namespace {

namespace ssl = boost::asio::ssl;

// asio::ssl::context keeps SSL_CTX's app_data for itself.
int client_index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

} // namespace

tls_client::tls_client(std::filesystem::path ca_file, std::string host)
    : authorities_(authorities_of(ca_file))
    , context_(ssl::context::tls_client)
    , ca_file_(std::move(ca_file))
    , host_(std::move(host)) {
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(host_, not_an_address);
    host_is_address_ = !not_an_address;

    context_.set_verify_mode(ssl::verify_peer);
    auto* const handle = context_.native_handle();
    SSL_CTX_set1_cert_store(handle, authorities_.get());
    SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
    SSL_CTX_set_options(handle, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(handle, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_set_ex_data(handle, client_index(), this);
    SSL_CTX_sess_set_new_cb(handle, keep_session);
}

// OpenSSL spoils a session whose connection ends without a goodbye, so what is kept and what is used are
// copies.
int tls_client::keep_session(SSL* tls, SSL_SESSION* session) {
    auto* const self = static_cast<tls_client*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), client_index()));
    self->session_.reset(SSL_SESSION_dup(session));
    return 0;
}

void tls_client::prepare(SSL* tls) {
    auto* const expected = SSL_get0_param(tls);
    bool known = false;
    if (host_is_address_) {
        known = X509_VERIFY_PARAM_set1_ip_asc(expected, host_.c_str()) == 1;
    } else {
        X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
                                                      X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        known = X509_VERIFY_PARAM_set1_host(expected, host_.data(), host_.size()) == 1 &&
                SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host_.data()) == 1;
    }
    if (!known)
        throw std::runtime_error("out of memory while preparing TLS"); // never without a name to check
    if (!session_) return;
    const std::unique_ptr<SSL_SESSION, free_session> copy(SSL_SESSION_dup(session_.get()));
    if (copy) SSL_set_session(tls, copy.get());
}

std::string tls_client::certificate_fault(X509_STORE_CTX* verification) const {
    return certificate_words(verification, host_,
                             ca_file_.empty() ? "the system's CA file" : ca_file_.string());
}

std::string tls_client::handshake_fault(const boost::system::error_code& error) const {
    if (error.category() != boost::asio::error::get_ssl_category())
        return "the connection broke in the TLS handshake";
    const auto reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
    if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_PACKET_LENGTH_TOO_LONG)
        return "the server does not speak TLS on this port: check the port";
    if (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION)
        return "the server offers no TLS version that is safe: it must speak TLS 1.2 or later";
    return "the TLS handshake failed: " + error.message();
}

} // namespace cannedd
