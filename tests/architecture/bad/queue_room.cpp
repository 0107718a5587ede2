// as: lib/queue/bad.cpp
#include <boost/asio.hpp>       // BAD include
#include <boost/beast/http.hpp> // BAD include
#include "genesys/route.hpp"    // BAD include
