// State that costs a pointer while it is that of a fresh ECU: most ECUs never use most services.
#pragma once

#include <memory>

namespace canstage::uds {

template <class State>
class lazy {
 public:
  /// The state; a fresh one while nothing was changed.
  const State& get() const {
    static const State fresh{};
    return value_ ? *value_ : fresh;
  }
  const State* operator->() const { return &get(); }

  /// To change it. Stays where it is until `forget`.
  State& change() {
    if (!value_) value_ = std::make_unique<State>();
    return *value_;
  }

  bool is_fresh() const { return value_ == nullptr; }
  void forget() { value_.reset(); }

 private:
  std::unique_ptr<State> value_;
};

}  // namespace canstage::uds
