// The transport that talks to the world: TLS 1.2 or later, host name verified (names in the certificate's
// subjectAltName only), keep-alive pool of bounded size, session resumption, DNS with a cache and a bound,
// all addresses of a name tried in turn (IPv6 too), HTTP CONNECT where a proxy is set. The one file of the
// project that includes Beast.
#pragma once

#include "net/http_transport.hpp"
#include "net/transport_settings.hpp"
#include "time/time_source.hpp"

#include <memory>

namespace cannedd {

class logger;
class name_lookup;

// Throws std::runtime_error with a sentence for the operator when the origin or the ca_file cannot be used
// (start-up). It outlives its exchanges, and may be destroyed at any other moment; time and log outlive
// io_context::run(), which returns by itself after close(). Without a lookup: the system's (resolver.hpp).
std::unique_ptr<http_transport> make_https_transport(asio::any_io_executor executor, time_source& time,
                                                     logger& log, transport_settings settings,
                                                     std::shared_ptr<name_lookup> lookup = nullptr);

} // namespace cannedd
