// Asio's TLS sources for the simulator; the rooms have their own copy.
#include <boost/asio/ssl/impl/src.hpp>
