// --doctor, the part that needs no network: SQLite, the database's file system, directory, room and files,
// and the accounts that are paused in it.
#pragma once

#include "doctor/report.hpp"
#include "queue/disk_room.hpp"

#include <filesystem>
#include <set>
#include <string>

namespace cannedd {

// configured: the accounts whose pause matters.
void examine_disk(const std::filesystem::path& database, const std::set<std::string>& configured,
                  doctor_report& report);
void judge_room(const std::filesystem::path& directory, const disk_room& left, doctor_report& report);

} // namespace cannedd
