// Actors for tests: one that does what a test says, and one that writes down what it hears.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/connection.hpp"
#include "actors/stage_actor.hpp"

namespace canstage::actors {

/// What a user of a connection was told, in order.
struct diary {
  std::vector<n_usdata_confirm> confirms;
  std::vector<n_usdata_ff_indication> begins;
  std::vector<n_usdata_indication> messages;
};

/// Writes everything into a diary, and ends the run when `enough` says so.
class diarist final : public stage_actor<connection_user_actor> {
 public:
  diarist(caf::actor_config& config, stage& home, std::string title, diary& pages,
          std::function<bool(const diary&)> enough)
      : stage_actor(config, home, std::move(title)), pages_(pages), enough_(std::move(enough)) {}

 protected:
  behavior_type make_behavior() override {
    return {
        [this](const n_usdata_confirm& what) { note(pages_.confirms, what); },
        [this](const n_usdata_ff_indication& what) { note(pages_.begins, what); },
        [this](const n_usdata_indication& what) { note(pages_.messages, what); },
    };
  }

 private:
  template <class Page, class What>
  void note(Page& page, const What& what) {
    page.push_back(what);
    if (enough_(pages_)) home().finish();
  }

  diary& pages_;
  std::function<bool(const diary&)> enough_;
};

/// Does `deed` each time it is woken, and goes back to sleep until the time that `deed` returns.
using sleeper_actor = caf::typed_actor<caf::reacts_to<wake_up>>;

class sleeper final : public stage_actor<sleeper_actor> {
 public:
  sleeper(caf::actor_config& config, stage& home, std::string title, phase when,
          std::function<instant(instant)> deed)
      : stage_actor(config, home, std::move(title)), alarm_(make_alarm(when)), deed_(std::move(deed)) {
    alarm_.arm(now());
  }

 protected:
  behavior_type make_behavior() override {
    return {[this](const wake_up&) {
      alarm_.woke();
      alarm_.arm(deed_(now()));
    }};
  }

 private:
  alarm alarm_;
  std::function<instant(instant)> deed_;
};

}  // namespace canstage::actors
