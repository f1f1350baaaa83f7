#include "protocols/learn/casting.hpp"

#include <algorithm>
#include <cstdio>
#include <set>
#include <tuple>

#include "protocols/isotp/parameters.hpp"

namespace canstage::learn {

namespace {

constexpr std::string_view ecu_comment = "ecu ";

std::uint8_t target_of(can::identifier id) { return static_cast<std::uint8_t>(id.value() >> 8); }
std::uint8_t source_of(can::identifier id) { return static_cast<std::uint8_t>(id.value()); }

bool is_physical(can::identifier id, can::identifier (*make)(std::uint8_t, std::uint8_t)) {
  return id == make(target_of(id), source_of(id));
}

address_format format_of(const connection& one) {
  const auto id = one.request.id;
  if (!one.request.byte)
    return is_physical(id, isotp::normal_fixed_physical) ? address_format::normal_fixed
                                                         : address_format::normal;
  if (one.request.byte != one.response.byte) return address_format::extended;
  return is_physical(id, isotp::mixed_29_physical) ? address_format::mixed_29 : address_format::mixed;
}

address_format format_of_functional(const n_ai& one) {
  if (!one.byte)
    return is_physical(one.id, isotp::normal_fixed_functional) ? address_format::normal_fixed
                                                               : address_format::normal;
  return is_physical(one.id, isotp::mixed_29_functional) ? address_format::mixed_29
                                                         : address_format::extended;
}

std::string identifier_text(can::identifier id) {
  char text[9];
  std::snprintf(text, sizeof text, id.is_extended() ? "%08X" : "%03X", static_cast<unsigned>(id.value()));
  return text;
}

std::string byte_text(std::uint8_t byte) {
  char text[3];
  std::snprintf(text, sizeof text, "%02X", static_cast<unsigned>(byte));
  return text;
}

/// As a scenario spells names: letters, digits, '_', '-' and '.', perhaps with a number in brackets.
std::string as_name(std::string text) {
  const auto bracket = text.find('[');
  const bool numbered = bracket != std::string::npos && bracket > 0 && text.back() == ']';
  const std::size_t end = numbered ? bracket : text.size();
  for (std::size_t i = 0; i < end; ++i) {
    const char c = text[i];
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
    if (!good) text[i] = '_';
  }
  return text.empty() || text == "others" ? text + "_" : text;
}

/// What both do.
void join(habits& one, const habits& more) {
  one.no_padding = one.no_padding || more.no_padding;
  if (!one.filler) one.filler = more.filler;
  one.fd = one.fd || more.fd;
  one.bit_rate_switch = one.bit_rate_switch || more.bit_rate_switch;
  one.first_frame = std::max(one.first_frame, more.first_frame);
  if (!one.asks) one.asks = more.asks;
  one.waits = std::max(one.waits, more.waits);
  one.overflows += more.overflows;
  one.longest_message = std::max(one.longest_message, more.longest_message);
}

class director {
 public:
  director(const overheard& all, const pairing& who, const std::vector<ecu_exchanges>& exchanges)
      : all_(all), who_(who), exchanges_(exchanges) {}

  casting run() {
    for (std::size_t i = 0; i < who_.connections.size(); ++i) add_ecu(who_.connections[i], exchanges_[i]);
    for (const auto stream : who_.functional) add_functional(stream);
    for (std::size_t i = 0; i < made_.testers.size(); ++i) name_tester(i);
    return std::move(made_);
  }

 private:
  /// Who asks: bus, format, and address where the format has one.
  using tester_key = std::tuple<std::string, address_format, std::uint8_t>;

  void add_ecu(const connection& one, const ecu_exchanges& heard) {
    ecu made;
    made.addresses = one;
    made.format = format_of(one);
    if (heard.functional) {
      const auto& asked = all_.streams[*heard.functional];
      made.functional = n_ai{asked.id, asked.address_byte};
    }
    if (one.response_stream) made.sends = all_.streams[*one.response_stream].sends;
    if (one.request_stream)
      made.sends.longest_message =
          std::max(made.sends.longest_message, all_.streams[*one.request_stream].sends.longest_message);
    made.name = unique(name_of(one));
    made.tester = tester_for(key_of(one, made.format), name_of_tester(one));
    if (one.request_stream) join(made_.testers[made.tester].sends, all_.streams[*one.request_stream].sends);
    if (one.response_stream) {
      auto& longest = made_.testers[made.tester].sends.longest_message;
      longest = std::max(longest, all_.streams[*one.response_stream].sends.longest_message);
    }
    made_.ecus.push_back(std::move(made));
  }

