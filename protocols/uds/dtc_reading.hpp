// reportDTCByStatusMask: a tester that reads the DTCs and compares them.
#pragma once

#include "protocols/uds/procedure.hpp"

namespace canstage::uds {

class dtc_reading final : public procedure {
 public:
  explicit dtc_reading(const dtc_reading_spec& spec);

 private:
  void take(byte_view answer) override;

  const dtc_reading_spec& spec_;
};

}  // namespace canstage::uds
