// Writes what it hears as a trace, stamped with the end of each frame. The trace's clock reads
// `trace::clock_at_start` at the start of the run.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "actors/stage_actor.hpp"
#include "protocols/trace/writer.hpp"

namespace canstage::actors {

/// One bus of a trace.
struct recorded_bus {
  std::string name;
  std::vector<std::string> nodes;  ///< who is behind each port, from 0; formats with comments say it
};

/// One port hears everything on one bus; a recorder may own several.
class recorder final : public stage_actor<recorder_actor> {
 public:
  /// `out` is shared with who reads it after the stage has ended.
  recorder(caf::actor_config& config, stage& home, std::string title, std::vector<recorded_bus> buses,
           trace::file_format format, std::shared_ptr<std::ostream> out);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  void write();

  std::vector<recorded_bus> buses_;
  std::unique_ptr<trace::writer> writer_;
  std::shared_ptr<std::ostream> out_;
  std::string text_;  ///< that is to be written
};

}  // namespace canstage::actors
