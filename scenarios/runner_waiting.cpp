// Steps that wait: for frames, or for an answer that is as it should be.
#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "scenarios/runner.hpp"
#include "scenarios/wording.hpp"

namespace canstage::scenarios {

runner::course runner::listen(branch& who, bus_index bus, std::unique_ptr<frame_watch> watch) {
  who.watched = bus;
  who.wakes = watch->deadline() + home().time().grace();
  who.watch = std::move(watch);
  return course::under_way;
}

void runner::on_frames(const actors::frames_indication& run) {
  for (const auto& who : branches_) {
    if (!who->watch || who->step_over || who->watched != run.bus) continue;
    for (std::uint32_t i = run.first; i < run.first + run.count && !who->watch->finished(); ++i)
      who->watch->on_frame((*run.batch)[i]);
    if (!who->watch->finished()) continue;
    record(*who, who->watch->judge(who->caught));
    go_on_after(*who);
  }
}

void runner::record(branch& who, std::vector<verdict> verdicts) {
  const bool failed =
      std::any_of(verdicts.begin(), verdicts.end(), [](const verdict& one) { return is_failure(one.what); });
  who.draft.verdicts = std::move(verdicts);
  who.draft.status = failed ? step_status::failed : step_status::passed;
}

runner::course runner::begin(branch& who, const wait_answer_step& what) {
  who.gives_up = now() + what.within;
  who.asked = 0;
  return ask(who, what.ask) ? course::under_way : course::ended;
}

bool runner::asks_again(branch& who) {
  const auto* waiting = std::get_if<wait_answer_step>(&who.current->what);
  if (waiting == nullptr) return false;
  ++who.asked;
  if (who.draft.status != step_status::failed) return false;
  if (now() + waiting->every > who.gives_up) {
    for (verdict& one : who.draft.verdicts)
      if (is_failure(one.what))
        one.detail +=
            fmt::format("; asked {} within {}", counted(who.asked, "time"), time_text(waiting->within));
    return false;
  }
  who.caught.clear();
  who.wakes = now() + waiting->every;
  arm();
  return true;
}

}  // namespace canstage::scenarios
