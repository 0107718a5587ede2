#include "oauth/signed_assertion.hpp"
#include "text/encoding.hpp"

#include <boost/json.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

namespace cannedd {
namespace {

namespace json = boost::json;

struct freed {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
template<typename T>
using owned = std::unique_ptr<T, freed>;

// A key that wants a passphrase is refused; OpenSSL would ask for it at the terminal.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

owned<EVP_PKEY> read_key(const secret& pem) {
    const owned<BIO> in(BIO_new_mem_buf(pem.reveal().data(), static_cast<int>(pem.reveal().size())));
    return owned<EVP_PKEY>(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr));
}

std::optional<std::string> rs256(EVP_PKEY* key, const std::string& text) {
    const owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t size = 0;
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1)
        return std::nullopt;
    std::string signature(size, '\0');
    auto* out = reinterpret_cast<unsigned char*>(signature.data());
    if (EVP_DigestSign(context.get(), out, &size, bytes, text.size()) != 1) return std::nullopt;
    signature.resize(size);
    return signature;
}

std::int64_t unix_seconds(wall_time time) {
    return std::chrono::floor<seconds>(time).time_since_epoch().count();
}

} // namespace

result<std::string> signed_jwt(const private_key_jwt_grant& grant, wall_time now,
                               const std::string& unique_id) {
    const auto key = read_key(grant.private_key_pem);
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
        return failure(errc::invalid_client,
                       "the private_key_file holds no RSA private key in PEM without a passphrase; "
                       "make one with: openssl genrsa -out key.pem 3072");
    json::object header{{"alg", "RS256"}, {"typ", "JWT"}};
    if (!grant.key_id.empty()) header["kid"] = grant.key_id;
    json::object claims;
    claims["iss"] = grant.client_id;
    claims["sub"] = grant.client_id;
    claims["aud"] = grant.audience;
    claims["iat"] = unix_seconds(now);
    claims["exp"] = unix_seconds(now + minutes(5));
    claims["jti"] = unique_id;
    const auto text = to_base64url(json::serialize(header)) + "." + to_base64url(json::serialize(claims));
    const auto signature = rs256(key.get(), text);
    if (!signature)
        return failure(errc::invalid_client, "OpenSSL could not sign with the key of private_key_file");
    return text + "." + to_base64url(*signature);
}

} // namespace cannedd
