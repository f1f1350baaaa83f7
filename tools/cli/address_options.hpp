// Options that say where a stack is on its bus and how it sends, for the commands that meet one. Everything
// throws `usage_error`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocols/isotp/parameters.hpp"
#include "tools/cli/option_reader.hpp"

namespace canstage::tools {

/// "7E8" and "18DAF110": up to three digits are 11 bits, as in a scenario. `option` is for messages.
can::identifier parse_identifier(const std::string& option, const std::string& word);
std::uint8_t parse_byte(const std::string& option, const std::string& word);

enum class format_option : std::uint8_t { normal, extended, mixed };
format_option format_of(const po::variables_map& values);

/// --rx, --tx, --functional, --format and the address bytes: one stack, seen from us. Without --functional
/// there is none.
isotp::addressing addressing_of(const po::variables_map& values);

/// --functional and --address-functional: all stacks at once. There is no pair in it.
isotp::addressing functional_addressing_of(const po::variables_map& values);

/// --fd and --tx-dl.
std::uint8_t tx_dl_of(const po::variables_map& values);

}  // namespace canstage::tools
