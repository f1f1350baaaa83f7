#include "tools/cli/explain_command.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "protocols/dissect/dissector.hpp"
#include "protocols/trace/candump_log.hpp"
#include "protocols/trace/reader.hpp"
#include "protocols/uds/describe.hpp"
#include "scenarios/address_book.hpp"
#include "tools/cli/files.hpp"
#include "tools/cli/option_reader.hpp"
#include "tools/cli/trace_files.hpp"

namespace canstage::tools {

namespace {

constexpr std::size_t bytes_shown = 8;

po::options_description explain_description() {
  po::options_description options{"Options"};
  options.add_options()  //
      ("scenario", po::value<std::string>()->value_name("FILE"),
       "names the ECUs, and knows their address formats")  //
      ("help,h", po::bool_switch(), "this text");
  return options;
}

std::string explain_help() {
  return help_text(
      "usage: canstage explain [OPTION...] HEX... | LOG...\n\n"
      "Puts UDS into words: messages as hex (\"7F 22 31\"), frames as candump writes them\n"
      "(7E0#0322F190), or traces (candump logs, .asc, .pcapng), whose messages are put together.\n",
      explain_description());
}

std::string id_text(can::identifier id) {
  return fmt::format("{:0{}X}", id.value(), id.is_extended() ? 8 : 3);
}

std::string data_text(byte_view data) {
  return data.size() <= bytes_shown ? to_hex(data) : to_hex(data.first(bytes_shown - 1)) + " ..";
}

class log_explainer {
 public:
  explicit log_explainer(std::vector<dissect::way> known) : dissector_(std::move(known)) {}

  /// False if something in the file is wrong, which stderr says; what came before is explained.
  bool explain(const std::string& file) {
    const auto content = content_of(file);
    if (!content) throw usage_error{file + ": cannot be read: " + std::strerror(errno)};
    // A log of candump may have any name.
    const auto format = trace::format_of(file).value_or(trace::file_format::candump_log);
    const auto from = trace::make_reader(format, *content);
    while (const auto one = from->next())
      if (one->error_classes == 0) print(*one);
    if (others_ > 0)
      std::cout << fmt::format("{} other frame{}: no diagnostics\n", others_, others_ == 1 ? "" : "s");
    others_ = 0;
    if (!from->problem().empty()) std::cerr << fmt::format("{}: {}\n", file, from->problem());
    return from->problem().empty();
  }

  std::string frame_text(const trace::record& one) { return dissector_.explain(one.bus, one.content); }

 private:
  void print(const trace::record& one) {
    const std::string text = frame_text(one);
    if (text.empty()) {
      ++others_;
      return;
    }
    const auto us =
        std::chrono::duration_cast<std::chrono::microseconds>(one.time.time_since_epoch()).count();
    std::cout << fmt::format("{:4}.{:06}  {}  {:>8}  {:<23}  {}\n", us / 1'000'000, us % 1'000'000, one.bus,
                             id_text(one.content.id), data_text(one.content.payload()), text);
  }

  dissect::dissector dissector_;
  std::size_t others_ = 0;
};

/// "7E0#0322F190": a frame without time and bus.
std::string explain_frame(log_explainer& explainer, const std::string& word) {
  text_error problem;
  const std::string prefix = word.front() == '(' ? "" : "(0.000000) can0 ";
  const auto frame = trace::parse_line(prefix + word, problem);
  if (!frame) throw usage_error{fmt::format("{}: {}", word, problem.message)};
  const std::string text = explainer.frame_text(*frame);
  return text.empty() ? "no diagnostics" : text;
}

class hex_explainer {
 public:
  std::string explain(const std::string& word) {
    text_error problem;
    const auto message = parse_hex(word, problem);
    if (!message)
      throw usage_error{fmt::format("'{}' is no file and no hex: {} (character {})", word, problem.message,
                                    problem.offset + 1)};
    if (message->empty()) throw usage_error{"'' is no file and no hex: there are no bytes"};
    const std::string text = uds::describe_answer(*message, request_);
    if ((message->front() & 0x40) == 0) request_ = *message;
    return text;
  }

 private:
  bytes request_;  ///< the latest one, which the next answer may belong to
};

std::vector<dissect::way> ways_of(const std::string& scenario, bool& good) {
  if (scenario.empty()) return {};
  const auto files = load_all({scenario});
  print(std::cerr, files.problems);
  good = files.problems.empty();
  return good ? scenarios::address_book(files.scenarios.front()) : std::vector<dissect::way>{};
}

}  // namespace

exit_status explain_command(const std::vector<std::string>& words) {
  const auto values = parse(explain_description(), words, "explain");
  if (values["help"].as<bool>()) {
    std::cout << explain_help();
    return exit_status::passed;
  }
  if (values.count("file") == 0)
    throw usage_error{"explain needs hex or a trace; canstage explain --help says more"};
  bool good = true;
  log_explainer logs{ways_of(text_of(values, "scenario"), good)};
  if (!good) return exit_status::wrong_input;
  hex_explainer messages;
  for (const auto& word : values["file"].as<std::vector<std::string>>()) {
    std::error_code none;
    if (std::filesystem::exists(word, none)) {
      good = logs.explain(word) && good;
    } else if (word.find('#') != std::string::npos) {
      std::cout << explain_frame(logs, word) << '\n';
    } else {
      std::cout << messages.explain(word) << '\n';
    }
  }
  return good ? exit_status::passed : exit_status::wrong_input;
}

}  // namespace canstage::tools
