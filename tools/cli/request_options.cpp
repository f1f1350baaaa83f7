// The options of `canstage request`.
#include "tools/cli/request_options.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "protocols/can/frame.hpp"
#include "protocols/isotp/pairs.hpp"
#include "scenarios/quantity.hpp"
#include "tools/cli/address_options.hpp"

namespace canstage::tools {

namespace {

/// Longer messages than any that a UDS server sends in one.
constexpr std::uint32_t longest_answer = 10'000'000;

po::options_description request_description() {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  po::options_description options{"Options"};
  options.add_options()  //
      ("bus", text("LINK"),
       "where: socketcan:INTERFACE, socketcand:HOST:PORT/BUS ..., or isotpserver:HOST:PORT, which knows the "
       "rest itself")                                                                         //
      ("tx", text("ID"), "hex; where the ECU is asked")                                       //
      ("rx", text("ID"), "hex; where it answers")                                             //
      ("functional", text("ID"), "hex; ask all ECUs at once there, and collect all answers")  //
      ("pairs", text("RX=TX,..."),
       "with --functional: who may answer, and where its flow control goes (default: the pairs of OBD, "
       "7E8=7E0 to 7EF=7E7, or for 18DBttss all of 18DAss..); RX:BYTE=TX:BYTE with address bytes")  //
      ("window", text("TIME"), "how long answers may take to begin (default 1s)")                   //
      ("p2-star", text("TIME"), "how long an answer may take after a 0x78 (default 5s)")            //
      ("format", text("normal|extended|mixed"), "how addresses lie in frames (default normal)")     //
      ("address-tx", text("BYTE"), "hex; address byte of what is sent")                             //
      ("address-rx", text("BYTE"), "hex; address byte of the answer")                               //
      ("address-functional", text("BYTE"), "hex; address byte of a functional request")             //
      ("fd", po::bool_switch(), "CAN FD frames, TX_DL 64")                                          //
      ("tx-dl", text("N"), "TX_DL: 8, or with CAN FD 12, 16, 20, 24, 32, 48, 64 (default 8)")       //
      ("padding", text("BYTE|none"), "hex; filler of frames (default CC)")                          //
      ("bs", text("N"), "block size that the ECU is told (default 0)")                              //
      ("stmin", text("TIME"), "STmin that the ECU is told (default 0ms)")                           //
      ("n-bs", text("TIME"), "how long flow control is awaited (default 1s)")                       //
      ("n-cr", text("TIME"), "how long a consecutive frame is awaited (default 1s)")                //
      ("max-sdu", text("N"),
       "longest answer; a longer one gets FC.OVFLW (default 10000000, isotp: the kernel's)")  //
      ("json", text("FILE"), "write JSON, as canstage run does; - for stdout")                //
      ("quiet,q", po::bool_switch(), "the bytes of the answers only")                         //
      ("help,h", po::bool_switch(), "this text");
  return options;
}

scenarios::link link_of(const po::variables_map& values) {
  if (values.count("bus") == 0) throw usage_error{"canstage request needs --bus LINK"};
  const auto word = text_of(values, "bus");
  const auto use =
      word.starts_with("isotpserver:") ? scenarios::link_use::connection : scenarios::link_use::bus;
  std::string problem;
  const auto found = scenarios::parse_link(word, use, problem);
  if (!found)
    refuse(values, "bus",
           std::string{scenarios::link_wish(scenarios::link_use::bus)} +
               ", or isotpserver:HOST:PORT was expected" + (problem.empty() ? "" : "; " + problem));
  if (found->is_virtual())
    refuse(values, "bus", "a virtual bus is inside a process, and nobody else is there");
  return *found;
}

bytes request_of(const po::variables_map& values) {
  std::string text;
  if (values.count("file") != 0)
    for (const auto& word : values["file"].as<std::vector<std::string>>())
      text += (text.empty() ? "" : " ") + word;
  text_error error;
  const auto parsed = parse_hex(text, error);
  if (!parsed)
    throw usage_error{"the request '" + text + "' is not hex bytes as in 22 F1 90: " + error.message};
  if (parsed->empty()) throw usage_error{"canstage request needs bytes to send, as in 22 F1 90"};
  return *parsed;
}

// Who may answer a functional request.

struct half {
  can::identifier id;
  std::optional<std::uint8_t> byte;
};

half parse_half(const std::string& word, format_option format) {
  const auto colon = word.find(':');
  half result{parse_identifier("--pairs", word.substr(0, colon)), std::nullopt};
  if (colon != std::string::npos) result.byte = parse_byte("--pairs", word.substr(colon + 1));
  if (result.byte.has_value() == (format == format_option::normal))
    throw usage_error{"--pairs " + word +
                      (result.byte ? ": there is no address byte in the normal format"
                                   : ": ID:BYTE was expected in this format")};
  return result;
}

isotp::addressing parse_pair(const std::string& word, format_option format) {
  const auto sign = word.find('=');
  if (sign == std::string::npos) throw usage_error{"--pairs " + word + ": RX=TX was expected, as in 7E8=7E0"};
  const auto rx = parse_half(word.substr(0, sign), format);
  const auto tx = parse_half(word.substr(sign + 1), format);
  isotp::addressing pair;
  pair.rx = rx.id;
  pair.tx = tx.id;
  pair.rx_address_byte = rx.byte;
  pair.tx_address_byte = tx.byte;
  if (pair.rx == pair.tx) throw usage_error{"--pairs " + word + ": both are the same identifier"};
  return pair;
}

std::vector<isotp::addressing> parse_pairs(const std::string& list, format_option format) {
  std::vector<isotp::addressing> all;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const auto word = list.substr(begin, end - begin);
    const auto pair = parse_pair(word, format);
    const bool twice = std::ranges::any_of(all, [&](const isotp::addressing& other) {
      return other.rx == pair.rx && other.rx_address_byte == pair.rx_address_byte;
    });
    if (twice) throw usage_error{"--pairs: an answer of '" + word + "' would be that of another pair"};
    all.push_back(pair);
    begin = end + 1;
  }
  return all;
}

isotp::addressing pair_of(can::identifier response) {
  isotp::addressing pair;
  pair.rx = response;
  pair.tx = isotp::request_identifier_for(response).value();
  return pair;
}

/// Those of OBD: ISO 15765-4 knows eight pairs of 11 bits, and 18DAttss for functional requests on 18DBttss.
std::vector<isotp::addressing> usual_pairs(can::identifier functional) {
  std::vector<isotp::addressing> all;
  if (!functional.is_extended()) {
    for (std::uint32_t id = 0x7E8; id <= 0x7EF; ++id) all.push_back(pair_of(can::identifier::standard(id)));
    return all;
  }
  const auto target = static_cast<std::uint8_t>(functional.value() >> 8);
  const auto tester = static_cast<std::uint8_t>(functional.value());
  if (functional != isotp::normal_fixed_functional(target, tester)) return all;
  for (unsigned ecu = 0; ecu <= 0xFF; ++ecu)
    if (ecu != tester)
      all.push_back(pair_of(isotp::normal_fixed_physical(tester, static_cast<std::uint8_t>(ecu))));
  return all;
}

void read_functional(const po::variables_map& values, request_options& options) {
  const auto address = functional_addressing_of(values);
  options.functional = address.functional_tx;
  options.functional_address_byte = address.functional_tx_address_byte;
  const auto format = format_of(values);
  if (values.count("pairs") != 0) {
    options.peers = parse_pairs(text_of(values, "pairs"), format);
  } else if (format == format_option::normal) {
    options.peers = usual_pairs(*options.functional);
  }
  if (options.peers.empty())
    throw usage_error{"nobody knows who answers such a request: --pairs RX=TX,... says it"};
  const std::size_t pci = options.settings.tx_dl > can::max_classic_length ? 2 : 1;
  const std::size_t most = options.settings.tx_dl - pci - (options.functional_address_byte ? 1 : 0);
  if (options.request.size() > most)
    throw usage_error{"a functional request has to fit a single frame: up to " + std::to_string(most) +
                      " bytes"};
}

void read_settings(const po::variables_map& values, isotp::parameters& settings) {
  settings.tx_dl = tx_dl_of(values);
  settings.bit_rate_switch = settings.tx_dl > can::max_classic_length;
  const auto given = [&](const char* name) { return values.count(name) != 0; };
  if (given("padding")) {
    const auto word = text_of(values, "padding");
    settings.padding.reset();
    if (word != "none") settings.padding = parse_byte("--padding", word);
  }
  if (given("bs")) settings.bs = static_cast<std::uint8_t>(count_of(values, "bs", 0, 255));
  if (given("stmin")) {
    const auto stmin = isotp::st_min::from_time(time_of(values, "stmin"));
    if (!stmin) refuse(values, "stmin", "0ms to 127ms, or 100us to 900us in steps of 100us was expected");
    settings.stmin = *stmin;
  }
  if (given("n-bs")) settings.n_bs = positive_time_of(values, "n-bs");
  if (given("n-cr")) settings.n_cr = positive_time_of(values, "n-cr");
  if (given("max-sdu"))
    settings.max_sdu = static_cast<std::uint32_t>(count_of(values, "max-sdu", 8, longest_answer));
}

/// Behind an isotpserver there is one connection, with addresses and parameters of its own.
void read_isotpserver(const po::variables_map& values, request_options& options) {
  for (const auto* name :
       {"tx", "rx", "functional", "pairs", "format", "address-tx", "address-rx", "address-functional",
        "tx-dl", "padding", "bs", "stmin", "n-bs", "n-cr", "max-sdu"})
    if (values.count(name) != 0) refuse(values, name, "that is up to the isotpserver");
  if (values["fd"].as<bool>()) throw usage_error{"--fd: that is up to the isotpserver"};
  options.peers.resize(1);
}

}  // namespace

