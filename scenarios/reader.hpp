// Reads single values and says what is wrong with them.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/bytes.hpp"
#include "protocols/can/identifier.hpp"
#include "protocols/uds/pattern.hpp"
#include "scenarios/diagnostic.hpp"
#include "scenarios/document.hpp"
#include "scenarios/quantity.hpp"

namespace canstage::scenarios {

struct load_context;

class reader {
 public:
  reader(problem_list& problems, load_context& names) : problems_(problems), names_(names) {}

  /// The key whose value is being read, for messages; the former one returns at the end.
  class scope {
   public:
    scope(reader& in, std::string_view key) : in_(in), before_(in.key_) { in.key_ = key; }
    ~scope() { in_.key_ = before_; }
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;

   private:
    reader& in_;
    std::string_view before_;
  };

  /// The key whose value is being read; empty if that is not known.
  std::string_view key() const { return key_; }

  /// What is known already, and what is being made.
  load_context& names() { return names_; }
  problem_list& problems() { return problems_; }

  void refuse(position where, std::string message) { problems_.add(where, std::move(message)); }

  /// "'key' wants WISH, found '50': WHY".
  void refuse_value(const node& value, std::string_view wish, std::string_view why = {});

  /// What is wrong at an offset of a scalar's text.
  void refuse_inside(const node& value, const text_error& error);

  bool want_scalar(const node& value, std::string_view wish);
  bool want_list(const node& value, std::string_view wish);

  // Each returns nothing after having refused the value.

  std::optional<std::string> text(const node& value);
  std::optional<duration> time(const node& value);
  std::optional<duration> time_above_zero(const node& value);
  std::optional<uds::time_range> time_range(const node& value);
  std::optional<std::uint32_t> rate(const node& value);
  std::optional<std::uint64_t> count(const node& value, std::uint64_t least, std::uint64_t most);
  std::optional<scenarios::count_range> count_range(const node& value);
  std::optional<bool> truth(const node& value);

  /// The index of one of the words. `later` begin what the format has, but this version does not.
  std::optional<std::size_t> word(const node& value, std::initializer_list<std::string_view> words,
                                  std::initializer_list<std::string_view> later = {});

  std::optional<std::uint8_t> hex_byte(const node& value);
  std::optional<bytes> hex_bytes(const node& value);
  std::optional<can::identifier> identifier(const node& value);
  std::optional<can::identifier> identifier(const node& value, std::string_view part);
  std::optional<uds::pattern> pattern(const node& value);
  std::optional<uds::reply_template> reply_template(const node& value);

 private:
  problem_list& problems_;
  load_context& names_;
  std::string_view key_;
};

}  // namespace canstage::scenarios
