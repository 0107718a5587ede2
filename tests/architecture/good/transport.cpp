// as: lib/net/https_transport.cpp
#include "net/http_message.hpp"
#include "policy/facts.hpp"

#include <boost/beast/core.hpp>
