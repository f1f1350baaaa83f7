// A simulated UDS server as an actor: a server machine on one connection.
#pragma once

#include <memory>
#include <string>

#include "actors/stage_actor.hpp"
#include "protocols/random.hpp"
#include "protocols/uds/server.hpp"

namespace canstage::actors {

class ecu final : public stage_actor<ecu_actor> {
 public:
  ecu(caf::actor_config& config, stage& home, std::string title,
      std::shared_ptr<const uds::server_config> settings, random_stream randomness,
      const connection_handle& connection, std::shared_ptr<uds::script> script = nullptr);

 protected:
  behavior_type make_behavior() override;
  void on_exit() override { host_ = nullptr; }

 private:
  struct outlet;

  template <class Input>
  void input(const Input& what);

  uds::server machine_;
  alarm alarm_;
  connection_host_actor host_;
  connection_id connection_;
};

}  // namespace canstage::actors
