#include "scenarios/interruption.hpp"

#include "actors/stage.hpp"

namespace canstage::scenarios {

void interruption::raise() {
  const std::lock_guard lock{mutex_};
  raised_ = true;
  if (stage_ != nullptr) stage_->interrupt();
}

interruptible::interruptible(interruption& breaker, actors::stage& target) : breaker_(breaker) {
  const std::lock_guard lock{breaker_.mutex_};
  breaker_.stage_ = &target;
  if (breaker_.raised_) target.interrupt();
}

interruptible::~interruptible() {
  const std::lock_guard lock{breaker_.mutex_};
  breaker_.stage_ = nullptr;
}

}  // namespace canstage::scenarios
