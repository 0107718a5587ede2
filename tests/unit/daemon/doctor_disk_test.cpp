// What --doctor makes of the room that is left on the queue's disk.
#include "doctor/disk.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

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

BOOST_AUTO_TEST_SUITE_END()
