// --doctor, the part that needs no network: SQLite, the database's file system, directory and files.
#pragma once

#include "doctor/report.hpp"

#include <filesystem>

namespace cannedd {

void examine_disk(const std::filesystem::path& database, doctor_report& report);

} // namespace cannedd
