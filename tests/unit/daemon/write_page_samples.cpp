// Writes idle.html, busy.html and troubled.html into the directory that is named: for a browser to look at.
#include "page/status_page.hpp"
#include "unit/daemon/page_samples.hpp"

#include <filesystem>
#include <fstream>

int main(int count, char** arguments) {
    using namespace cannedd;
    if (count != 2) return 64;
    const std::filesystem::path into = arguments[1];
    std::ofstream(into / "idle.html") << write_status_page(test::idle_facts());
    std::ofstream(into / "busy.html") << write_status_page(test::busy_facts());
    std::ofstream(into / "troubled.html") << write_status_page(test::troubled_facts());
    return 0;
}
