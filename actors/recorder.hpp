// Writes what it hears as a candump log, a line per frame, stamped with the end of the frame.
// The log's clock reads 1 s at the start of the run (see candump_log.hpp, log2asc_start).
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "actors/stage_actor.hpp"

namespace canstage::actors {

/// One port hears everything on one bus; a recorder may own several.
class recorder final : public stage_actor<recorder_actor> {
 public:
  /// `names`: of the buses, by index. `out` is shared with who reads it after the stage has ended.
  recorder(caf::actor_config& config, stage& home, std::string title, std::vector<std::string> names,
           std::shared_ptr<std::ostream> out);

 protected:
  behavior_type make_behavior() override;

 private:
  std::vector<std::string> names_;
  std::shared_ptr<std::ostream> out_;
  std::string line_;
};

}  // namespace canstage::actors
