#include "actors/recorder.hpp"

#include <ostream>
#include <utility>

#include "protocols/trace/record.hpp"

namespace canstage::actors {

recorder::recorder(caf::actor_config& config, stage& home, std::string title, std::vector<recorded_bus> buses,
                   std::vector<recording> recordings)
    : stage_actor(config, home, std::move(title)),
      buses_(std::move(buses)),
      recordings_(std::move(recordings)) {
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
  };
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
