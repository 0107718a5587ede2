#include "simulator/assertion_check.hpp"
#include "simulator/encoding.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace cannedd::sim {
namespace {

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using bio_pointer = std::unique_ptr<BIO, decltype(&BIO_free)>;

key_pointer public_key(const std::string& pem) {
    const bio_pointer bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    if (pem.find("CERTIFICATE") == std::string::npos)
        return key_pointer(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free);
    return key_pointer(certificate ? X509_get_pubkey(certificate.get()) : nullptr, &EVP_PKEY_free);
}

bool rs256_verifies(const std::string& pem, const std::string& signed_part, const std::string& signature) {
    const auto key = public_key(pem);
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return false;
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    const auto* bytes = reinterpret_cast<const unsigned char*>(signature.data());
    const auto* data = reinterpret_cast<const unsigned char*>(signed_part.data());
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes, signature.size(), data, signed_part.size()) == 1;
}

std::optional<json::value> json_part(std::string_view encoded) {
    const auto text = base64_decoded(encoded, true);
    if (!text) return std::nullopt;
    json::error_code error;
    auto value = json::parse(*text, error);
    if (error || !value.is_object()) return std::nullopt;
    return value;
}

std::string claims_refusal(const json::value& claims, const oauth_client& client, wall_time now) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const auto expires = number_or(claims, "exp", 0);
    const auto audience = texts(claims, "aud");
    if (text_or(claims, "sub") != client.id) return "sub is not the client id";
    if (audience.size() != 1 || audience[0] != client.jwt->audience) return "aud is not this server";
    if (expires <= seconds) return "the assertion has expired";
    if (expires > seconds + 600) return "exp is more than 10 minutes away";
    if (number_or(claims, "nbf", 0) > seconds + 60) return "the assertion is not valid yet";
    if (number_or(claims, "iat", seconds) > seconds + 60) return "iat is in the future";
    if (text_or(claims, "jti").empty()) return "jti is missing";
    return {};
}

client_verdict checked(const std::string& jwt, wall_time now, oauth& tokens) {
    const auto first = jwt.find('.');
    const auto last = jwt.rfind('.');
    if (first == std::string::npos || first == last) return {"the assertion is no JWT", nullptr};
    const auto header = json_part(std::string_view(jwt).substr(0, first));
    const auto claims = json_part(std::string_view(jwt).substr(first + 1, last - first - 1));
    const auto signature = base64_decoded(std::string_view(jwt).substr(last + 1), true);
    if (!header || !claims || !signature) return {"the assertion is no JWT", nullptr};
    auto* client = tokens.find_client(text_or(*claims, "iss"));
    if (client == nullptr || !client->jwt) return {"iss is no client that signs", nullptr};
    if (text_or(*header, "alg") != "RS256") return {"alg is not RS256", nullptr};
    if (!client->jwt->key_id.empty() && text_or(*header, "kid") != client->jwt->key_id)
        return {"kid is not the configured key", nullptr};
    if (!rs256_verifies(client->jwt->key_pem, jwt.substr(0, last), *signature))
        return {"the signature does not verify", nullptr};
    if (const auto refusal = claims_refusal(*claims, *client, now); !refusal.empty())
        return {refusal, nullptr};
    if (!client->spent_assertions.insert(text_or(*claims, "jti")).second)
        return {"jti was used before", nullptr};
    return {{}, client};
}

} // namespace

client_verdict check_client_assertion(const std::string& jwt, wall_time now, oauth& tokens) {
    try {
        return checked(jwt, now, tokens);
    } catch (const std::exception& problem) { // a claim of the wrong type
        return {problem.what(), nullptr};
    }
}

} // namespace cannedd::sim
