// What became of several exchanges, in one verdict.
#include <fmt/format.h>

#include "protocols/uds/names.hpp"
#include "scenarios/verdict.hpp"

namespace canstage::scenarios {

verdict judge_procedure(const scenario& play, const procedure_step& step, const uds::procedure& found,
                        byte_view answer) {
  verdict judged;
  judged.who = play.ecus[step.to].name;
  judged.detail = found.text();
  const bool succeeded = found.now() == uds::procedure::state::succeeded;
  if (step.refused_with) judged.expected = fmt::format("NRC {:02X}", *step.refused_with);
  const bool as_wanted = step.refused_with ? found.refused_with() == step.refused_with : succeeded;
  if (as_wanted) return judged;
  judged.what = outcome::wrong_answer;
  judged.answer.assign(answer.begin(), answer.end());
  if (step.refused_with)
    judged.detail = fmt::format("expected NRC {:02X} ({}): {}", *step.refused_with,
                                uds::nrc_name(*step.refused_with), judged.detail);
  return judged;
}

}  // namespace canstage::scenarios
