#include "actors/recorder.hpp"

#include <ostream>
#include <utility>

#include "protocols/trace/record.hpp"

namespace canstage::actors {

recorder::recorder(caf::actor_config& config, stage& home, std::string title, std::vector<recorded_bus> buses,
                   trace::file_format format, std::shared_ptr<std::ostream> out)
    : stage_actor(config, home, std::move(title)),
      buses_(std::move(buses)),
      writer_(trace::make_writer(format)),
      out_(std::move(out)) {
  writer_->begin(text_);
  for (const auto& bus : buses_) writer_->add_bus(text_, bus.name);
  write();
}

recorder_actor::behavior_type recorder::make_behavior() {
  return {
      [this](const frames_indication& run) {
        const auto& nodes = buses_.at(run.bus).nodes;
        for (std::uint32_t i = run.first; i < run.first + run.count; ++i) {
          const auto& sent = (*run.batch)[i];
          writer_->add(text_, {.time = sent.end + trace::clock_at_start,
                               .bus = run.bus,
                               .content = sent.content,
                               .comment = sent.node < nodes.size() ? nodes[sent.node] : std::string_view{}});
        }
        write();
      },
      [](const transmit_confirm&) {},
  };
}

void recorder::on_exit() {
  writer_->end(text_);
  write();
}

void recorder::write() {
  out_->write(text_.data(), static_cast<std::streamsize>(text_.size()));
  text_.clear();
  // Somebody may be watching the file, and nobody knows how a real run ends.
  if (home().kind() == stage_time::real_time) out_->flush();
}

}  // namespace canstage::actors
