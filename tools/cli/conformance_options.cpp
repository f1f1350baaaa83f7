// The options of `canstage conformance`.
#include <array>
#include <limits>

#include "tools/cli/address_options.hpp"

namespace canstage::tools {

namespace {

/// Options that say what the stack is. With a scenario its endpoint says so.
constexpr std::array of_stack = {
    "rx",    "tx",      "format", "address-rx", "address-tx", "functional", "address-functional",
    "tx-dl", "max-sdu", "n-bs",   "n-cr"};

po::options_description conformance_description() {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  po::options_description options{"Options"};
  options.add_options()                                                                                  //
      ("scenario", text("FILE"), "the stack is an endpoint of this scenario, with do: echo or swallow")  //
      ("endpoint", text("NAME"), "which one")                                                            //
      ("rx", text("ID"), "hex; what the driver hears: where the stack sends")                            //
      ("tx", text("ID"), "hex; where the driver sends: what the stack hears")                            //
      ("format", text("normal|extended|mixed"), "how addresses lie in frames (default normal)")          //
      ("address-rx", text("BYTE"), "hex; address byte of what the stack sends")                          //
      ("address-tx", text("BYTE"), "hex; address byte of what the driver sends")                         //
      ("functional", text("ID"), "hex; the functional identifier that the stack hears")                  //
      ("address-functional", text("BYTE"), "hex; address byte of functional frames")                     //
      ("fd", po::bool_switch(), "CAN FD frames, TX_DL 64")                                               //
      ("tx-dl", text("N"), "TX_DL of both: 8, or with CAN FD 12, 16, 20, 24, 32, 48, 64 (default 8)")    //
      ("max-sdu", text("N"), "longest message that the stack receives (default 4095)")                   //
      ("n-bs", text("TIME"), "N_Bs of the stack (default 1s)")                                           //
      ("n-cr", text("TIME"), "N_Cr of the stack (default 1s)")                                           //
      ("half-duplex", po::bool_switch(), "the stack is half duplex")                                     //
      ("response", text("TIME"),
       "how long the stack may take for what it has to send (default 900ms, that is 0.9 N_Bs)")  //
      ("tolerance", text("TIME"),
       "how much early or late its timers may run out (default 20ms, in real time 100ms)")   //
      ("resolution", text("TIME"), "how much less than STmin a gap may seem (default 1us)")  //
      ("only", text("ISOTP-042,..."), "these statements only")                               //
      ("time", text("virtual|real"), "the clock, instead of the scenario's")                 //
      ("junit", text("FILE"), "write JUnit XML; - for stdout")                               //
      ("json", text("FILE"), "write JSON; - for stdout")                                     //
      ("verbose,v", po::bool_switch(), "the frames of all statements")                       //
      ("quiet,q", po::bool_switch(), "failures, deviations and the closing line only")       //
      ("help,h", po::bool_switch(), "this text");
  return options;
}

void read_stack(const po::variables_map& values, conformance::setting& stack) {
  stack.address = addressing_of(values);
  stack.tx_dl = tx_dl_of(values);
  stack.half_duplex = values["half-duplex"].as<bool>();
  if (values.count("max-sdu") != 0)
    stack.max_sdu = static_cast<std::uint32_t>(
        count_of(values, "max-sdu", 64, std::numeric_limits<std::uint32_t>::max()));
  if (values.count("n-bs") != 0) stack.n_bs = positive_time_of(values, "n-bs");
  if (values.count("n-cr") != 0) stack.n_cr = positive_time_of(values, "n-cr");
}

void read_place(const po::variables_map& values, conformance_options& options) {
  options.scenario = text_of(values, "scenario");
  options.endpoint = text_of(values, "endpoint");
  if (values.count("file") != 0) {
    const auto links = values["file"].as<std::vector<std::string>>();
    if (links.size() > 1) throw usage_error{"one link is enough, '" + links[1] + "' is another"};
    options.link = links.front();
  }
  if (options.scenario.empty() != options.endpoint.empty())
    throw usage_error{options.scenario.empty() ? "--endpoint NAME needs --scenario FILE"
                                               : "--scenario FILE needs --endpoint NAME"};
  if (options.link.empty() == options.scenario.empty())
    throw usage_error{options.link.empty()
                          ? "canstage conformance needs a link, or --scenario FILE --endpoint NAME"
                          : "a link and --scenario exclude each other"};
}

std::vector<const conformance::statement*> read_only(const std::string& list) {
  std::vector<bool> wanted(conformance::statements().size());
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const auto name = list.substr(begin, end - begin);
    const auto* found = conformance::find_statement(name);
    if (found == nullptr) throw usage_error{"--only: there is no statement '" + name + "'"};
    wanted[static_cast<std::size_t>(found - conformance::statements().data())] = true;
    begin = end + 1;
  }
  std::vector<const conformance::statement*> only;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i]) only.push_back(&conformance::statements()[i]);
  return only;
}

}  // namespace

conformance_options parse_conformance(const std::vector<std::string>& words) {
  const auto values = parse(conformance_description(), words, "conformance");
  conformance_options options;
  options.help = values["help"].as<bool>();
  if (options.help) return options;
  read_place(values, options);
  if (options.link.empty()) {
    for (const char* name : of_stack)
      if (values.count(name) != 0) refuse(values, name, "the endpoint of the scenario says that");
    for (const char* name : {"fd", "half-duplex"})
      if (values[name].as<bool>())
        throw usage_error{"--" + std::string{name} + ": the endpoint of the scenario says that"};
  } else {
    read_stack(values, options.stack);
  }
  auto& allowed = options.stack.allowed;
  if (values.count("response") != 0) allowed.response = positive_time_of(values, "response");
  if (values.count("resolution") != 0) allowed.resolution = time_of(values, "resolution");
  if (values.count("tolerance") != 0) options.tolerance = time_of(values, "tolerance");
  if (values.count("only") != 0) options.only = read_only(text_of(values, "only"));
  if (values.count("time") != 0)
    options.time = choose<scenarios::time_mode>(
        "time", text_of(values, "time"),
        {{"virtual", scenarios::time_mode::virtual_time}, {"real", scenarios::time_mode::real_time}});
  options.junit = text_of(values, "junit");
  options.json = text_of(values, "json");
  options.verbose = values["verbose"].as<bool>();
  options.quiet = values["quiet"].as<bool>();
  if (options.verbose && options.quiet) throw usage_error{"-v and -q exclude each other"};
  if (options.json == "-" && options.junit == "-")
    throw usage_error{"only one of --json and --junit can go to stdout"};
  return options;
}

std::string conformance_help() {
  return help_text(
      "canstage conformance [OPTION...] --scenario FILE --endpoint NAME\n"
      "canstage conformance [OPTION...] LINK --rx ID --tx ID\n\n"
      "Plays the statements of ISO 15765-2 that can be seen from outside against an ISO-TP stack that\n"
      "echoes or swallows what it receives; a verdict per statement. A link is where the stack is, such\n"
      "as socketcan:vcan0 (see canstage links). All statements take about two minutes there.\n",
      conformance_description());
}

}  // namespace canstage::tools
