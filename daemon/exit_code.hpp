// Exit codes (README, "Command line"), after sysexits(3).
#pragma once

namespace cannedd {

enum class exit_code : int {
    done = 0,
    doctor_failed = 1, // --doctor found something that fails
    usage = 64,
    refused = 65, // --enqueue: a row
    locked = 69,  // another cannedd has the database
    bug = 70,
    database = 74,           // the disk or the database failed
    waits_for_a_person = 75, // --drain: what is left; --reload: a restart is needed
    configuration = 78,
};

} // namespace cannedd
