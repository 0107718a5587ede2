// Asio's own sources for TLS, compiled here and nowhere else.
#include <boost/asio/ssl/impl/src.hpp>
