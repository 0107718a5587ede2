// Certificates for tests, made while the test runs: good ones, and every kind of bad one. Nothing is read
// from disk, nothing outlives the test, so none can expire in the repository.
#pragma once

#include <openssl/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace cannedd::testing {

// A certificate with its key, and those between it and the root that the server sends along.
class identity {
public:
    identity(X509* certificate, EVP_PKEY* key);

    X509* certificate() const { return certificate_.get(); }
    EVP_PKEY* key() const { return key_.get(); }
    std::string certificate_pem() const; // with what is sent along
    std::string key_pem() const;

    std::vector<identity> sent_along;

private:
    std::shared_ptr<X509> certificate_;
    std::shared_ptr<EVP_PKEY> key_;
};

struct certificate_wish {
    std::string common_name = "test";
    std::vector<std::string> names = {"localhost"};            // subjectAltName, DNS
    std::vector<std::string> addresses = {"127.0.0.1", "::1"}; // subjectAltName, IP
    std::chrono::hours valid_from{-24};                        // from now
    std::chrono::hours valid_until{24};
    bool authority = false;
};

// Signed by the issuer; without one by itself.
identity make_certificate(const certificate_wish& wish, const identity* issuer = nullptr);
identity make_authority(const std::string& common_name, const identity* issuer = nullptr);

// The file is removed with the object.
class pem_file {
public:
    explicit pem_file(const std::string& pem);
    pem_file(const pem_file&) = delete;
    pem_file& operator=(const pem_file&) = delete;
    ~pem_file();
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace cannedd::testing
