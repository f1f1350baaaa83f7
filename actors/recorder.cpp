#include "actors/recorder.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

#include "fmt/format.h"
#include "protocols/bytes.hpp"
#include "protocols/trace/record.hpp"

namespace canstage::actors {

namespace {

/// As Linux has them (linux/can/error.h): a protocol error on the bus, with the controller's counters.
constexpr std::uint32_t error_classes = 0x008 | 0x080 | 0x200;
constexpr std::uint8_t form_error = 0x02;
constexpr std::uint8_t at_crc_delimiter = 0x18;

can::frame error_message(const can::incident& what) {
  can::frame f;
  f.length = can::max_classic_length;
  f.data[2] = form_error;
  f.data[3] = at_crc_delimiter;
  f.data[6] = static_cast<std::uint8_t>(std::min<std::uint32_t>(what.tec, 0xFF));
  f.data[7] = static_cast<std::uint8_t>(std::min<std::uint32_t>(what.rec, 0xFF));
  return f;
}

std::string frame_text(const can::frame& f) {
  const bool extended = f.id.is_extended();
  return fmt::format("{:0{}X} {}", f.id.value(), extended ? 8 : 3, to_hex(f.payload()));
}

std::string_view state_text(can::error_state state) {
  if (state == can::error_state::bus_off) return "bus off";
  return state == can::error_state::passive ? "error passive" : "error active";
}

}  // namespace

recorder::recorder(caf::actor_config& config, stage& home, std::string title, std::vector<recorded_bus> buses,
                   std::vector<recording> recordings, std::vector<std::string> faults)
    : stage_actor(config, home, std::move(title)),
      buses_(std::move(buses)),
      recordings_(std::move(recordings)),
      faults_(std::move(faults)) {
  if (!faults_.empty()) home.observe_incidents(incident_observer_actor{this});
  write([this](trace::writer& as) {
    as.begin(text_);
    for (const auto& bus : buses_) as.add_bus(text_, bus.name);
  });
}

recorder_actor::behavior_type recorder::make_behavior() {
  return {
      [this](const frames_indication& run) {
        const auto& nodes = buses_.at(run.bus).nodes;
        write([&](trace::writer& as) {
          for (std::uint32_t i = run.first; i < run.first + run.count; ++i) {
            const auto& sent = (*run.batch)[i];
            as.add(text_, {.time = sent.end + trace::clock_at_start,
                           .bus = run.bus,
                           .content = sent.content,
                           .comment = sent.node < nodes.size() ? nodes[sent.node] : std::string_view{}});
          }
        });
      },
      [](const transmit_confirm&) {},
      [this](const incident_report& told) {
        if (const auto* bus = std::get_if<bus_incident>(&told)) return write(*bus);
        const auto& node = std::get<node_incident>(told);
        write([&](trace::writer& as) {
          as.remark(text_, node.at + trace::clock_at_start, "fault: " + faults_.at(node.fault));
        });
      },
  };
}

void recorder::write(const bus_incident& told) {
  const can::incident& what = told.what;
  const auto& bus = buses_.at(told.bus);
  const auto node = what.node < bus.nodes.size() ? bus.nodes[what.node] : std::string{"a node of nobody"};
  const instant at = what.at + trace::clock_at_start;
  switch (what.what) {
    case can::incident::kind::fault:
      return write([&](trace::writer& as) {
        as.remark(text_, at,
                  fmt::format("fault: {}, {} of {}", faults_.at(what.fault), frame_text(what.content), node));
      });
    case can::incident::kind::error_frame: {
      const auto content = error_message(what);
      const auto comment = fmt::format("{} of {} is destroyed", frame_text(what.content), node);
      return write([&](trace::writer& as) {
        as.add(text_, {.time = at,
                       .bus = told.bus,
                       .content = content,
                       .error_classes = error_classes,
                       .comment = comment});
      });
    }
    case can::incident::kind::state:
      return write([&](trace::writer& as) {
        as.remark(text_, at,
                  fmt::format("{} is {} (TEC {}, REC {})", node, state_text(what.state), what.tec, what.rec));
      });
  }
}

void recorder::on_exit() {
  write([this](trace::writer& as) { as.end(text_); });
}

template <class Append>
void recorder::write(Append append) {
  for (const auto& one : recordings_) {
    text_.clear();
    append(*one.as);
    if (one.out == nullptr) continue;
    one.out->write(text_.data(), static_cast<std::streamsize>(text_.size()));
    // Somebody may be watching the file, and nobody knows how a real run ends.
    if (home().kind() == stage_time::real_time) one.out->flush();
  }
}

}  // namespace canstage::actors
