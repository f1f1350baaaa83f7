// Steps that ask and judge.
#pragma once

#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

/// What stands beside `functional` and `request` in their step.
struct request_extras {
  const node* expect = nullptr;
  const node* order = nullptr;
};

void read_functional_step(reader& in, const node& value, const request_extras& extras, step& out);
void read_request_step(reader& in, const node& value, const request_extras& extras, step& out);

void describe_requests(std::vector<map_doc>& maps);

}  // namespace canstage::scenarios
