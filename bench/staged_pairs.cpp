#include "bench/staged_pairs.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

#include "actors/bare_endpoint.hpp"
#include "actors/connection.hpp"
#include "actors/ensemble.hpp"
#include "actors/stage_actor.hpp"
#include "actors/virtual_bus.hpp"

namespace canstage::bench {

/// How many bytes, how often.
struct begin_rounds {
  std::size_t length = 0;
  std::size_t rounds = 0;
};

}  // namespace canstage::bench

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(canstage::bench::begin_rounds)

namespace canstage::bench {

namespace {

constexpr auto patience = std::chrono::minutes{10};
constexpr unsigned ideal_burst = 64;

using client_actor = actors::connection_user_actor::extend<caf::reacts_to<begin_rounds>>;

/// Sends an SDU, awaits its echo, and again. All clients together end the run.
class client final : public actors::stage_actor<client_actor> {
 public:
  client(caf::actor_config& config, actors::stage& home, std::string title,
         actors::connection_handle connection, std::shared_ptr<std::size_t> busy)
      : stage_actor(config, home, std::move(title)),
        connection_(std::move(connection)),
        busy_(std::move(busy)) {}

 protected:
  behavior_type make_behavior() override {
    return {
        [](const actors::n_usdata_confirm&) {},
        [](const actors::n_usdata_ff_indication&) {},
        [this](actors::n_usdata_indication& echo) {
          if (echo.result != isotp::n_result::n_ok) throw std::runtime_error{"an echo was lost"};
          home().note_progress();
          if (--left_ > 0) {
            ask(std::move(echo.sdu));
          } else if (--*busy_ == 0) {
            home().finish();
          }
        },
        [this](const begin_rounds& what) {
          left_ = what.rounds;
          ask(bytes(what.length, 0x55));
        },
    };
  }
  void on_exit() override { connection_.host = nullptr; }

 private:
  void ask(bytes sdu) {
    send(connection_.host,
         actors::n_usdata_request{connection_.id, std::move(sdu), isotp::target_type::physical});
  }

  actors::connection_handle connection_;
  std::shared_ptr<std::size_t> busy_;
  std::size_t left_ = 0;
};

/// Asks a bus how many frames it has sent, and ends the run with the answer.
using counter_actor = caf::typed_actor<caf::reacts_to<caf::get_atom>>;

class counter final : public actors::stage_actor<counter_actor> {
 public:
  counter(caf::actor_config& config, actors::stage& home, std::string title, actors::bus_actor bus,
          std::uint64_t& frames)
      : stage_actor(config, home, std::move(title)), bus_(std::move(bus)), frames_(frames) {}

 protected:
  behavior_type make_behavior() override {
    return {[this](caf::get_atom) {
      request(bus_, caf::infinite, caf::get_atom_v).then([this](const actors::bus_statistics& found) {
        frames_ = found.frames;
        home().finish();
      });
    }};
  }
  void on_exit() override { bus_ = nullptr; }

 private:
  actors::bus_actor bus_;
  std::uint64_t& frames_;
};

actors::connection_spec spec_of(std::uint32_t port, std::uint32_t rx, std::uint32_t tx,
                                const std::shared_ptr<const isotp::parameters>& settings) {
  return {port,
          {can::identifier::extended(rx), can::identifier::extended(tx), std::nullopt, std::nullopt},
          settings,
          ideal_burst};
}

}  // namespace

staged_pairs::staged_pairs(std::size_t pairs, hosting how)
    : home_(actors::stage_time::virtual_time), busy_(std::make_shared<std::size_t>(0)) {
  if (how == hosting::normal_cast) {
    raise_normal(pairs);
  } else {
    raise_ensemble(pairs);
  }
  for (const auto& connection : clients_) {
    const auto user = home_.spawn<client>("client", connection, busy_);
    caf::anon_send(connection.host, connection.id, actors::connection_user_actor{user});
    users_.push_back(caf::actor_cast<caf::strong_actor_ptr>(user));
  }
}

void staged_pairs::raise_normal(std::size_t pairs) {
  const auto settings = std::make_shared<const isotp::parameters>();
  const auto bus = home_.spawn<actors::virtual_bus>("bus", actors::medium_spec{});
  bus_ = bus;
  for (std::uint32_t i = 0; i < pairs; ++i) {
    const std::uint32_t a = 2 * i;
    const std::uint32_t b = 2 * i + 1;
    clients_.push_back({home_.spawn<actors::connection>("client", spec_of(a, b, a, settings), bus), a});
    const auto host = home_.spawn<actors::connection>("echo", spec_of(b, a, b, settings), bus);
    const auto echo = home_.spawn<actors::bare_endpoint>("echo", true, actors::connection_handle{host, b});
    caf::anon_send(host, b, actors::connection_user_actor{echo});
  }
}

void staged_pairs::raise_ensemble(std::size_t pairs) {
  const auto settings = std::make_shared<const isotp::parameters>();
  std::vector<actors::hosted_node> nodes;
  for (std::uint32_t i = 0; i < pairs; ++i) {
    const std::uint32_t a = 2 * i;
    const std::uint32_t b = 2 * i + 1;
    nodes.push_back({spec_of(a, b, a, settings), actors::external_user{}});
    nodes.push_back({spec_of(b, a, b, settings), actors::hosted_echo{}});
  }
  const auto whole = home_.spawn<actors::ensemble>("bus", actors::medium_spec{}, nodes);
  bus_ = whole;
  for (std::uint32_t i = 0; i < pairs; ++i) clients_.push_back({whole, 2 * i});
}

void staged_pairs::play(std::size_t length, std::size_t rounds) {
  *busy_ = users_.size();
  for (const auto& user : users_)
    caf::anon_send(caf::actor_cast<client_actor>(user), begin_rounds{length, rounds});
  const auto end = home_.run(patience);
  if (end.what != actors::run_end::kind::finished) throw std::runtime_error{end.reason};
}

std::uint64_t staged_pairs::frames() {
  std::uint64_t frames = 0;
  caf::anon_send(home_.spawn<counter>("counter", bus_, frames), caf::get_atom_v);
  home_.run(patience);
  return frames;
}

}  // namespace canstage::bench
