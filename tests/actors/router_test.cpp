#include "actors/router.hpp"

#include <array>
#include <catch2/catch.hpp>

using namespace canstage;
using namespace canstage::actors;
using can::identifier;

namespace {

std::vector<port_id> hearers(const router& routes, identifier id) {
  std::vector<port_id> ports{99};
  routes.route(can::data_frame(id, {}), ports);
  return ports;
}

void attach_exact(router& routes, port_id port, identifier id) {
  const std::array filters{can::filter::exactly(id)};
  routes.attach(port, filters);
}

using ports = std::vector<port_id>;

}  // namespace

TEST_CASE("a frame reaches the ports that name its identifier, in the order of the ports") {
  router routes;
  attach_exact(routes, 7, identifier::standard(0x7DF));
  attach_exact(routes, 3, identifier::standard(0x7DF));
  attach_exact(routes, 5, identifier::standard(0x7E0));
  CHECK(hearers(routes, identifier::standard(0x7DF)) == ports{3, 7});
  CHECK(hearers(routes, identifier::standard(0x7E0)) == ports{5});
  CHECK(hearers(routes, identifier::extended(0x7E0)).empty());
}

TEST_CASE("masks hear beside exact filters, and each port once") {
  router routes;
  const std::array both{can::filter::exactly(identifier::standard(0x7E8)), can::filter{0x7E8, 0x7F8}};
  routes.attach(2, both);
  const std::array all{can::filter::everything()};
  routes.attach(1, all);
  CHECK(hearers(routes, identifier::standard(0x7E8)) == ports{1, 2});
  CHECK(hearers(routes, identifier::standard(0x7EF)) == ports{1, 2});
  CHECK(hearers(routes, identifier::standard(0x100)) == ports{1});
}

TEST_CASE("a port for unclaimed identifiers hears only those that nobody names") {
  router routes;
  const std::array range{can::filter{0x7E8, 0x7F8}};
  routes.attach(9, range, true);
  attach_exact(routes, 1, identifier::standard(0x7E8));
  CHECK(hearers(routes, identifier::standard(0x7E8)) == ports{1});
  CHECK(hearers(routes, identifier::standard(0x7E9)) == ports{9});
  routes.detach(1);
  CHECK(hearers(routes, identifier::standard(0x7E8)) == ports{9});
}

TEST_CASE("attaching a port again replaces what it hears") {
  router routes;
  attach_exact(routes, 1, identifier::standard(0x100));
  attach_exact(routes, 1, identifier::standard(0x200));
  CHECK(hearers(routes, identifier::standard(0x100)).empty());
  CHECK(hearers(routes, identifier::standard(0x200)) == ports{1});
  routes.detach(1);
  CHECK(hearers(routes, identifier::standard(0x200)).empty());
}

TEST_CASE("ISOTP-088 a remote frame does not reach who names the identifier") {
  router routes;
  attach_exact(routes, 1, identifier::standard(0x7E0));
  auto remote = can::data_frame(identifier::standard(0x7E0), {});
  remote.flags.remote = true;
  ports heard;
  routes.route(remote, heard);
  CHECK(heard.empty());
}
