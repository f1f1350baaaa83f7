#include "scenarios/learnt_values.hpp"

#include <fmt/format.h>
#include <yaml-cpp/emittermanip.h>

#include <algorithm>
#include <chrono>

#include "protocols/isotp/st_min.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::uint8_t usual_padding = 0xCC;
constexpr std::size_t usual_max_sdu = 4095;
constexpr std::uint8_t longest_fd_frame = 64;
constexpr unsigned usual_n_wft_max = 10;
constexpr unsigned most_waits = 255;
constexpr std::uint32_t million = 1'000'000;

void put_outliers(YAML::Emitter& out, const uds::varying_time& time) {
  if (time.outliers_per_million == 0) return;
  out << YAML::Key << "outliers" << YAML::Value << YAML::Flow << YAML::BeginMap;
  put(out, "one_in", std::to_string((million + time.outliers_per_million / 2) / time.outliers_per_million));
  put(out, "time", uds::varying_time{time.outliers});
  out << YAML::EndMap;
}

void put_flow_control(YAML::Emitter& out, const learn::habits& sends) {
  if (sends.asks && sends.asks->bs != 0) put(out, "bs", std::to_string(sends.asks->bs));
  if (sends.asks && sends.asks->stmin != 0)
    put(out, "stmin", written_time(isotp::st_min::from_code(sends.asks->stmin).time()));
  if (!sends.asks && sends.overflows > 0) {
    put(out, "flow_control", "overflow");
  } else if (sends.waits > 0) {
    out << YAML::Key << "flow_control" << YAML::Value << YAML::Flow << YAML::BeginMap;
    put(out, "wait", std::to_string(std::min(sends.waits, most_waits)));
    out << YAML::EndMap;
    if (sends.waits > usual_n_wft_max)
      put(out, "n_wft_max", std::to_string(std::min(sends.waits, most_waits)));
  }
}

}  // namespace

std::string written_time(duration time) {
  using std::chrono::seconds;
  if (time >= seconds{1} && time % seconds{1} == duration{0})
    return fmt::format("{}s", std::chrono::duration_cast<seconds>(time).count());
  constexpr std::int64_t nanoseconds_per_ms = 1'000'000;
  std::string text = std::to_string(time.count() / nanoseconds_per_ms);
  if (const auto rest = time.count() % nanoseconds_per_ms; rest != 0) {
    text += fmt::format(".{:06}", rest);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "ms";
}

std::string written_identifier(can::identifier id) {
  return fmt::format("{:0{}X}", id.value(), id.is_extended() ? 8 : 3);
}

std::string written_byte(std::uint8_t byte) { return fmt::format("{:02X}", byte); }

void put(YAML::Emitter& out, std::string_view key, const std::string& plain) {
  out << YAML::Key << std::string{key} << YAML::Value << plain;
}

void put_hex(YAML::Emitter& out, std::string_view key, const std::string& hex) {
  out << YAML::Key << std::string{key} << YAML::Value << YAML::DoubleQuoted << hex;
}

void put(YAML::Emitter& out, std::string_view key, const uds::varying_time& time) {
  const auto& [low, high] = time.bounds;
  if (time.how == uds::spread::uniform && time.outliers_per_million == 0)
    return put(out, key, written_time(low) + (low == high ? "" : ".." + written_time(high)));
  out << YAML::Key << std::string{key} << YAML::Value << YAML::Flow << YAML::BeginMap;
  if (time.how == uds::spread::uniform) {
    put(out, "mean", written_time(low + (high - low) / 2));
    put(out, "jitter", written_time((high - low) / 2));
  } else {
    const bool normal = time.how == uds::spread::normal;
    put(out, "distribution", normal ? "normal" : "exponential");
    put(out, "mean", written_time(time.mean));
    if (normal) put(out, "deviation", written_time(time.deviation));
    put(out, "min", written_time(low));
    put(out, "max", written_time(high));
  }
  put_outliers(out, time);
  out << YAML::EndMap;
}

void put_isotp(YAML::Emitter& out, const learn::habits& sends) {
  const bool padding = sends.no_padding || (sends.filler && *sends.filler != usual_padding);
  const bool flow_control = sends.waits > 0 || sends.overflows > 0 ||
                            (sends.asks && (sends.asks->bs != 0 || sends.asks->stmin != 0));
  const bool long_messages = sends.longest_message > usual_max_sdu;
  if (!padding && !flow_control && !long_messages && !sends.fd) return;
  out << YAML::Key << "isotp" << YAML::Value << YAML::Flow << YAML::BeginMap;
  put_flow_control(out, sends);
  if (sends.no_padding) {
    put(out, "padding", "none");
  } else if (padding) {
    put_hex(out, "padding", written_byte(*sends.filler));
  }
  if (sends.fd) {
    const bool shows = sends.first_frame > can::max_classic_length;
    put(out, "tx_dl", std::to_string(shows ? sends.first_frame : longest_fd_frame));
    if (!sends.bit_rate_switch) put(out, "brs", "false");
  }
  if (long_messages) put(out, "max_sdu", std::to_string(sends.longest_message));
  out << YAML::EndMap;
}

}  // namespace canstage::scenarios
