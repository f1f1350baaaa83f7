#include "actors/misdeeds.hpp"

namespace canstage::actors {

void misdeeds::tell_new(stage& home, instant now, const isotp::fault_counts& fired) {
  auto& told = known_->told;
  for (std::size_t i = 0; i < fired.size(); ++i) {
    while (told[i] < fired[i]) {
      const auto occasion = static_cast<std::uint32_t>(++told[i]);
      home.report_incident(node_incident{known_->options->labels[i], occasion, now});
    }
  }
}

}  // namespace canstage::actors
