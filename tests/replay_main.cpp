// The main function of a fuzz target in a build without libFuzzer: each file named, or
// found in a folder named, is given to the target once.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fs = std::filesystem;

int main(int argc, char** argv) {
  std::vector<fs::path> files;
  for (const auto& name : std::vector<std::string>(argv + 1, argv + argc)) {
    if (name.starts_with('-')) continue;  // an option of libFuzzer's
    if (fs::is_directory(name)) {
      files.insert(files.end(), fs::directory_iterator{name}, fs::directory_iterator{});
    } else {
      files.emplace_back(name);
    }
  }
  for (const auto& file : files) {
    std::ifstream in{file, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    const std::vector<std::uint8_t> data(text.begin(), text.end());
    LLVMFuzzerTestOneInput(data.data(), data.size());
  }
  std::cout << files.size() << " inputs\n";
  return files.empty() ? EXIT_FAILURE : EXIT_SUCCESS;
}
