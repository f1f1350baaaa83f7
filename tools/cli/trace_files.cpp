#include "tools/cli/trace_files.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <set>

#include "tools/cli/command_line.hpp"
#include "tools/cli/report_output.hpp"

namespace canstage::tools {

namespace fs = std::filesystem;

trace::file_format trace_format(const std::string& what, const std::string& file) {
  if (const auto found = trace::format_of(file)) return *found;
  throw usage_error{what + ": a name that ends with " + std::string{trace::format_wish} + " was expected"};
}

std::optional<std::string> content_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return std::nullopt;
  std::string content{std::istreambuf_iterator<char>{file}, {}};
  if (file.bad()) return std::nullopt;
  return content;
}

std::vector<fs::path> trace_paths(const std::string& option, const std::vector<scenarios::scenario>& all) {
  std::vector<fs::path> paths(all.size());
  if (option.empty()) return paths;
  if (all.size() == 1) {
    trace_format("--trace " + option, option);
    paths.front() = option;
    return paths;
  }
  std::set<fs::path> taken;
  for (std::size_t i = 0; i < all.size(); ++i) {
    paths[i] = fs::path{option} / fs::path{all[i].file}.stem().concat(".log");
    if (!taken.insert(paths[i]).second)
      throw usage_error{"--trace: two scenarios would write " + paths[i].string() + "; run them one by one"};
  }
  std::error_code problem;
  fs::create_directories(option, problem);
  if (problem) throw output_error{option, problem.value()};
  return paths;
}

std::shared_ptr<std::ostream> open_trace(const fs::path& path) {
  if (path.empty()) return nullptr;
  auto file = std::make_shared<std::ofstream>();
  // Entries go to the system one by one: a program that crashes loses none of them, and those before the
  // crash are what somebody wants to see.
  file->rdbuf()->pubsetbuf(nullptr, 0);
  file->open(path, std::ios::binary);
  if (!*file) throw output_error{path.string(), errno};
  return file;
}

}  // namespace canstage::tools
