// "Hello world!" over ISO-TP, there and back, on a virtual CAN bus in virtual time.
//
// Two connections sit on one bus. Behind the one is an echo, behind the other a client:
//
//   client -- connection 0 ---- bus, 500 kbit/s ---- connection 1 -- echo
//             sends 1CDADCF9                         sends 1CDAF9DC
//
// Twelve bytes do not fit a single frame: each way takes a first frame, a flow control of the other
// side, and a consecutive frame. The program knows nothing of these; it sends and receives messages.
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "actors/bare_endpoint.hpp"
#include "actors/connection.hpp"
#include "actors/stage.hpp"
#include "actors/stage_actor.hpp"
#include "actors/virtual_bus.hpp"

using namespace canstage;
using can::identifier;

namespace {

/// Time on the stage begins at 0.
double microseconds(instant when) {
  return std::chrono::duration<double, std::micro>{when.time_since_epoch()}.count();
}

/// Who uses connection 0: asks once, keeps the answer, and ends the run. An actor of one's own is
/// a class like this: a typed interface from actors/interfaces.hpp, and a handler for each message.
class client final : public actors::stage_actor<actors::connection_user_actor> {
 public:
  client(caf::actor_config& config, actors::stage& home, std::string title,
         actors::connection_handle connection, actors::n_usdata_indication& answer)
      : stage_actor(config, home, std::move(title)), connection_(std::move(connection)), answer_(answer) {
    // Both go to the same actor and arrive in this order: "tell me", then "send this".
    send(connection_.host, connection_.id, actors::connection_user_actor{this});
    const std::string_view text = "Hello world!";
    send(connection_.host, actors::n_usdata_request{connection_.id, {text.begin(), text.end()}});
  }

 protected:
  behavior_type make_behavior() override {
    return {
        [](const actors::n_usdata_confirm& sent) { print("request sent", sent.at); },
        [](const actors::n_usdata_ff_indication& begun) { print("answer has begun", begun.at); },
        [this](actors::n_usdata_indication& message) {
          print("answer received", message.at);
          answer_ = std::move(message);
          home().finish();
        },
    };
  }

  // Actors know each other in circles; a handle that is still held would keep the stage from ending.
  void on_exit() override { connection_.host = nullptr; }

 private:
  static void print(const char* what, instant when) {
    std::cout << what << " at " << microseconds(when) << " us\n";
  }

  actors::connection_handle connection_;
  actors::n_usdata_indication& answer_;
};

/// An ISO-TP connection on `bus`. Its port on the bus is also its id at whoever hosts it.
actors::connection_handle connect(actors::stage& home, const actors::bus_actor& bus, actors::port_id port,
                                  identifier rx, identifier tx) {
  const auto settings = std::make_shared<const isotp::parameters>();  // the standard's defaults
  const actors::connection_spec spec{
      .port = port,
      .address = {.rx = rx, .tx = tx, .functional_rx = {}, .functional_tx = {}},
      .settings = settings};
  return {home.spawn<actors::connection>("connection " + std::to_string(port), spec, bus), port};
}

}  // namespace

int main() {
  const auto to_echo = identifier::extended(0x1CDADCF9);
  const auto to_client = identifier::extended(0x1CDAF9DC);

  actors::n_usdata_indication answer;  // outlives the stage, on which the client refers to it
  actors::stage home{actors::stage_time::virtual_time};  // stage_time::real_time takes as long as a real bus

  const auto bus = home.spawn<actors::virtual_bus>(
      "bus", actors::medium_spec{.rates = can::bit_rates{.nominal = 500'000}});
  const auto at_client = connect(home, bus, 0, to_client, to_echo);
  const auto at_echo = connect(home, bus, 1, to_echo, to_client);

  const auto echo = home.spawn<actors::bare_endpoint>("echo", true, at_echo);
  caf::anon_send(at_echo.host, at_echo.id, actors::connection_user_actor{echo});
  home.spawn<client>("client", at_client, answer);

  // Nothing has happened yet: in virtual time the actors play while `run` runs, on this thread. The
  // limit is wall time without progress, for the case that something spins.
  const auto end = home.run(std::chrono::seconds{10});
  if (end.what != actors::run_end::kind::finished || answer.result != isotp::n_result::n_ok) {
    std::cerr << "no answer: " << (end.reason.empty() ? to_string(answer.result) : end.reason) << '\n';
    return 1;
  }
  std::cout << "came back after " << microseconds(answer.at)
            << " us: " << std::string(answer.sdu.begin(), answer.sdu.end()) << '\n';
  return 0;
}
