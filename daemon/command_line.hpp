// What the command line asks for.
#pragma once

#include <filesystem>
#include <string>
#include <variant>

namespace cannedd {

enum class task : std::uint8_t {
    run,
    check_config,
    init,
    drain,
    doctor,
    enqueue,
    salvage,
    requeue_unproven,
    reload
};

struct command {
    task what = task::run;
    std::filesystem::path config = "/etc/cannedd/cannedd.yaml";
    int drain_wait_seconds = 0;
    std::filesystem::path database; // for enqueue and salvage; empty: as the configuration says
    std::filesystem::path salvage_into;
    bool add = false; // with salvage
    bool csv = false, atomic = false;
    int daemon = 0;              // for reload: its process
    std::string conversation_id; // lower case, of --doctor; empty: none
};

// What to print and to exit with instead: --help, --version (0), a mistake (64).
struct command_text {
    std::string text;
    int exit = 0;
};

std::variant<command, command_text> parse_command_line(int argc, const char* const* argv);

} // namespace cannedd
