// as: lib/policy/bad.cpp
#include "log/logger.hpp"          // BAD include
#include "time/time_source.hpp"    // BAD include
#include "queue/message.hpp"       // BAD include
#include <boost/asio/io_context.hpp> // BAD include
#include <boost/json.hpp>          // BAD include
#include <sqlite3.h>               // BAD include
#include <yaml-cpp/yaml.h>         // BAD include

const auto moment = std::chrono::steady_clock::now(); // BAD word
std::random_device chance;                            // BAD word
