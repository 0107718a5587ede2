// --doctor, the part that asks for the service: root reads every secret, the unit's user only what is its own
// or what a LoadCredential= line of the unit delivers.
#pragma once

#include "config/settings.hpp"
#include "doctor/report.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace cannedd {

// cannedd.service of cannedd.yaml, cannedd@shop.service of shop.yaml.
std::string unit_of(const std::filesystem::path& config_file);

// What the unit's LoadCredential= lines deliver: `systemctl cat` shows the unit with its drop-ins, in order.
// Pure.
std::set<std::string> credentials_named_in(std::string_view unit);

// How the service sees its secrets.
struct service_view {
    std::string unit;
    std::set<std::string> delivered;    // names of LoadCredential= lines
    std::filesystem::path running_with; // the copies that systemd made at its start; absent: it does not run
    uid_t user;
};

// Of each secret: whether the service will get it, and whether it has the one that is there now; of each
// other file that the configuration names, if the service cannot read it.
void judge_secrets(const settings& configured, const service_view& service, doctor_report& report);

// Where we are root and the database's directory is somebody else's.
void examine_secrets(const settings& configured, const std::filesystem::path& config_file,
                     doctor_report& report);

} // namespace cannedd
