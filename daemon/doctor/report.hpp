// The lines of --doctor: `ok|warn|fail  what  why and what to do`.
#pragma once

#include <ostream>
#include <string>

namespace cannedd {

class doctor_report {
public:
    explicit doctor_report(std::ostream& out) : out_(out) {}

    void ok(const std::string& what, const std::string& why) { line("ok  ", what, why); }
    void warn(const std::string& what, const std::string& why) { line("warn", what, why); }
    void fail(const std::string& what, const std::string& why) {
        failed_ = true;
        line("fail", what, why);
    }
    bool failed() const { return failed_; }

private:
    void line(const char* verdict, const std::string& what, const std::string& why) {
        out_ << verdict << "  " << what << "  " << why << '\n' << std::flush;
    }

    std::ostream& out_;
    bool failed_ = false;
};

} // namespace cannedd
