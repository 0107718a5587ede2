// simulation [--seeds N] [--from K] [--seconds S] [--seed N [--trace]] [--mutation NAME]
// Runs seeds until one violates a promise of the product, prints it with its trace and exits 1. With a
// mutation it is the other way round: exits 0 once the rule that is there for it has caught it.
#include "world.hpp"

#include <sqlite3.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <set>
#include <string>
#include <string_view>

#include <unistd.h>

namespace {

using namespace cannedd::simulation;

constexpr unsigned real_seconds_a_seed_max = 120;

struct wishes {
    std::uint64_t from = 1;
    std::uint64_t seeds = 1000;
    double seconds = 0; // 0: as long as it takes
    bool trace = false;
    bool keeps_on = false; // after a violation
    mutation how = mutation::none;
    std::string_view rule; // which must catch the mutation
};

std::uint64_t running_seed = 0;
volatile std::sig_atomic_t wants_to_end = 0;

// Enough for today: the seed that runs is the last, and the summary tells what was seen.
extern "C" void end_soon(int) {
    wants_to_end = 1;
}

// A run that does not come to its end is a failure, too.
extern "C" void seed_takes_too_long(int) {
    char line[80];
    const int length = std::snprintf(line, sizeof line, "seed %llu does not end\n",
                                     static_cast<unsigned long long>(running_seed));
    if (write(STDERR_FILENO, line, static_cast<std::size_t>(length)) < 0) _exit(2);
    _exit(1);
}

[[noreturn]] void usage() {
    std::cerr << "usage: simulation [--seeds N] [--from K] [--seconds S] [--seed N [--trace]] [--keep-on]\n"
                 "                  [--mutation NAME]\nmutations:";
    for (const auto& one : all_mutations())
        std::cerr << ' ' << one.name;
    std::cerr << '\n';
    std::exit(64);
}

wishes read_arguments(int count, char** values) {
    wishes wanted;
    for (int i = 1; i < count; ++i) {
        const std::string_view option = values[i];
        if (option == "--trace") {
            wanted.trace = true;
            continue;
        }
        if (option == "--keep-on") {
            wanted.keeps_on = true;
            continue;
        }
        if (i + 1 == count) usage();
        const std::string value = values[++i];
        if (option == "--seeds") {
            wanted.seeds = std::stoull(value);
        } else if (option == "--from") {
            wanted.from = std::stoull(value);
        } else if (option == "--seed") {
            wanted.from = std::stoull(value);
            wanted.seeds = 1;
        } else if (option == "--seconds") {
            wanted.seconds = std::stod(value);
        } else if (option == "--mutation") {
            const auto how = mutation_named(value);
            if (!how) usage();
            wanted.how = *how;
            for (const auto& one : all_mutations())
                if (one.what == *how) wanted.rule = one.rule;
        } else {
            usage();
        }
    }
    return wanted;
}

class summary {
public:
    void add(const run_figures& one) {
        ++runs_;
        all_.rows += one.rows;
        all_.sent += one.sent;
        all_.heard += one.heard;
        all_.requests += one.requests;
        all_.kills += one.kills;
        all_.power_cuts += one.power_cuts;
        all_.drains += one.drains;
        all_.give_ups += one.give_ups;
        all_.lists += one.lists;
        all_.found_by_list += one.found_by_list;
    }
    void print(double took_s, int violations) const {
        std::printf(
            "%d seeds in %.1f s (%.1f a second), %d violations; %d rows, %d sent, %d texts read, %d "
            "requests, "
            "%d kills, %d power cuts, %d drains, %d give-ups, %d lists, %d addressees found by them\n",
            runs_, took_s, runs_ / took_s, violations, all_.rows, all_.sent, all_.heard, all_.requests,
            all_.kills, all_.power_cuts, all_.drains, all_.give_ups, all_.lists, all_.found_by_list);
    }

private:
    int runs_ = 0;
    run_figures all_;
};

void print_trace(std::uint64_t seed, mutation how) {
    world again(seed, how, true);
    again.run();
    for (const auto& line : again.notes().lines())
        std::printf("%s\n", line.c_str());
}

} // namespace

int main(int count, char** values) {
    const auto wanted = read_arguments(count, values);
    std::signal(SIGALRM, seed_takes_too_long);
    std::signal(SIGINT, end_soon);
    std::signal(SIGTERM, end_soon);
    // One thread, and nobody reads SQLite's own statistics: a third less to do.
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    const auto began = std::chrono::steady_clock::now();
    const auto took_s = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    };
    summary figures;
    int violated = 0;
    for (std::uint64_t seed = wanted.from; seed < wanted.from + wanted.seeds; ++seed) {
        if (wants_to_end != 0 || (wanted.seconds > 0 && took_s() >= wanted.seconds)) break;
        running_seed = seed;
        alarm(real_seconds_a_seed_max);
        world one(seed, wanted.how, wanted.trace);
        try {
            one.run();
        } catch (const std::exception& bug) { // of the simulation itself
            std::printf("seed %llu: cannot be judged: %s\n", static_cast<unsigned long long>(seed),
                        bug.what());
            return EXIT_FAILURE;
        }
        figures.add(one.notes().violations().empty() ? one.figures() : run_figures());
        if (wanted.trace)
            for (const auto& line : one.notes().lines())
                std::printf("%s\n", line.c_str());
        std::set<std::string> rules;
        for (const auto& found : one.notes().violations()) {
            if (rules.insert(found.rule).second && (wanted.how == mutation::none || wanted.trace))
                std::printf("seed %llu: %s: %s\n", static_cast<unsigned long long>(seed), found.rule.c_str(),
                            found.what.c_str());
        }
        if (rules.empty()) continue;
        ++violated;
        if (wanted.how == mutation::none && !wanted.keeps_on) {
            if (!wanted.trace) print_trace(seed, wanted.how);
            std::printf("replay: simulation --seed %llu --trace\n", static_cast<unsigned long long>(seed));
            break;
        }
        if (wanted.how != mutation::none && rules.contains(std::string(wanted.rule)) && !wanted.keeps_on) {
            std::printf("caught by \"%s\" at seed %llu\n", std::string(wanted.rule).c_str(),
                        static_cast<unsigned long long>(seed));
            return EXIT_SUCCESS;
        }
    }
    figures.print(took_s(), violated);
    if (wanted.how != mutation::none) {
        std::printf("not caught: a daemon broken in this way passes\n");
        return EXIT_FAILURE;
    }
    return violated == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
