#include "net/authorities.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <new>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cannedd {
namespace {

// What changes when a file is replaced or written.
struct file_version {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    time_t changed_seconds = 0;
    long changed_nanoseconds = 0;
    bool operator==(const file_version&) const = default;
};

struct kept_store {
    file_version version;
    std::weak_ptr<X509_STORE> store;
};

file_version version_of(const std::filesystem::path& file) {
    struct stat found {};
    file_version version;
    if (::stat(file.c_str(), &found) != 0) return version;
    version.device = found.st_dev;
    version.inode = found.st_ino;
    version.size = found.st_size;
    version.changed_seconds = found.st_mtim.tv_sec;
    version.changed_nanoseconds = found.st_mtim.tv_nsec;
    return version;
}

[[noreturn]] void refuse(const std::filesystem::path& ca_file, const std::string& why) {
    throw std::runtime_error("ca_file '" + ca_file.string() + "': " + why);
}

// OpenSSL says only that it could not.
void check_that_it_opens(const std::filesystem::path& ca_file) {
    const int opened = ::open(ca_file.c_str(), O_RDONLY | O_CLOEXEC);
    if (opened >= 0) {
        ::close(opened);
        return;
    }
    if (errno == ENOENT) refuse(ca_file, "there is no such file");
    std::string why = std::string("it cannot be read (") + std::strerror(errno) + ")";
    if (errno == EMFILE) why += ": raise the limit of open files (LimitNOFILE in the unit, ulimit -n)";
    refuse(ca_file, why);
}

[[noreturn]] void refuse_content(const std::filesystem::path& ca_file) {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    refuse(ca_file, "it holds no certificate in PEM format, or something besides that is none (" +
                        std::string(reason != nullptr ? reason : "no reason given") + ")");
}

std::shared_ptr<X509_STORE> read(const std::filesystem::path& ca_file) {
    const std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
    if (!store) throw std::bad_alloc();
    if (!ca_file.empty()) check_that_it_opens(ca_file);
    ERR_clear_error();
    const int good = ca_file.empty() ? X509_STORE_set_default_paths(store.get())
                                     : X509_STORE_load_file(store.get(), ca_file.c_str());
    if (good != 1) refuse_content(ca_file);
    return store;
}

} // namespace

std::shared_ptr<X509_STORE> authorities_of(const std::filesystem::path& ca_file) {
    static std::map<std::filesystem::path, kept_store> all;
    // Asked before it is read: who writes meanwhile makes it look changed the next time.
    const auto version =
        version_of(ca_file.empty() ? std::filesystem::path(X509_get_default_cert_file()) : ca_file);
    auto& kept = all[ca_file];
    auto store = kept.store.lock();
    if (store && kept.version == version) return store;
    store = read(ca_file);
    kept.version = version;
    kept.store = store;
    return store;
}

} // namespace cannedd
