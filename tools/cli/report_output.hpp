// Files that a command writes.
#pragma once

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

namespace canstage::tools {

/// A file cannot be written.
struct output_error : std::runtime_error {
  output_error(const std::string& path, int reason)
      : std::runtime_error("cannot write " + path + ": " + std::strerror(reason)) {}
};

/// Where a report goes: a file, or stdout for "-". Opened before anything runs, so
/// that nobody waits an hour to learn that it cannot be written.
class report_output {
 public:
  explicit report_output(const std::string& path) : path_(path) {
    if (path_.empty() || path_ == "-") return;
    file_.open(path_, std::ios::binary);
    if (!file_) throw output_error{path_, errno};
  }

  bool wanted() const { return !path_.empty(); }
  bool is_stdout() const { return path_ == "-"; }

  template <class Write>
  void write(Write write_to) {
    if (!wanted()) return;
    write_to(is_stdout() ? std::cout : file_);
    (is_stdout() ? std::cout : file_).flush();
    if (!is_stdout() && !file_) throw output_error{path_, errno};
  }

 private:
  std::string path_;
  std::ofstream file_;
};

}  // namespace canstage::tools
