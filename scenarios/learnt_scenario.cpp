#include "scenarios/learnt_scenario.hpp"

#include <fmt/format.h>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include "protocols/uds/names.hpp"
#include "scenarios/learnt_values.hpp"

namespace canstage::scenarios {

namespace {

using learn::address_format;

std::string word_of(address_format format) {
  switch (format) {
    case address_format::normal:
      break;
    case address_format::normal_fixed:
      return "normal_fixed";
    case address_format::extended:
      return "extended";
    case address_format::mixed:
      return "mixed";
    case address_format::mixed_29:
      return "mixed_29";
  }
  return "normal";
}

bool makes_identifiers(address_format format) {
  return format == address_format::normal_fixed || format == address_format::mixed_29;
}

bool has_extension(address_format format) {
  return format == address_format::mixed || format == address_format::mixed_29;
}

std::uint8_t target_of(can::identifier id) { return static_cast<std::uint8_t>(id.value() >> 8); }

/// The sections of a scenario, each in a map of its own.
class section_writer {
 public:
  section_writer(const learn::lesson& what, const learnt_options& options, YAML::Emitter& out)
      : what_(what), options_(options), out_(out) {}

  void put_head() {
    put(out_, "canstage", "1");
    put(out_, "name", "learnt from " + options_.source);
  }

  void put_buses() {
    out_ << YAML::Key << "buses" << YAML::Value << YAML::BeginMap;
    for (const auto& bus : what_.buses) {
      open(bus_name(bus));
      if (options_.rates) put(out_, "bitrate", std::to_string(options_.rates->nominal));
      if (options_.rates && options_.rates->data != 0)
        put(out_, "data_bitrate", std::to_string(options_.rates->data));
      close();
    }
    out_ << YAML::EndMap;
  }

  void put_ecus() {
    out_ << YAML::Key << "ecus" << YAML::Value << YAML::BeginMap;
    for (const auto& one : what_.ecus) {
      out_ << YAML::Key << one.name << YAML::Value << YAML::BeginMap;
      put(out_, "bus", bus_name(one.addresses.bus));
      put_address(one);
      put_isotp(out_, one.sends);
      put_uds(one);
      put_rules(one);
      out_ << YAML::EndMap;
    }
    out_ << YAML::EndMap;
  }

  void put_testers() {
    out_ << YAML::Key << "testers" << YAML::Value << YAML::BeginMap;
    for (const auto& one : what_.testers) {
      out_ << YAML::Key << one.name << YAML::Value << YAML::BeginMap;
      put(out_, "bus", bus_name(one.bus));
      if (one.format == address_format::normal) {
        put_functional(one.functional, one.format, true);
      } else {
        open("address");
        put(out_, "format", word_of(one.format));
        if (one.format != address_format::mixed) put_hex(out_, "tester", written_byte(one.address));
        if (has_extension(one.format) && one.functional)
          put_hex(out_, "extension", written_byte(one.functional->byte.value_or(0)));
        put_functional(one.functional, one.format, false);
        close();
      }
      put_isotp(out_, one.sends);
      out_ << YAML::EndMap;
    }
    out_ << YAML::EndMap;
  }

  void put_steps() {
    out_ << YAML::Key << "steps" << YAML::Value << YAML::BeginSeq;
    for (const auto& one : what_.steps) put_step(one);
    out_ << YAML::EndSeq;
  }

 private:
  void open(std::string_view key) {
    out_ << YAML::Key << std::string{key} << YAML::Value << YAML::Flow << YAML::BeginMap;
  }
  void close() { out_ << YAML::EndMap; }

  /// Names of recordings have what names of scenarios have not.
  static std::string bus_name(std::string name) {
    for (char& c : name) {
      const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                        c == '_' || c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
      if (!good) c = '_';
    }
    return name;
  }

  void put_functional(const std::optional<learn::n_ai>& functional, address_format format, bool may_lack) {
    if (!functional) {
      if (!may_lack) put(out_, "functional", "none");
    } else if (makes_identifiers(format)) {
      put_hex(out_, "functional", written_byte(target_of(functional->id)));
    } else if (format == address_format::extended) {
      open("functional");
      put_hex(out_, "id", written_identifier(functional->id));
      put_hex(out_, "address", written_byte(functional->byte.value_or(0)));
      close();
    } else {
      put_hex(out_, "functional", written_identifier(functional->id));
    }
  }

  void put_address(const learn::ecu& one) {
    const auto& [request, response] = std::tie(one.addresses.request, one.addresses.response);
    const auto& asks = what_.testers[one.tester];
    open("address");
    if (one.format != address_format::normal) put(out_, "format", word_of(one.format));
    if (!makes_identifiers(one.format)) {
      put_hex(out_, "request", written_identifier(request.id));
      put_hex(out_, "response", written_identifier(response.id));
    } else {
      put_hex(out_, "ecu", written_byte(target_of(request.id)));
    }
    if (one.format == address_format::extended) put_hex(out_, "ecu", written_byte(request.byte.value_or(0)));
    if (makes_identifiers(one.format) || one.format == address_format::extended)
      put_hex(out_, "tester", written_byte(asks.address));
    if (has_extension(one.format)) put_hex(out_, "extension", written_byte(request.byte.value_or(0)));
    put_functional(one.functional, one.format, false);
    close();
  }

