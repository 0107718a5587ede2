#include "directory_hints.hpp"

#include "time/no_throw.hpp"

#include <boost/asio/buffer.hpp>

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/inotify.h>

namespace cannedd {
namespace {

std::string without_hints() {
    std::string words = std::strerror(errno);
    if (errno == EMFILE)
        words = "this user has no inotify instance left: raise the sysctl fs.inotify.max_user_instances";
    return words;
}

} // namespace

directory_hints::directory_hints(asio::any_io_executor executor, const std::filesystem::path& directory,
                                 logger& log, std::function<void()> on_hint)
    : on_hint_(std::move(on_hint)), events_(std::move(executor)) {
    const int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (descriptor >= 0) events_.assign(descriptor);
    if (descriptor >= 0 &&
        inotify_add_watch(descriptor, directory.c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO) >= 0)
        return;
    log.warning("the database's directory cannot be watched: new rows are seen four times a second",
                {{"why", without_hints()}});
    stop();
}

asio::awaitable<void> directory_hints::run() {
    std::array<char, 4096> events{};
    while (events_.is_open()) {
        const auto [error, bytes] = co_await events_.async_read_some(asio::buffer(events), no_throw);
        if (error || bytes == 0) co_return;
        on_hint_();
    }
}

void directory_hints::stop() {
    boost::system::error_code ignored;
    events_.close(ignored);
}

} // namespace cannedd
