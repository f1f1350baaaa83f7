#include "actors/connection.hpp"

#include <catch2/catch.hpp>

#include "actors/bare_endpoint.hpp"
#include "actors/virtual_bus.hpp"
#include "tests/actors/players.hpp"

using namespace canstage;
using namespace canstage::actors;
using namespace std::chrono_literals;
using can::identifier;

namespace {

constexpr auto patience = 30s;

isotp::addressing pair(std::uint32_t rx, std::uint32_t tx) {
  return {identifier::standard(rx), identifier::standard(tx), std::nullopt, std::nullopt};
}

bytes counting(std::size_t length) {
  bytes data(length);
  for (std::size_t i = 0; i < length; ++i) data[i] = static_cast<std::uint8_t>(i);
  return data;
}

/// A client and an echo on one bus.
struct echo_stage {
  explicit echo_stage(std::optional<can::bit_rates> rates, stage_time time = stage_time::virtual_time)
      : home(time) {
    const unsigned burst = rates ? 1 : 64;
    bus = home.spawn<virtual_bus>("bus", medium_spec{.rates = rates});
    const auto settings = std::make_shared<const isotp::parameters>();
    const connection_spec at_client{0, pair(0x456, 0x123), settings, burst};
    const connection_spec at_echo{1, pair(0x123, 0x456), settings, burst};
    client = home.spawn<connection>("client", at_client, bus);
    const auto host = home.spawn<connection>("echo", at_echo, bus);
    const auto echo = home.spawn<bare_endpoint>("echo", true, connection_handle{host, 1});
    const auto user = home.spawn<diarist>("diarist", pages, [](const diary& so_far) {
      return so_far.messages.size() == 1 && so_far.confirms.size() == 1;
    });
    caf::anon_send(client, connection_id{0}, connection_user_actor{user});
    caf::anon_send(host, connection_id{1}, connection_user_actor{echo});
  }

  void send(bytes sdu) {
    caf::anon_send(client, n_usdata_request{0, std::move(sdu), isotp::target_type::physical});
  }

  diary pages;
  stage home;
  bus_actor bus;
  connection_actor client;
};

}  // namespace

TEST_CASE("a single frame is echoed in the time that two frames take") {
  echo_stage play{can::bit_rates{500'000, 0}};
  play.send({0x3E, 0x00});
  CHECK(play.home.run(patience).what == run_end::kind::finished);
  REQUIRE(play.pages.messages.size() == 1);
  CHECK(play.pages.messages[0].sdu == bytes{0x3E, 0x00});
  const auto request = can::wire_time(
      can::data_frame(identifier::standard(0x123), bytes{0x02, 0x3E, 0x00, 0xCC, 0xCC, 0xCC, 0xCC, 0xCC}),
      {500'000, 0});
  const auto answer = can::wire_time(
      can::data_frame(identifier::standard(0x456), bytes{0x02, 0x3E, 0x00, 0xCC, 0xCC, 0xCC, 0xCC, 0xCC}),
      {500'000, 0});
  CHECK(play.pages.confirms[0].at == instant{request});
  CHECK(play.pages.messages[0].at == instant{request + can::intermission_time({500'000, 0}) + answer});
}

TEST_CASE("4095 bytes are echoed on a real and on an ideal bus, in real and in virtual time") {
  const auto rates =
      GENERATE(as<std::optional<can::bit_rates>>{}, std::nullopt, can::bit_rates{1'000'000, 0});
  const auto time = GENERATE(stage_time::virtual_time, stage_time::real_time);
  echo_stage play{rates, time};
  play.send(counting(4095));
  CHECK(play.home.run(patience).what == run_end::kind::finished);
  REQUIRE(play.pages.messages.size() == 1);
  CHECK(play.pages.messages[0].result == isotp::n_result::n_ok);
  CHECK(play.pages.messages[0].sdu == counting(4095));
  CHECK(play.pages.begins.at(0).length == 4095);
}

TEST_CASE("ISOTP-060 without a partner a segmented message ends with N_TIMEOUT_Bs after 1000 ms") {
  diary pages;
  stage home{stage_time::virtual_time};
  const auto bus = home.spawn<virtual_bus>("bus", medium_spec{});
  const connection_spec spec{0, pair(0x456, 0x123), std::make_shared<const isotp::parameters>(), 64};
  const auto lonely = home.spawn<connection>("lonely", spec, bus);
  const auto user =
      home.spawn<diarist>("diarist", pages, [](const diary& so_far) { return !so_far.confirms.empty(); });
  caf::anon_send(lonely, connection_id{0}, connection_user_actor{user});
  caf::anon_send(lonely, n_usdata_request{0, counting(8), isotp::target_type::physical});
  CHECK(home.run(patience).what == run_end::kind::finished);
  CHECK(pages.confirms.at(0).result == isotp::n_result::n_timeout_bs);
  CHECK(pages.confirms.at(0).at == instant{1s});
}

TEST_CASE("a connection that lost its power forgets its message and works again") {
  echo_stage play{can::bit_rates{500'000, 0}};
  play.send(counting(100));
  caf::anon_send(play.client, reset_connection{0});
  play.send({0x01, 0x02});
  CHECK(play.home.run(patience).what == run_end::kind::finished);
  REQUIRE(play.pages.confirms.size() == 1);
  CHECK(play.pages.messages.at(0).sdu == bytes{0x01, 0x02});
}
