// Steps that ask and judge.
#pragma once

#include <utility>

#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

/// What stands beside `functional` and `request` in their step.
struct request_extras {
  const node* expect = nullptr;
  const node* order = nullptr;
};

void read_functional_step(reader& in, const node& value, const request_extras& extras, step& out);
void read_request_step(reader& in, const node& value, const request_extras& extras, step& out);

/// The tester of that name; without one the only tester.
std::optional<tester_index> find_tester(reader& in, const node* from, position where);
/// Who asks which ECU; without `from` the only tester that reaches it.
std::optional<std::pair<tester_index, ecu_index>> read_tester_and_ecu(reader& in, const node* from,
                                                                      const node* to, position where);
/// How long an answer to a tester may take to begin, unless a step says otherwise.
duration usual_window(reader& in, tester_index from);

void describe_requests(std::vector<map_doc>& maps);

}  // namespace canstage::scenarios
