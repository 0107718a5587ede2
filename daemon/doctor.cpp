#include "doctor.hpp"

#include <ostream>

namespace cannedd {

int run_doctor(const settings& configured, std::ostream& out) {
    out << "ok    configuration  " << configured.accounts.size() << " accounts\n";
    return 0;
}

} // namespace cannedd
