#include "actors/bare_endpoint.hpp"

#include <utility>

namespace canstage::actors {

bare_endpoint::bare_endpoint(caf::actor_config& config, stage& home, std::string title, bool echoes,
                             const connection_handle& connection)
    : stage_actor(config, home, std::move(title)),
      echoes_(echoes),
      host_(connection.host),
      connection_(connection.id) {}

endpoint_actor::behavior_type bare_endpoint::make_behavior() {
  return {
      [](const n_usdata_confirm&) {},
      [](const n_usdata_ff_indication&) {},
      [this](n_usdata_indication& message) {
        if (echoes_ && message.result == isotp::n_result::n_ok)
          send(host_, n_usdata_request{connection_, std::move(message.sdu), isotp::target_type::physical});
      },
  };
}

}  // namespace canstage::actors
