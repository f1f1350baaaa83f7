// requestSeed, then sendKey: a tester that unlocks a security level.
#pragma once

#include <string>

#include "protocols/uds/procedure.hpp"

namespace canstage::uds {

/// A seed of zeros says that the level is unlocked already, and no key is sent.
class unlock_client final : public procedure {
 public:
  explicit unlock_client(const unlock_spec& spec);

 private:
  void take(byte_view answer) override;
  void take_seed(byte_view seed);

  const unlock_spec& spec_;
  bool key_sent_ = false;
};

}  // namespace canstage::uds
