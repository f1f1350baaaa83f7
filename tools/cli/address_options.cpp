#include "tools/cli/address_options.hpp"

#include "protocols/can/frame.hpp"
#include "scenarios/quantity.hpp"

namespace canstage::tools {

namespace {

bool given(const po::variables_map& values, const char* name) { return values.count(name) != 0; }

can::identifier identifier_of(const po::variables_map& values, const char* name) {
  return parse_identifier(std::string{"--"} + name, text_of(values, name));
}

std::uint8_t byte_of(const po::variables_map& values, const char* name) {
  return parse_byte(std::string{"--"} + name, text_of(values, name));
}

void refuse_bytes_in_normal_format(const po::variables_map& values) {
  for (const char* name : {"address-rx", "address-tx", "address-functional"})
    if (given(values, name)) refuse(values, name, "there is no address byte in the normal format");
}

}  // namespace

can::identifier parse_identifier(const std::string& option, const std::string& word) {
  const auto refused = [&](const std::string& why) { return usage_error{option + " " + word + ": " + why}; };
  std::string problem;
  const auto value = scenarios::parse_hex_number(word, 8, problem);
  if (!value) throw refused(problem);
  const bool extended = word.size() > 3;
  if (*value > (extended ? can::identifier::extended_mask : can::identifier::standard_mask))
    throw refused(extended ? "an identifier has 29 bits at most" : "three digits are 11 bits, 7FF at most");
  return extended ? can::identifier::extended(*value) : can::identifier::standard(*value);
}

std::uint8_t parse_byte(const std::string& option, const std::string& word) {
  std::string problem;
  const auto value = scenarios::parse_hex_number(word, 2, problem);
  if (!value) throw usage_error{option + " " + word + ": " + problem};
  return static_cast<std::uint8_t>(*value);
}

format_option format_of(const po::variables_map& values) {
  if (!given(values, "format")) return format_option::normal;
  return choose<format_option>("format", text_of(values, "format"),
                               {{"normal", format_option::normal},
                                {"extended", format_option::extended},
                                {"mixed", format_option::mixed}});
}

isotp::addressing addressing_of(const po::variables_map& values) {
  isotp::addressing address;
  for (const char* name : {"rx", "tx"})
    if (!given(values, name)) throw usage_error{"--" + std::string{name} + " ID is needed with a link"};
  address.rx = identifier_of(values, "rx");
  address.tx = identifier_of(values, "tx");
  if (address.rx == address.tx) throw usage_error{"--rx and --tx are the same identifier"};
  if (given(values, "functional")) address.functional_tx = identifier_of(values, "functional");

  const auto format = format_of(values);
  if (format == format_option::normal) {
    refuse_bytes_in_normal_format(values);
    return address;
  }
  if (!given(values, "address-tx"))
    throw usage_error{"--format " + text_of(values, "format") + " needs --address-tx BYTE"};
  if (format == format_option::extended && !given(values, "address-rx"))
    throw usage_error{"--format extended needs --address-rx BYTE"};
  address.tx_address_byte = byte_of(values, "address-tx");
  address.rx_address_byte =
      given(values, "address-rx") ? byte_of(values, "address-rx") : *address.tx_address_byte;
  if (format == format_option::mixed && address.rx_address_byte != address.tx_address_byte)
    refuse(values, "address-rx", "mixed addressing has one N_AE in both directions");
  if (given(values, "address-functional")) {
    address.functional_tx_address_byte = byte_of(values, "address-functional");
  } else if (address.functional_tx) {
    address.functional_tx_address_byte = address.tx_address_byte;
  }
  return address;
}

isotp::addressing functional_addressing_of(const po::variables_map& values) {
  isotp::addressing address;
  address.functional_tx = identifier_of(values, "functional");
  for (const char* name : {"rx", "tx", "address-rx", "address-tx"})
    if (given(values, name)) refuse(values, name, "with --functional --pairs says who may answer");
  if (format_of(values) == format_option::normal) {
    refuse_bytes_in_normal_format(values);
    return address;
  }
  if (!given(values, "address-functional"))
    throw usage_error{"--format " + text_of(values, "format") + " needs --address-functional BYTE"};
  address.functional_tx_address_byte = byte_of(values, "address-functional");
  return address;
}

std::uint8_t tx_dl_of(const po::variables_map& values) {
  if (!given(values, "tx-dl")) return values["fd"].as<bool>() ? can::max_fd_length : can::max_classic_length;
  const auto tx_dl = count_of(values, "tx-dl", can::max_classic_length, can::max_fd_length);
  if (!can::is_fd_length(tx_dl)) refuse(values, "tx-dl", "8, 12, 16, 20, 24, 32, 48 or 64 was expected");
  return static_cast<std::uint8_t>(tx_dl);
}

}  // namespace canstage::tools
