#include "tools/cli/signals.hpp"

#include <signal.h>
#include <unistd.h>

#include <thread>

#include "tools/cli/exit_status.hpp"

namespace canstage::tools {

void route_signals(scenarios::interruption& breaker) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  // Inherited by every thread that is started from now on: only the one below receives them.
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread([signals, &breaker] {
    int which = 0;
    sigwait(&signals, &which);
    breaker.raise();
    sigwait(&signals, &which);
    _exit(static_cast<int>(exit_status::interrupted));
  }).detach();
}

}  // namespace canstage::tools
