#include "actors/recorder.hpp"

#include <ostream>
#include <utility>

#include "protocols/trace/candump_log.hpp"

namespace canstage::actors {

recorder::recorder(caf::actor_config& config, stage& home, std::string title, std::vector<std::string> names,
                   std::shared_ptr<std::ostream> out)
    : stage_actor(config, home, std::move(title)), names_(std::move(names)), out_(std::move(out)) {}

recorder_actor::behavior_type recorder::make_behavior() {
  return {
      [this](const frames_indication& run) {
        for (std::uint32_t i = run.first; i < run.first + run.count; ++i) {
          const auto& sent = (*run.batch)[i];
          line_.clear();
          trace::append_line(line_, sent.end + trace::log2asc_start, names_.at(run.bus), sent.content);
          line_ += '\n';
          out_->write(line_.data(), static_cast<std::streamsize>(line_.size()));
        }
      },
      [](const transmit_confirm&) {},
  };
}

}  // namespace canstage::actors
