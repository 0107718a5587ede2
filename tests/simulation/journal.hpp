// What happened in a run, step by step, when somebody wants to read it; and what was wrong.
#pragma once

#include "time/time_source.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cannedd::simulation {

struct violation {
    std::string rule; // one word, by which the mutations' test knows it
    std::string what;
};

class journal {
public:
    journal(time_source& time, bool wanted) : time_(time), wanted_(wanted), began_(time.steady()) {}

    bool wanted() const { return wanted_; }
    void note(std::string_view text);
    void violate(std::string_view rule, const std::string& what);

    const std::vector<violation>& violations() const { return violations_; }
    const std::vector<std::string>& lines() const { return lines_; }

private:
    time_source& time_;
    bool wanted_;
    steady_time began_;
    std::vector<violation> violations_;
    std::vector<std::string> lines_;
};

} // namespace cannedd::simulation
