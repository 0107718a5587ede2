// Listens, reads requests, lets the simulated API answer them, and damages connections as planned. Two doors:
// the API with TLS (which also knows /__control/), and one for control alone, without TLS and without faults.
// The one file of the simulator that includes Beast is its .cpp.
#pragma once

#include "simulator/certificate.hpp"
#include "simulator/world.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace cannedd::sim {

class server {
public:
    virtual ~server() = default;
    virtual boost::asio::ip::tcp::endpoint api_endpoint() const = 0;
    virtual boost::asio::ip::tcp::endpoint control_endpoint() const = 0;
    // Ends every connection; the io_context then runs out of work.
    virtual void stop() = 0;
};

// Throws boost::system::system_error when it cannot listen.
std::unique_ptr<server> make_server(boost::asio::io_context& context, world& in, const certificates& certs,
                                    boost::asio::ip::tcp::endpoint api,
                                    boost::asio::ip::tcp::endpoint control);

} // namespace cannedd::sim
