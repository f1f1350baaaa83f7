// ${...}: texts, arithmetic, and what is wrong with it.
#include "scenarios/expression.hpp"

#include <limits>
#include <map>
#include <string>

#include "catch2/catch.hpp"

namespace canstage::scenarios {
namespace {

const std::map<std::string, named_value, std::less<>> variables = {{"name", value_of("engine")},
                                                                   {"five", value_of("5")},
                                                                   {"hex", value_of("0x7E0")},
                                                                   {"low", value_of("-3")}};

std::optional<named_value> look_up(std::string_view name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::nullopt : std::optional{found->second};
}

std::string filled(std::string_view text) {
  text_error error;
  const auto result = fill_in(text, look_up, error);
  return result ? *result : std::to_string(error.offset) + ": " + error.message;
}

TEST_CASE("a variable stands for its text", "[expression]") {
  CHECK(filled("to ${name}.") == "to engine.");
  CHECK(filled("${ name }${five}") == "engine5");
  CHECK(filled("${hex}") == "0x7E0");
  CHECK(filled("no place: $name {n} $ {") == "no place: $name {n} $ {");
}

TEST_CASE("numbers are calculated with as in C, and written as their format says", "[expression]") {
  CHECK(filled("${hex + 8:03X}") == "7E8");
  CHECK(filled("${hex:04x}") == "07e0");
  CHECK(filled("${1 + 2 * 3}") == "7");
  CHECK(filled("${(1 + 2) * 3}") == "9");
  CHECK(filled("${17 / 5}${17 % 5}") == "32");
  CHECK(filled("${1 << 4 | 0x0F & 6 ^ 1}") == "23");
  CHECK(filled("${~five & 0xFF:X}") == "FA");
  CHECK(filled("${-low}") == "3");
  CHECK(filled("${10 - 3 - 2}") == "5");
  CHECK(filled("${five:03}") == "005");
}

TEST_CASE("what has a name that nobody knows stays as it is", "[expression]") {
  CHECK(filled("${five}, ${other + five:02X}") == "5, ${other + five:02X}");
  CHECK(names_in("${a} ${b + a} ${3}") == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a wrong expression is refused at its place", "[expression]") {
  CHECK(filled("x ${five") == "2: '${' is not closed");
  CHECK(filled("${five +}") == "8: a number or a name is needed here");
  CHECK(filled("${(five}") == "2: '(' is not closed");
  CHECK(filled("${five five}") == "7: 'f' cannot stand here in ${...}");
  CHECK(filled("${7E0 + 1}") == "2: '7E0' is no number; hexadecimal ones begin with 0x");
  CHECK(filled("${name + 1}") ==
        "2: 'name' is 'engine', no number to calculate with; hexadecimal ones begin with 0x");
  CHECK(filled("${five:Q}") == "6: behind ':' stands how a number is written, as in 02X, 04 or x");
}

TEST_CASE("what cannot be a number is refused, whatever the machine would make of it", "[expression]") {
  CHECK(filled("${five / 0}") == "7: a division by 0");
  CHECK(filled("${five % (five - 5)}") == "7: a division by 0");
  CHECK(filled("${low}") == "-3");
  CHECK(filled("${low + 0}") == "2: the result is -3, below 0");
  CHECK(filled("${9223372036854775807 + 1}") == "22: the result does not fit 64 bits");
  CHECK(filled("${1 << 63}") == "4: the result does not fit 64 bits");
  CHECK(filled("${1 << 64}") == "4: bits are shifted by 0 to 63 places");
  CHECK(filled("${(0 - 9223372036854775807 - 1) / (0 - 1)}").ends_with("the result does not fit 64 bits"));
  const std::string deep(1'000, '(');
  CHECK(filled("${" + deep + "}").ends_with("nested too deeply"));
}

}  // namespace
}  // namespace canstage::scenarios
