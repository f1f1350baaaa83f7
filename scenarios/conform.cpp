#include "scenarios/conform.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

#include "actors/conformance_driver.hpp"
#include "actors/stage.hpp"
#include "scenarios/builder.hpp"

namespace canstage::scenarios {

namespace {

constexpr auto closing_time = std::chrono::seconds{2};

std::vector<const conformance::statement*> all_statements() {
  std::vector<const conformance::statement*> all;
  for (const auto& one : conformance::statements()) all.push_back(&one);
  return all;
}

/// Plays the machine's statements through a bus that is on the stage. This is all that the driver wants
/// of a link: an actor that carries frames.
void play_on(actors::stage& home, const actors::bus_actor& bus, conformance::conformance_run& machine,
             const play_options& options, conformance_result& result) {
  const auto note = [watched = options.watched](instant now) {
    if (watched == nullptr) return;
    watched->steps.fetch_add(1, std::memory_order_relaxed);
    watched->stage_ns.store(now.time_since_epoch().count(), std::memory_order_relaxed);
  };
  const auto driver =
      home.spawn<actors::conformance_driver>("conformance driver", bus, script_port, machine, note);
  const auto end = home.run(options.limit);
  result.ended = home.time().now();
  if (end.what == actors::run_end::kind::finished) return;
  result.interrupted = end.what == actors::run_end::kind::interrupted;
  if (!result.interrupted)
    (end.what == actors::run_end::kind::stuck ? result.no_progress : result.internal_error) = end.reason;
  caf::anon_send(driver, actors::abort_run{});
  home.settle(closing_time);
}

}  // namespace

bool conformance_result::passed() const {
  return !interrupted && internal_error.empty() && no_progress.empty() && statements.size() == selected &&
         count(conformance::verdict::failed) == 0;
}

std::size_t conformance_result::count(conformance::verdict what) const {
  return static_cast<std::size_t>(std::ranges::count(statements, what, &conformance::statement_result::is));
}

namespace {

conformance::setting setting_of(const endpoint& who) {
  const auto& own = who.address;
  const auto& settings = *who.isotp;
  conformance::setting known;
  known.address = {.rx = own.tx,
                   .tx = own.rx,
                   .functional_rx = {},
                   .functional_tx = own.functional_rx,
                   .rx_address_byte = own.tx_address_byte,
                   .tx_address_byte = own.rx_address_byte,
                   .functional_rx_address_byte = {},
                   .functional_tx_address_byte = own.functional_rx_address_byte};
  known.tx_dl = settings.tx_dl;
  known.bit_rate_switch = settings.bit_rate_switch;
  known.echoes = who.what == endpoint::behaviour::echo;
  known.half_duplex = settings.duplex == isotp::duplex_mode::half;
  known.max_sdu = settings.max_sdu;
  known.n_bs = settings.n_bs;
  known.n_cr = settings.n_cr;
  return known;
}

}  // namespace

stack_under_test stack_in(const scenario& cast, endpoint_index who) {
  const auto& stack = cast.endpoints[who];
  stack_under_test found{stack.name + " of " + cast.file, cast, stack.bus, setting_of(stack)};
  found.cast.exposures.clear();  // nobody joins
  return found;
}

stack_under_test stack_behind(const link& where, const conformance::setting& known) {
  stack_under_test stack{"what is on " + to_string(where), {}, 0, known};
  bus way;
  way.name = "to the stack";
  way.carrier = where;
  way.where = {0, 0};  // it stands in no file
  // The link has its own rates; that there is one for data says that it has to carry CAN FD.
  if (known.fd()) way.rates = can::bit_rates{.data = 2'000'000};
  stack.cast.file = to_string(where);
  stack.cast.buses.push_back(std::move(way));
  return stack;
}

conformance_result conform(const stack_under_test& stack, const conformance_options& what,
                           const play_options& options, interruption& breaker) {
  conformance_result result;
  const auto& cast = stack.cast;
  result.stack = stack.name;
  result.time = options.time.value_or(usual_time(cast));
  auto known = stack.known;
  known.allowed = what.allowed;
  auto selection = what.selection.empty() ? all_statements() : what.selection;
  result.selected = selection.size();
  conformance::conformance_run machine{known, std::move(selection)};
  const bool virtual_time = result.time == time_mode::virtual_time;
  {
    actors::stage home{virtual_time ? actors::stage_time::virtual_time : actors::stage_time::real_time};
    const interruptible guard{breaker, home};
    const auto players = build(home, cast,
                               {.seed = options.seed.value_or(cast.seed),
                                .kind = options.kind,
                                .trace = options.trace,
                                .on_bus_event = [&options](instant, const std::string& text) {
                                  if (options.on_bus_event) options.on_bus_event(text);
                                }});
    play_on(home, players.buses[stack.bus], machine, options, result);
  }
  if (options.trace) options.trace->flush();
  result.known = machine.known();
  result.statements = machine.results();
  result.heard = machine.heard();
  return result;
}

}  // namespace canstage::scenarios
