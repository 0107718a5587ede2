// What every Prometheus client library tells of its process (process_*), from /proc of this process.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace cannedd {

std::vector<prometheus::MetricFamily> process_metrics();

} // namespace cannedd
