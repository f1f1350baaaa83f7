// What happens in a scenario, step by step. Names are indices already.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "protocols/can/frame.hpp"
#include "protocols/isotp/result.hpp"
#include "protocols/isotp/st_min.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/pattern.hpp"
#include "protocols/uds/procedure.hpp"
#include "protocols/uds/stimulus.hpp"
#include "scenarios/expectation.hpp"
#include "scenarios/frame_steps.hpp"
#include "scenarios/position.hpp"

namespace canstage::scenarios {

struct step;
using step_list = std::vector<step>;

/// One functional request, every ECU of the bus judged.
struct functional_step {
  tester_index from = 0;
  uds::reply_template request;
  duration window{0};
  functional_expectation expect;
};

/// One physical request from a tester to an ECU, or between two bare endpoints.
struct request_step {
  party from;  ///< a tester or an endpoint
  party to;    ///< an ECU or an endpoint
  uds::reply_template request;
  duration window{0};
  std::optional<responder_expectation> expect;
};

/// Several exchanges with one ECU that get one verdict.
struct procedure_step {
  tester_index from = 0;
  ecu_index to = 0;
  duration window{0};  ///< for the begin of each answer
  uds::procedure_spec what{};
  std::optional<std::uint8_t> refused_with{};  ///< the NRC that is right; none: it has to succeed
  std::string save{};                          ///< the file for what an upload brings; empty: none
};

/// TesterPresent in the background.
struct tester_present {
  duration every = std::chrono::seconds{2};
  bool functional = true;         ///< otherwise to each ECU, or to `to`
  bool suppress = true;           ///< SPRMIB; otherwise the answers are judged
  std::optional<ecu_index> to{};  ///< none: all that the tester reaches
};

/// Begins TesterPresent of a tester, in place of what it sent before, or ends that of all testers.
struct tester_present_step {
  tester_index from = 0;
  std::optional<tester_present> start{};  ///< none: an end
};

/// A request that is made again until its answer is as expected.
struct wait_answer_step {
  request_step ask;  ///< with an expectation
  duration every{0};
  duration within{0};
};

struct advance_step {
  duration time{0};
};

/// Power cycle of one ECU.
struct reset_step {
  ecu_index ecu = 0;
};

/// Power of one ECU, until it is switched again.
struct power_step {
  ecu_index ecu = 0;
  bool on = true;
};

/// N_ChangeParameter of one connection: parameters of its own flow control.
struct change_parameter_step {
  party at;  ///< an ECU or an endpoint
  std::optional<std::uint8_t> bs{};
  std::optional<isotp::st_min> stmin{};
  isotp::change_result expected = isotp::change_result::n_ok;
};

/// Something changes in an ECU without a request.
struct set_step {
  ecu_index ecu = 0;
  uds::stimulus what;
};

struct send_frame_step {
  bus_index bus = 0;
  can::frame frame;
};

/// A cyclic frame is sent from now on, or no longer.
struct switch_cyclic_step {
  std::uint32_t frame = 0;  ///< index in scenario::cyclic
  bool on = true;
};

/// Branches that run at the same time; the step ends with the last of them.
struct parallel_step {
  std::vector<step_list> branches;
  /// Of the branches; empty: they have numbers. Named ones share no captures.
  std::vector<std::string> names{};
};

struct repeat_step {
  std::uint32_t times = 1;
  step_list steps;
};

/// The same steps once for each value, as they are then.
struct for_each_step {
  std::vector<step_list> rounds;
};

struct step {
  std::variant<functional_step, request_step, procedure_step, tester_present_step, advance_step, reset_step,
               set_step, send_frame_step, parallel_step, repeat_step, for_each_step, expect_frame_step,
               expect_silence_step, expect_bus_step, wait_answer_step, power_step, switch_cyclic_step,
               change_parameter_step>
      what;
  std::string name;   ///< as given, or a description made from the step
  bool stop = false;  ///< a failure of this step ends the run
  std::vector<std::string> tags{};
  bool left_out = false;  ///< by the choice of tags: not played, and not reported
  position where;
};

}  // namespace canstage::scenarios
