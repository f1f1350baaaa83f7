// ${...} in texts: a variable as it is, or integer arithmetic with variables and a format.
//
//   ${tester}              the variable's text
//   ${first + 8:03X}       a number, hexadecimal with three digits
//
// Operators as in C, integers of 64 bits: ( ) ~ - * / % + - << >> & ^ |. Numbers are decimal, or
// hexadecimal with 0x.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/bytes.hpp"

namespace canstage::scenarios {

/// What a name stands for.
struct named_value {
  std::string text;
  std::optional<std::int64_t> number;  ///< none: it is no number
};

/// Nothing for a name that is not known (yet).
using name_lookup = std::function<std::optional<named_value>(std::string_view name)>;

bool mentions_name(std::string_view text);

/// Whether `text` may be the name of a variable: letters, digits and '_', no digit first.
bool is_variable_name(std::string_view text);

/// A text as a value: a number if it is a decimal one, or a hexadecimal one with 0x.
named_value value_of(std::string text);

/// `text` with every ${...} replaced whose names are all known; the others stay as they are. Nothing, and
/// `error`, if one is no expression, has no number for a result, or is below 0.
std::optional<std::string> fill_in(std::string_view text, const name_lookup& known, text_error& error);

/// The names in the ${...} of a text, in their order.
std::vector<std::string> names_in(std::string_view text);

}  // namespace canstage::scenarios
