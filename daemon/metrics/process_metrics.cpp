#include "metrics/process_metrics.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace cannedd {
namespace {

prometheus::MetricFamily family(const char* name, const char* help, double value, bool counts = false) {
    prometheus::ClientMetric metric;
    metric.gauge.value = value;
    metric.counter.value = value;
    prometheus::MetricFamily it;
    it.name = name;
    it.help = help;
    it.type = counts ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge;
    it.metric.push_back(metric);
    return it;
}

// Fields of proc(5)'s stat behind the name, which may hold blanks and brackets: the first is field 3.
struct process_stat {
    double cpu_seconds = 0, started_after_boot_s = 0, virtual_bytes = 0, resident_bytes = 0, threads = 0;
};

process_stat read_stat() {
    std::ifstream file("/proc/self/stat");
    std::string text;
    std::getline(file, text);
    std::istringstream words(text.substr(std::min(text.rfind(')') + 1, text.size())));
    std::vector<std::string> fields{std::istream_iterator<std::string>(words), {}};
    fields.resize(22, "0");
    const auto field = [&](std::size_t number) { return std::stod(fields.at(number - 3)); };
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    process_stat it;
    it.cpu_seconds = (field(14) + field(15)) / ticks;
    it.threads = field(20);
    it.started_after_boot_s = field(22) / ticks;
    it.virtual_bytes = field(23);
    it.resident_bytes = field(24) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    return it;
}

double boot_time() {
    std::ifstream file("/proc/stat");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("btime ")) return std::stod(line.substr(6));
    return 0;
}

double open_descriptors() {
    std::error_code failed;
    const std::filesystem::directory_iterator all("/proc/self/fd", failed);
    // One of them is the look itself.
    return failed ? 0 : static_cast<double>(std::distance(begin(all), end(all)) - 1);
}

} // namespace

std::vector<prometheus::MetricFamily> process_metrics() {
    const auto stat = read_stat();
    rlimit descriptors{};
    ::getrlimit(RLIMIT_NOFILE, &descriptors);
    return {family("process_cpu_seconds_total", "User and system CPU time", stat.cpu_seconds, true),
            family("process_resident_memory_bytes", "Resident memory", stat.resident_bytes),
            family("process_virtual_memory_bytes", "Virtual memory", stat.virtual_bytes),
            family("process_start_time_seconds", "Start since the epoch",
                   boot_time() + stat.started_after_boot_s),
            family("process_open_fds", "Open file descriptors", open_descriptors()),
            family("process_max_fds", "Limit of open file descriptors",
                   static_cast<double>(descriptors.rlim_cur)),
            family("process_threads", "Threads", stat.threads)};
}

} // namespace cannedd
