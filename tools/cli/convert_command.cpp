// canstage convert IN OUT: a trace in another format.
#include <fmt/format.h>

#include <cerrno>
#include <iostream>
#include <map>
#include <sstream>

#include "protocols/trace/reader.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/option_reader.hpp"
#include "tools/cli/report_output.hpp"
#include "tools/cli/trace_files.hpp"

namespace canstage::tools {

namespace {

constexpr std::size_t flush_size = 1 << 20;

struct convert_options {
  std::string in;
  std::string out;
  std::map<std::string, std::string> names;  ///< new names of buses
  bool help = false;
};

po::options_description description() {
  po::options_description options{"Options"};
  options.add_options()  //
      ("name", po::value<std::vector<std::string>>()->value_name("OLD=NEW"),
       "another name for a bus, as in can0=powertrain (repeatable)")  //
      ("help,h", po::bool_switch(), "this text");
  return options;
}

convert_options parse_convert(const std::vector<std::string>& words) {
  const auto values = parse(description(), words, "convert");
  convert_options options;
  options.help = values["help"].as<bool>();
  if (options.help) return options;
  const auto files =
      values.count("file") == 0 ? std::vector<std::string>{} : values["file"].as<std::vector<std::string>>();
  if (files.size() != 2)
    throw usage_error{"convert takes two files, as in canstage convert run.log run.pcapng; " +
                      std::string{"canstage convert --help says more"}};
  options.in = files[0];
  options.out = files[1];
  if (values.count("name") != 0) {
    for (const auto& word : values["name"].as<std::vector<std::string>>()) {
      const auto sign = word.find('=');
      if (sign == std::string::npos || sign == 0 || sign + 1 == word.size() ||
          word.find_first_of(" \t") != std::string::npos)
        throw usage_error{"--name " + word + ": OLD=NEW was expected, as in can0=powertrain"};
      options.names[word.substr(0, sign)] = word.substr(sign + 1);
    }
  }
  return options;
}

/// Writes to a stream what a reader gives.
class conversion {
 public:
  conversion(const convert_options& options, trace::writer& to, std::ostream& out)
      : options_(options), to_(to), out_(out) {}

  void run(trace::reader& from) {
    to_.begin(text_);
    while (const auto one = from.next()) {
      to_.add(text_, {.time = one->time,
                      .bus = bus(one->bus),
                      .content = one->content,
                      .error_classes = one->error_classes,
                      .comment = one->comment});
      ++entries_;
      if (text_.size() >= flush_size) flush();
    }
    to_.end(text_);
    flush();
  }

  std::size_t entries() const { return entries_; }
  std::size_t buses() const { return buses_.size(); }

 private:
  std::uint32_t bus(const std::string& name) {
    const auto [place, is_new] = buses_.try_emplace(name, static_cast<std::uint32_t>(buses_.size()));
    if (is_new) {
      const auto renamed = options_.names.find(name);
      to_.add_bus(text_, renamed == options_.names.end() ? name : renamed->second);
    }
    return place->second;
  }

  void flush() {
    out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
    text_.clear();
  }

  const convert_options& options_;
  trace::writer& to_;
  std::ostream& out_;
  std::string text_;
  std::map<std::string, std::uint32_t> buses_;
  std::size_t entries_ = 0;
};

std::string count(std::size_t number, const std::string& one, const std::string& many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

}  // namespace

exit_status convert_command(const std::vector<std::string>& words) {
  const auto options = parse_convert(words);
  if (options.help) {
    std::cout << help_text(
        "canstage convert [OPTION...] IN OUT\n\nTurns a trace into another format; the names' endings say "
        "which:\n.log (candump), .asc (Vector), .pcapng (Wireshark).\n",
        description());
    return exit_status::passed;
  }
  const auto in_format = trace_format(options.in, options.in);
  const auto out_format = trace_format(options.out, options.out);
  const auto content = content_of(options.in);
  if (!content) {
    std::cerr << "canstage: cannot read " << options.in << ": " << std::strerror(errno) << '\n';
    return exit_status::wrong_input;
  }
  try {
    const auto from = trace::make_reader(in_format, *content);
    const auto to = trace::make_writer(out_format);
    const auto out = open_trace(options.out);
    conversion work{options, *to, *out};
    work.run(*from);
    if (!out->flush()) throw output_error{options.out, errno};
    if (!from->problem().empty()) {
      std::cerr << "canstage: " << options.in << ": " << from->problem() << "; " << options.out
                << " has what came before\n";
      return exit_status::wrong_input;
    }
    std::cout << fmt::format("{} of {}", count(work.entries(), "frame", "frames"),
                             count(work.buses(), "bus", "buses"));
    if (from->passed_over() != 0)
      std::cout << "; left out: "
                << count(from->passed_over(), "entry that is no frame", "entries that are no frames");
    std::cout << '\n';
  } catch (const output_error& problem) {
    std::cerr << "canstage: " << problem.what() << '\n';
    return exit_status::machine_lacks;
  }
  return exit_status::passed;
}

}  // namespace canstage::tools
