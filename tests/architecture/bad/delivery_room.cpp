// as: lib/delivery/bad.cpp
#include "config/settings.hpp"       // BAD include
#include "genesys/genesys_client.hpp" // BAD include
#include "net/http_transport.hpp"    // BAD include
#include "queue/sqlite_store.hpp"    // BAD include
#include "daemon/application.hpp"    // BAD include

void bare(asio::io_context& context) {
    asio::co_spawn(context, work(), asio::detached); // BAD word
    context.stop();                                  // BAD word
    io_context_->stop();                             // BAD word
}
