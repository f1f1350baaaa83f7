// From what was expected and what was found to a verdict. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/uds/exchange.hpp"
#include "protocols/uds/pattern.hpp"
#include "scenarios/expectation.hpp"
#include "scenarios/model.hpp"
#include "scenarios/result.hpp"

namespace canstage::scenarios {

/// Times that hold though no expectation names them.
struct implied_limits {
  std::optional<duration> window;   ///< for the begin of the first reaction, if there is no `within`
  std::optional<duration> p2_star;  ///< from a 0x78 to the next reaction, if there is no `each_within`
};

/// Judges one participant. `caught` receives what the expected pattern captured, if the answer fits.
verdict judge_responder(const std::string& who, const responder_expectation& expected,
                        const uds::exchange_report& report, const uds::responder_report& found,
                        byte_view request, uds::captures& caught, const implied_limits& implied = {});

/// Says what one participant did of whom nothing was expected: `not_judged`, or `not_sent`.
verdict describe_responder(const std::string& who, const uds::exchange_report& report,
                           const uds::responder_report& found, byte_view request);

/// Judges everybody of a functional step: the named ECUs in the order of the file, then the other
/// ECUs of the bus, then unknown responders. Keys of the report are indices of `from.ecus`.
std::vector<verdict> judge_functional(const scenario& play, const functional_step& step, byte_view request,
                                      const uds::exchange_report& report, uds::captures& caught);

/// Judges a physical step. Without an expectation the answer is only shown.
std::vector<verdict> judge_request(const scenario& play, const request_step& step, byte_view request,
                                   const uds::exchange_report& report, uds::captures& caught);

/// Judges what became of a procedure that has ended by an answer, the last one.
verdict judge_procedure(const scenario& play, const procedure_step& step, const uds::procedure& found,
                        byte_view answer);

}  // namespace canstage::scenarios
