// A simulated UDS server as an actor: a server machine on a connection, or on one for each tester.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/shared_data.hpp"
#include "actors/stage_actor.hpp"
#include "protocols/random.hpp"
#include "protocols/uds/server.hpp"

namespace canstage::actors {

/// What an ECU has beside a server machine, and most have not.
struct ecu_extras {
  std::shared_ptr<uds::script> script{};             ///< null: tables and rules only
  std::vector<connection_handle> further_testers{};  ///< connections of testers from 1 on
  std::vector<shared_place> shared{};
  std::vector<uds::drawn_answer_fault> faults{};
};

class ecu final : public stage_actor<ecu_actor> {
 public:
  ecu(caf::actor_config& config, stage& home, std::string title,
      std::shared_ptr<const uds::server_config> settings, random_stream randomness,
      const connection_handle& connection, ecu_extras extras = {});

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  struct outlet;

  const std::vector<connection_handle>& further_testers() const;
  template <class Input>
  void input(const Input& what);

  uds::server machine_;
  alarm alarm_;
  connection_host_actor host_;
  connection_id connection_;
  std::unique_ptr<ecu_extras> extras_;  ///< null: there are none
};

}  // namespace canstage::actors