  void put_uds(const learn::ecu& one) {
    const auto& times = one.pendings;
    if (!one.response_time && !times.first) return;
    out_ << YAML::Key << "uds" << YAML::Value << YAML::BeginMap;
    if (one.response_time) put(out_, "response_time", *one.response_time);
    if (times.p2 || times.p2_star) {
      open("timing");
      if (times.p2) put(out_, "p2", written_time(*times.p2));
      if (times.p2_star) put(out_, "p2_star", written_time(*times.p2_star));
      close();
    }
    if (times.first) {
      open("response_pending");
      put(out_, "first", written_time(*times.first));
      if (times.every) put(out_, "every", written_time(*times.every));
      if (times.count) put(out_, "count", std::to_string(*times.count));
      close();
    }
    out_ << YAML::EndMap;
  }

  void put_rules(const learn::ecu& one) {
    if (one.rules.empty()) return;
    out_ << YAML::Key << "rules" << YAML::Value << YAML::BeginSeq;
    for (const auto& rule : one.rules) {
      out_ << YAML::Flow << YAML::BeginMap;
      put_hex(out_, "request", to_hex(rule.request));
      if (rule.answer.empty()) {
        put(out_, "silence", "true");
      } else if (rule.as_nrc) {
        put_hex(out_, "nrc", written_byte(rule.answer[2]));
      } else {
        put_hex(out_, "reply", to_hex(rule.answer));
      }
      if (rule.time) put(out_, rule.pending ? "takes" : "after", *rule.time);
      if (rule.times != 0) put(out_, "times", std::to_string(rule.times));
      out_ << YAML::EndMap;
    }
    out_ << YAML::EndSeq;
  }

  /// The value of an expectation about one ECU.
  void put_expected(const learn::reaction& one, byte_view request) {
    if (one.answer.empty()) {
      out_ << (one.pendings == 0 ? "silence" : "any");
      return;
    }
    const bool negative = one.answer.size() == 3 && one.answer[0] == uds::negative_response &&
                          one.answer[1] == request[0] && one.answer[2] != 0;
    if (!negative && one.pendings == 0) {
      out_ << YAML::DoubleQuoted << to_hex(one.answer);
      return;
    }
    out_ << YAML::Flow << YAML::BeginMap;
    put_hex(out_, negative ? "nrc" : "reply", negative ? written_byte(one.answer[2]) : to_hex(one.answer));
    if (one.pendings > 0) put(out_, "pending", std::to_string(one.pendings));
    out_ << YAML::EndMap;
  }

  void put_step(const learn::step& one) {
    if (one.pause > duration{0}) {
      out_ << YAML::BeginMap;
      put(out_, "advance", written_time(one.pause));
      out_ << YAML::EndMap;
    }
    out_ << YAML::BeginMap;
    open(one.to ? "request" : "functional");
    put(out_, "from", what_.testers[one.tester].name);
    if (one.to) put(out_, "to", what_.ecus[*one.to].name);
    put_hex(out_, one.to ? "bytes" : "request", to_hex(one.request));
    if (one.window) put(out_, "window", written_time(*one.window));
    close();
    out_ << YAML::Key << "expect" << YAML::Value;
    if (one.to) {
      if (one.expected.empty()) {
        out_ << "any";
      } else {
        put_expected(one.expected.front(), one.request);
      }
    } else if (one.expected.empty()) {
      out_ << YAML::Flow << YAML::BeginMap << YAML::Key << "others" << YAML::Value << "silence"
           << YAML::EndMap;
    } else {
      out_ << YAML::BeginMap;
      for (const auto& reaction : one.expected) {
        out_ << YAML::Key << what_.ecus[reaction.ecu].name << YAML::Value;
        put_expected(reaction, one.request);
      }
      out_ << YAML::EndMap;
    }
    out_ << YAML::EndMap;
  }

  const learn::lesson& what_;
  const learnt_options& options_;
  YAML::Emitter& out_;
};

}  // namespace

void write_learnt(std::ostream& out, const learn::lesson& what, const learnt_options& given) {
  learnt_options options = given;
  // A comment ends with its line.
  std::replace_if(
      options.source.begin(), options.source.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' '; }, '?');
  out << "# Learnt by canstage from " << options.source
      << ". A rule says what an ECU answered, and when; several\n"
      << "# with one request are used one after the other, as often as they say, and the last one for "
         "good.\n";
  for (const auto& one : what.remarks) out << "#  - " << one << '\n';
  using section = void (section_writer::*)();
  std::vector<section> sections{&section_writer::put_head, &section_writer::put_buses,
                                &section_writer::put_ecus, &section_writer::put_testers};
  if (options.steps) sections.push_back(&section_writer::put_steps);
  for (const auto one : sections) {
    YAML::Emitter text;
    text << YAML::BeginMap;
    (section_writer{what, options, text}.*one)();
    text << YAML::EndMap;
    out << '\n' << text.c_str() << '\n';
  }
}

}  // namespace canstage::scenarios
