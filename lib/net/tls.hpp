// TLS as a client of one host: version 1.2 or later, a chain that ends in the CA file, and the host among the
// names in the certificate's subjectAltName; the subject's CN is never looked at. The session of the last
// handshake is offered in the next one. Says in an operator's words what is wrong with a certificate.
#pragma once

#include "net/authorities.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace cannedd {

class tls_client {
public:
    // An empty ca_file: the system's authorities. Throws std::runtime_error.
    tls_client(std::filesystem::path ca_file, std::string host);
    tls_client(const tls_client&) = delete;
    tls_client& operator=(const tls_client&) = delete;

    boost::asio::ssl::context& context() { return context_; }
    // Whom a new connection expects, and what it resumes.
    void prepare(SSL* tls);
    void forget_session() { session_.reset(); }

    // Why OpenSSL refuses the certificate it has before it.
    std::string certificate_fault(X509_STORE_CTX* verification) const;
    // Why a handshake failed that no certificate was to blame for.
    std::string handshake_fault(const boost::system::error_code& error) const;

private:
    struct free_session {
        void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
    };
    static int keep_session(SSL* tls, SSL_SESSION* session);

    std::shared_ptr<X509_STORE> authorities_; // of all who trust the same file
    boost::asio::ssl::context context_;
    std::filesystem::path ca_file_;
    std::string host_;
    bool host_is_address_ = false;
    std::unique_ptr<SSL_SESSION, free_session> session_;
};

} // namespace cannedd