  static tester_key key_of(const connection& one, address_format format) {
    switch (format) {
      case address_format::normal:
      case address_format::mixed:
        break;
      case address_format::normal_fixed:
      case address_format::mixed_29:
        return {one.bus, format, source_of(one.request.id)};
      case address_format::extended:
        return {one.bus, format, one.response.byte.value_or(0)};
    }
    return {one.bus, format, 0};
  }

  std::size_t tester_for(const tester_key& key, const std::string& name) {
    const auto [place, added] = by_key_.try_emplace(key, made_.testers.size());
    if (added) {
      tester made;
      std::tie(made.bus, made.format, made.address) = key;
      made.name = name;
      made_.testers.push_back(std::move(made));
    }
    return place->second;
  }

  /// The tester of the ECUs that answer there. The address that most ECUs answer at is the tester's.
  void add_functional(std::size_t stream) {
    std::map<std::size_t, std::size_t> answered;
    for (std::size_t i = 0; i < exchanges_.size(); ++i)
      if (exchanges_[i].functional == stream) ++answered[made_.ecus[i].tester];
    std::optional<std::size_t> asks;
    for (const auto& [who, count] : answered)
      if (!asks || count > answered[*asks]) asks = who;
    if (!asks) asks = silent_audience(stream);
    if (!asks) return;
    auto& known = made_.testers[*asks];
    const auto& one = all_.streams[stream];
    if (!known.functional) {
      known.functional = n_ai{one.id, one.address_byte};
      join(known.sends, one.sends);
    }
    if (known.functional == n_ai{one.id, one.address_byte}) made_.functional.push_back({stream, *asks});
  }

  /// Nobody answered: whoever would ask there.
  std::optional<std::size_t> silent_audience(std::size_t stream) const {
    const auto& one = all_.streams[stream];
    const auto format = format_of_functional({one.id, one.address_byte});
    for (std::size_t i = 0; i < made_.testers.size(); ++i) {
      const auto& asks = made_.testers[i];
      const bool same_source = format == address_format::normal || asks.address == source_of(one.id);
      if (asks.bus == one.bus && asks.format == format && same_source && !asks.functional) return i;
    }
    return std::nullopt;
  }

  std::string name_of(const connection& one) const {
    if (one.response_stream) {
      const auto& sends = all_.streams[*one.response_stream];
      if (!sends.from.empty()) return sends.from;
      if (sends.comment.starts_with(ecu_comment)) {
        const auto rest = sends.comment.substr(ecu_comment.size());
        return rest.substr(0, rest.find_first_of(",; "));
      }
    } else if (one.request_stream && !all_.streams[*one.request_stream].to.empty()) {
      return all_.streams[*one.request_stream].to;
    }
    return "ecu_" + identifier_text(one.response.id) +
           (one.response.byte ? "_" + byte_text(*one.request.byte) : "");
  }

  std::string name_of_tester(const connection& one) const {
    return one.request_stream ? all_.streams[*one.request_stream].from
                              : all_.streams[*one.response_stream].to;
  }

  void name_tester(std::size_t i) {
    auto& one = made_.testers[i];
    if (one.name.empty() && made_.testers.size() == 1) one.name = "tester";
    if (one.name.empty()) one.name = "tester_" + one.bus;
    one.name = unique(one.name);
  }

  std::string unique(std::string wanted) {
    wanted = as_name(std::move(wanted));
    std::string name = wanted;
    for (int i = 2; !names_.insert(name).second; ++i) name = wanted + "_" + std::to_string(i);
    return name;
  }

  const overheard& all_;
  const pairing& who_;
  const std::vector<ecu_exchanges>& exchanges_;
  casting made_;
  std::map<tester_key, std::size_t> by_key_;
  std::set<std::string> names_;
};

}  // namespace

casting cast_of(const overheard& all, const pairing& who, const std::vector<ecu_exchanges>& exchanges) {
  return director{all, who, exchanges}.run();
}

}  // namespace canstage::learn
