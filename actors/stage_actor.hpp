// What all our actors have in common: a stage, a title for error messages, and a failure that ends
// the run with that title instead of dying silently.
#pragma once

#include <caf/all.hpp>
#include <exception>
#include <string>
#include <utility>

#include "actors/interfaces.hpp"
#include "actors/stage.hpp"

namespace canstage::actors {

/// Base of an actor with the typed interface `Handle`. An actor drops the handles it holds in
/// `on_exit`: actors know each other in circles, and a handle that is still held keeps the
/// actor system from ending.
template <class Handle>
class stage_actor : public Handle::base {
 public:
  const char* name() const override { return title_.c_str(); }

 protected:
  stage_actor(caf::actor_config& config, stage& home, std::string title)
      : Handle::base(config), stage_(home), title_(std::move(title)) {
    this->set_exception_handler([this](std::exception_ptr& failure) -> caf::error {
      stage_.report_failure(title_, describe(failure));
      return caf::exit_reason::unhandled_exception;
    });
    // An answer nobody waits for any more is no reason to die.
    this->set_default_handler(caf::drop);
  }

  stage& home() { return stage_; }
  const std::string& title() const { return title_; }
  instant now() const { return stage_.time().now(); }
  alarm make_alarm(phase what) { return {stage_.time(), caf::actor_cast<caf::strong_actor_ptr>(this), what}; }

 private:
  static std::string describe(const std::exception_ptr& failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& problem) {
      return problem.what();
    } catch (...) {
      return "unknown exception";
    }
  }

  stage& stage_;
  std::string title_;
};

}  // namespace canstage::actors
