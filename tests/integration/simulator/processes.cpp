#include "support/process.hpp"

#include <boost/test/unit_test.hpp>

#include <signal.h>

using namespace cannedd;

namespace {

process_options shell(const std::string& script) {
    process_options options;
    options.arguments = {"-c", script};
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(processes_)

BOOST_AUTO_TEST_CASE(a_finished_process_has_its_exit_code_and_all_that_it_wrote) {
    const auto done = run_process("/bin/sh", shell("echo out; echo err >&2; exit 7"));
    BOOST_TEST((done.status == exit_status{7, {}}));
    BOOST_TEST(done.output == "out\n");
    BOOST_TEST(done.errors == "err\n");
}

BOOST_AUTO_TEST_CASE(a_line_is_waited_for_and_lines_before_it_are_kept) {
    child_process child("/bin/sh", shell("echo one; echo two; echo three >&2; exec sleep 60"));
    BOOST_TEST(child.wait_for_line("two") == "two");
    BOOST_TEST(child.wait_for_error_line("thr") == "three");
    BOOST_TEST(child.output() == "one\ntwo\n");
    BOOST_TEST(child.running());
    BOOST_TEST((child.kill() == exit_status{{}, SIGKILL}));
    BOOST_TEST(!child.running());
}

BOOST_AUTO_TEST_CASE(a_line_that_does_not_come_is_an_error_that_shows_what_came) {
    child_process silent("/bin/sh", shell("echo something; exec sleep 60"));
    silent.wait_for_line("something");
    BOOST_CHECK_THROW(silent.wait_for_line("else", std::chrono::milliseconds(20)), std::runtime_error);
    child_process gone("/bin/sh", shell("echo last words >&2"));
    BOOST_CHECK_EXCEPTION(gone.wait_for_line("ready"), std::runtime_error,
                          [](const std::runtime_error& problem) {
                              return std::string(problem.what()).find("last words") != std::string::npos;
                          });
}

BOOST_AUTO_TEST_CASE(a_process_that_does_not_end_in_time_is_an_error) {
    child_process child("/bin/sh", shell("exec sleep 60"));
    BOOST_CHECK_THROW(child.wait(std::chrono::milliseconds(20)), std::runtime_error);
    BOOST_TEST((child.terminate() == exit_status{{}, SIGTERM}));
}

BOOST_AUTO_TEST_CASE(environment_directory_and_input_are_the_childs_own) {
    temp_directory directory;
    auto options = shell("echo $COLOUR; echo ${HOME-none}; pwd; wc -c");
    options.environment = {{"COLOUR", "red"}, {"HOME", ""}};
    options.directory = directory.path();
    options.input = std::string(1'000'000, 'x');
    const auto done = run_process("/bin/sh", options);
    BOOST_TEST(done.output == "red\nnone\n" + directory.path().string() + "\n1000000\n");
}

BOOST_AUTO_TEST_CASE(a_process_is_not_left_behind) {
    int pid = 0;
    {
        child_process child("/bin/sh", shell("exec sleep 60"));
        pid = child.pid();
    }
    BOOST_TEST(::kill(pid, 0) == -1);
}

BOOST_AUTO_TEST_CASE(a_temporary_directory_goes_with_all_that_is_in_it) {
    std::filesystem::path path;
    {
        temp_directory directory;
        path = directory.path();
        directory.write("file", "text");
    }
    BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_SUITE_END()
