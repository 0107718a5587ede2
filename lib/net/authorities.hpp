// The authorities of a CA file, read once for all who trust it: a bundle of Debian's size costs 0.8 MB and 25
// ms. Kept as long as somebody uses it; a file that has changed since (another inode, size or time) is read
// again for those who ask from then on. Not to be altered by whoever gets it.
#pragma once

#include <openssl/types.h>

#include <filesystem>
#include <memory>

namespace cannedd {

// An empty path: the system's. Throws std::runtime_error with a sentence that names the file.
std::shared_ptr<X509_STORE> authorities_of(const std::filesystem::path& ca_file);

} // namespace cannedd
