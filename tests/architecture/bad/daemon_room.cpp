// as: daemon/bad.cpp
#include "queue/sqlite_store.hpp"
#include <boost/beast/core.hpp> // BAD include
#include <sqlite3.h>            // BAD include
