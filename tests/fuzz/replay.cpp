// Instead of libFuzzer, in every ordinary build: each file of the folders goes through the target once.
#include "property.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

namespace {

std::vector<std::filesystem::path> files_in(int count, char** folders) {
    std::vector<std::filesystem::path> files;
    for (int i = 1; i < count; ++i)
        if (std::filesystem::is_directory(folders[i]))
            for (const auto& entry : std::filesystem::directory_iterator(folders[i]))
                files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

} // namespace

int main(int count, char** folders) {
    const auto files = files_in(count, folders);
    for (const auto& file : files) {
        std::cout << file.string() << std::endl; // the last one is to blame
        std::ifstream in(file, std::ios::binary);
        const std::vector<char> bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }
    if (files.empty()) std::cerr << "there is nothing to replay\n";
    return files.empty() ? 1 : 0;
}
