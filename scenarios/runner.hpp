// Plays a script: one branch after the other's events, every exchange judged when it ends.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/stage_actor.hpp"
#include "protocols/uds/pattern.hpp"
#include "scenarios/builder.hpp"
#include "scenarios/cursor.hpp"
#include "scenarios/fault_director.hpp"
#include "scenarios/frame_watch.hpp"
#include "scenarios/model.hpp"
#include "scenarios/play.hpp"
#include "scenarios/result.hpp"

namespace canstage::scenarios {

/// Fills `result` and ends the stage's run when the script is at its end. `play` and `result` outlive
/// the stage; `result` belongs to the runner until the run has ended.
class runner final : public actors::stage_actor<actors::runner_actor> {
 public:
  runner(caf::actor_config& config, actors::stage& home, std::string title, const scenario& play,
         cast players, run_result& result, progress* watched, fault_director_actor faults = {});

 protected:
  behavior_type make_behavior() override;
  void on_exit() override {
    players_ = {};
    faults_ = nullptr;
  }

 private:
  /// One sequence of steps; the branches of a `parallel` are its children.
  struct branch {
    branch(cursor steps, branch* forked_from)
        : place(std::move(steps)),
          parent(forked_from),
          captured(forked_from != nullptr ? forked_from->captured : std::make_shared<uds::captures>()) {}

    cursor place;
    branch* parent;
    std::shared_ptr<uds::captures> captured;  ///< by the steps before; all branches of a vehicle share it
    std::size_t children = 0;                 ///< that are not at their end
    const step* current = nullptr;            ///< a step that has not ended
    step_result draft;                        ///< its result so far
    uds::captures caught;                     ///< by the current step
    std::unique_ptr<uds::procedure> running;  ///< of the current step
    bool asks_next = false;                   ///< the next request of `running` goes out at this instant
    bool step_over = false;                   ///< the current step ends at this instant
    instant wakes = never;                    ///< `advance` ends then, or a request is made again
    std::unique_ptr<frame_watch> watch;       ///< what a step about frames has heard
    bus_index watched = 0;                    ///< where
    instant gives_up = never;                 ///< `wait_for` makes no further request then
    std::size_t asked = 0;                    ///< requests of `wait_for`
  };

  /// Whether a step that begins also ends at once.
  enum class course : bool { ended, under_way };

  void play_ready();
  course begin(branch& who, const step& what);
  course begin(branch& who, const functional_step& what);
  course begin(branch& who, const request_step& what);
  course begin(branch& who, const procedure_step& what);
  course begin(branch& who, const tester_present_step& what);
  course begin(branch& who, const advance_step& what);
  course begin(branch& who, const reset_step& what);
  course begin(branch& who, const set_step& what);
  course begin(branch& who, const send_frame_step& what);
  course begin(branch& who, const parallel_step& what);
  course begin(branch& who, const repeat_step& what);
  course begin(branch& who, const for_each_step& what);
  course begin(branch& who, const power_step& what);
  course begin(branch& who, const switch_cyclic_step& what);
  course begin(branch& who, const wait_answer_step& what);
  course begin(branch& who, const change_parameter_step& what);
  template <class FrameStep>
  requires requires(FrameStep what) { what.which; }
  course begin(branch& who, const FrameStep& what) {
    return listen(who, what.which.bus, watch_frames(play_, what, now()));
  }

  course listen(branch& who, bus_index bus, std::unique_ptr<frame_watch> watch);
  void on_frames(const actors::frames_indication& run);
  /// Makes the physical request of a step; false (and the draft says why) if a capture is missing.
  bool ask(branch& who, const request_step& what);
  /// Whether a step whose last request failed makes it again later.
  bool asks_again(branch& who);
  static void record(branch& who, std::vector<verdict> verdicts);

  /// The request's bytes, or nothing (and the draft says why) if a capture is missing.
  std::optional<bytes> fill(branch& who, const uds::reply_template& request);
  template <class Judge>
  void exchange(branch& who, const actors::tester_actor& via, uds::exchange_spec spec, Judge judge);
  step_result open_result(const step& what, std::string path) const;
  void end_step(branch& who);
  void go_on_after(branch& who);

  // Procedures: one exchange after the other, then the verdict.
  void ask_next(branch& who, const procedure_step& what);
  void on_procedure_report(branch& who, const procedure_step& what, const uds::exchange_report& report);

  /// TesterPresent of one tester.
  struct background {
    tester_present how;
    instant next = never;
  };
  void begin_background(tester_index from, const tester_present& how);
  void send_tester_present();
  void ask_present(tester_index from, const tester_present& how, std::optional<ecu_index> to);

  uds::responder_spec responder(tester_index from, ecu_index to, duration window) const;
  void end_branch(branch& who);
  void leave_out(const branch& who, const std::string& why);
  void on_sent(const actors::transmit_confirm& sent);
  void give_up_frame(branch& who, const send_frame_step& what);
  void on_wake();
  void on_abort();
  void arm();
  void end_run();

  const scenario& play_;
  cast players_;
  fault_director_actor faults_;  ///< is told of steps; null: nobody wants to know
  run_result& result_;
  progress* watched_;
  std::vector<std::unique_ptr<branch>> branches_;
  std::deque<branch*> ready_;
  std::vector<std::pair<can::transmit_token, branch*>> frames_under_way_;
  can::transmit_token next_token_ = 0;
  std::vector<background> present_;  ///< one per tester
  actors::alarm alarm_;
  std::size_t statistics_awaited_ = 0;
  bool stopped_ = false;  ///< no further step begins
  bool ended_ = false;
};

}  // namespace canstage::scenarios