request_options parse_request(const std::vector<std::string>& words) {
  const auto values = parse(request_description(), words, "request");
  request_options options;
  options.help = values["help"].as<bool>();
  if (options.help) return options;
  options.carrier = link_of(values);
  options.request = request_of(values);
  // The kernel's ISO-TP has a limit of its own.
  if (options.carrier.carries_frames()) options.settings.max_sdu = longest_answer;
  read_settings(values, options.settings);
  if (options.carrier.what == scenarios::link::kind::isotpserver) {
    read_isotpserver(values, options);
  } else if (values.count("functional") != 0) {
    read_functional(values, options);
  } else {
    if (values.count("pairs") != 0) refuse(values, "pairs", "it goes with --functional");
    options.peers = {addressing_of(values)};
  }
  if (values.count("window") != 0) options.window = positive_time_of(values, "window");
  if (values.count("p2-star") != 0) options.p2_star = positive_time_of(values, "p2-star");
  options.json = text_of(values, "json");
  options.quiet = values["quiet"].as<bool>();
  return options;
}

std::string request_help() {
  return help_text(
      "canstage request --bus LINK --tx ID --rx ID [OPTION...] BYTES\n"
      "canstage request --bus LINK --functional ID [OPTION...] BYTES\n"
      "canstage request --bus isotpserver:HOST:PORT [OPTION...] BYTES\n\n"
      "Sends one request and prints the answer, or all answers, with their times from the end of the\n"
      "request. Exit status: 0 a positive answer came, 1 none did, 130 interrupted.\n",
      request_description());
}

}  // namespace canstage::tools
