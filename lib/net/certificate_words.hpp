// What is wrong with a certificate, in the words of somebody who can mend it.
#pragma once

#include <openssl/x509_vfy.h>

#include <string>

namespace cannedd {

// `verification` stands at the certificate that was refused; `authorities` names where the trusted ones are.
std::string certificate_words(X509_STORE_CTX* verification, const std::string& host,
                              const std::string& authorities);

} // namespace cannedd
