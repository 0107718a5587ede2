// What --doctor makes of the queue's disk: its room, and files that are gone or another's.
#include "doctor/disk.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace cannedd;

namespace {

std::string judged(std::int64_t bytes, std::optional<std::int64_t> inodes) {
    std::ostringstream out;
    doctor_report report(out);
    judge_room("/queue", {.bytes = bytes, .inodes = inodes}, report);
    BOOST_TEST(report.failed() == out.str().starts_with("fail"));
    return out.str();
}

constexpr std::int64_t mebibyte = 1024 * 1024;

struct directory_of_a_queue {
    directory_of_a_queue() {
        std::string pattern = (std::filesystem::temp_directory_path() / "cannedd-doctor-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    ~directory_of_a_queue() { std::filesystem::remove_all(path); }
    directory_of_a_queue(const directory_of_a_queue&) = delete;
    directory_of_a_queue& operator=(const directory_of_a_queue&) = delete;

    std::filesystem::path write(const std::string& name, const std::string& content) const {
        std::ofstream(path / name) << content;
        return path / name;
    }
    std::string examined() const {
        std::ostringstream out;
        doctor_report report(out);
        examine_disk(path / "queue.db", {}, report);
        return out.str();
    }
    std::filesystem::path path;
};

} // namespace

BOOST_AUTO_TEST_SUITE(doctor_disk_)

BOOST_AUTO_TEST_CASE(enough_room_is_told_with_its_inodes) {
    BOOST_TEST(judged(5000 * mebibyte, 70'000) ==
               "ok    space  5000 MiB and 70000 inodes are free in /queue\n");
    BOOST_TEST(judged(5000 * mebibyte, std::nullopt) == "ok    space  5000 MiB are free in /queue\n");
}

BOOST_AUTO_TEST_CASE(little_room_is_a_warning_and_a_full_disk_fails) {
    BOOST_TEST(judged(256 * mebibyte, 70'000).starts_with("ok "));
    BOOST_TEST(judged(255 * mebibyte, 70'000).starts_with("warn"));
    BOOST_TEST(judged(16 * mebibyte, 70'000).starts_with("warn"));
    BOOST_TEST(judged(0, 70'000).starts_with("fail  space  0 MiB and 70000 inodes are free in /queue: a "
                                             "commit may fail"));
    BOOST_TEST(judged(0, 70'000).find("df -h /queue") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_inodes_a_disk_is_full_too) {
    BOOST_TEST(judged(5000 * mebibyte, 0).starts_with("fail"));
    BOOST_TEST(judged(5000 * mebibyte, 16).starts_with("ok "));
}

BOOST_AUTO_TEST_CASE(a_database_that_is_gone_is_told_from_one_that_never_was) {
    const directory_of_a_queue here;
    BOOST_TEST(here.examined().find("warn  database") != std::string::npos);
    here.write("queue.db.lock", "");
    BOOST_TEST(here.examined().find("warn  database") != std::string::npos);
    here.write("queue.db.lock", "a daemon was here");
    BOOST_TEST(here.examined().find("is not there, and there was one: put it back") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(files_that_the_daemon_may_not_open_are_named_with_what_to_do) {
    const directory_of_a_queue here;
    const auto file = here.write("queue.db", "x");
    ::chmod(file.c_str(), 0660);
    BOOST_TEST(here.examined().find("not the daemon's to open") == std::string::npos);
    ::chmod(file.c_str(), 0400);
    const auto told = here.examined();
    BOOST_TEST(told.find("fail  database") != std::string::npos, told);
    BOOST_TEST(told.find(' ' + file.string() + " && chmod 660") != std::string::npos, told);
}

BOOST_AUTO_TEST_CASE(whether_a_daemon_has_the_database_is_read_and_its_lock_left_alone) {
    const directory_of_a_queue here;
    here.write("queue.db", "x");
    const int lock = ::open(here.write("queue.db.lock", "x").c_str(), O_RDWR | O_CLOEXEC);
    BOOST_TEST(here.examined().find("warn  service  no daemon") != std::string::npos);
    BOOST_REQUIRE(::flock(lock, LOCK_EX | LOCK_NB) == 0);
    BOOST_TEST(here.examined().find("ok    service") != std::string::npos);
    ::close(lock);
}

BOOST_AUTO_TEST_SUITE_END()
