// A candump log as a file: a line per entry, and nothing else, because readers take any other line for
// an error.
#include <utility>

#include "protocols/trace/candump_log.hpp"
#include "protocols/trace/formats.hpp"
#include "protocols/trace/lines.hpp"

namespace canstage::trace {

namespace {

class candump_writer final : public writer {
 public:
  void begin(std::string&) override {}
  void add_bus(std::string&, std::string_view name) override { buses_.emplace_back(name); }

  void add(std::string& out, const entry& what) override {
    const auto& bus = buses_.at(what.bus);
    if (what.error_classes != 0) {
      append_error_line(out, what.time, bus, what.error_classes, what.content);
    } else {
      append_line(out, what.time, bus, what.content);
    }
    out += '\n';
  }

  void remark(std::string&, instant, std::string_view) override {}
  void end(std::string&) override {}

 private:
  std::vector<std::string> buses_;
};

class candump_reader final : public reader {
 public:
  explicit candump_reader(std::string_view content) : lines_(content) {}

  std::optional<record> next() override {
    while (problem_.empty()) {
      const auto line = lines_.next();
      if (!line) break;
      // candump itself writes "DROPCOUNT: ..." between its frames.
      if (line->empty() || line->front() != '(') {
        if (!line->empty()) ++passed_over_;
        continue;
      }
      text_error error;
      auto found = parse_line(*line, error);
      if (found) return found;
      if (lines_.whole())
        problem_ = "line " + std::to_string(lines_.number()) + ", column " +
                   std::to_string(error.offset + 1) + ": " + error.message;
      else
        ++passed_over_;
    }
    return std::nullopt;
  }

 private:
  lines lines_;
};

}  // namespace

std::unique_ptr<writer> make_candump_writer() { return std::make_unique<candump_writer>(); }

std::unique_ptr<reader> make_candump_reader(std::string_view content) {
  return std::make_unique<candump_reader>(content);
}

}  // namespace canstage::trace
