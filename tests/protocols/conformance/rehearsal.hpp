// A conformance run against an endpoint of ours, on a bus with wire time, in virtual time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocols/can/arbiter.hpp"
#include "protocols/conformance/conformance_run.hpp"
#include "protocols/isotp/endpoint.hpp"

namespace canstage::conformance::test {

/// What is under test, and how it is asked.
struct stack_under_test {
  isotp::addressing address{can::identifier::standard(0x7E0), can::identifier::standard(0x7E8),
                            can::identifier::standard(0x7DF), std::nullopt};
  isotp::parameters parameters;
  std::optional<isotp::misbehaviour> faults;
  bool echoes = true;
};

/// The setting in which a driver meets that stack.
setting setting_of(const stack_under_test& stack);

/// All results, by number.
std::map<unsigned, statement_result> rehearse(const stack_under_test& stack, const setting& known,
                                              std::vector<unsigned> only = {});
std::map<unsigned, statement_result> rehearse(const stack_under_test& stack);

/// The numbers with that verdict.
std::vector<unsigned> with(verdict what, const std::map<unsigned, statement_result>& results);

/// What failed and deviates, a line each, for a message.
std::string explain(const std::map<unsigned, statement_result>& results);

}  // namespace canstage::conformance::test
