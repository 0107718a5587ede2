// as: lib/policy/good.cpp
// #include "log/logger.hpp" in a comment is none; nor is now() in a sentence: steady_clock::now().
#include "error/errc.hpp"
#include "policy/facts.hpp"
#include "time/instant.hpp"

#include <boost/system/result.hpp>

steady_time next(steady_time now) { return now + seconds(1); }
