// Writes what it hears as traces, stamped with the end of each frame. The traces' clock reads
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

/// Who writes, and where to. Both are shared with who reads them after the stage has ended.
struct recording {
  std::shared_ptr<trace::writer> as;
  std::shared_ptr<std::ostream> out;  ///< null for a writer that keeps what it is told
};

/// One port hears everything on one bus; a recorder may own several.
class recorder final : public stage_actor<recorder_actor> {
 public:
  /// `faults`: what each is, by its number.
  recorder(caf::actor_config& config, stage& home, std::string title, std::vector<recorded_bus> buses,
           std::vector<recording> recordings, std::vector<std::string> faults = {});

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  /// Lets every writer append, and writes what it appended.
  template <class Append>
  void write(Append append);
  void write(const bus_incident& what);

  std::vector<recorded_bus> buses_;
  std::vector<recording> recordings_;
  std::vector<std::string> faults_;
  std::string text_;  ///< that is to be written
};

}  // namespace canstage::actors
