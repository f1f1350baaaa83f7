// What a simulated ECU costs while nobody talks to it.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "actors/connection.hpp"
#include "actors/ecu.hpp"
#include "actors/virtual_bus.hpp"

using namespace canstage;
using namespace canstage::actors;

// Sanitizers surround every object with memory of their own.
#ifndef __SANITIZE_ADDRESS__
namespace {

std::size_t resident_bytes() {
  std::ifstream statm{"/proc/self/statm"};
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

TEST_CASE("an idle ECU with its connection costs at most 4 kB as two actors") {
  constexpr std::uint32_t count = 20'000;
  constexpr std::size_t limit = 4096;
  stage home{stage_time::virtual_time};
  const auto bus = home.spawn<virtual_bus>("bus can", medium_spec{.rates = can::bit_rates{}});
  const auto settings = std::make_shared<const isotp::parameters>();
  const auto config = std::make_shared<const uds::server_config>();
  const auto before = resident_bytes();
  for (std::uint32_t i = 0; i < count; ++i) {
    connection_spec spec;
    spec.port = i;
    spec.address.rx = can::identifier::extended(2 * i);
    spec.address.tx = can::identifier::extended(2 * i + 1);
    spec.settings = settings;
    const auto title = "ecu node[" + std::to_string(i) + "]";
    const auto host = home.spawn<connection>("connection of " + title, spec, bus);
    const auto server = home.spawn<ecu>(title, config, random_stream{0, title}, connection_handle{host, i});
    caf::anon_send(host, connection_id{i}, connection_user_actor{server});
  }
  // Everybody has come on stage and taken first messages.
  CHECK(home.run(std::chrono::minutes{1}).what == run_end::kind::stuck);
  const auto each = (resident_bytes() - before) / count;
  INFO(each << " bytes each");
  CHECK(each <= limit);
}
#endif
