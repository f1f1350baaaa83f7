#include "transports/filter_set.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

using namespace canstage;
using can::filter;
using can::identifier;

namespace {

bool accepts(const transports::filter_set& set, const can::frame& f) {
  const auto filters = set.filters();
  return std::ranges::any_of(filters, [&](const filter& one) { return one.accepts(f); });
}

can::frame frame_of(identifier id) { return can::data_frame(id, std::vector<std::uint8_t>{1, 2}); }

}  // namespace

TEST_CASE("an empty set accepts nothing, and grows by what is wanted and what is sent") {
  transports::filter_set set;
  CHECK(set.filters().empty());
  CHECK(set.add(std::vector{filter::exactly(identifier::standard(0x7E0)), filter{0x700, 0x7F0}}));
  CHECK_FALSE(set.add(std::vector{filter::exactly(identifier::standard(0x7E0))}));
  CHECK(set.add(identifier::extended(0x18DA10F1)));
  CHECK_FALSE(set.add(identifier::extended(0x18DA10F1)));
  CHECK(set.filters().size() == 3);
  CHECK(accepts(set, frame_of(identifier::standard(0x7E0))));
  CHECK(accepts(set, frame_of(identifier::standard(0x70F))));
  CHECK(accepts(set, frame_of(identifier::extended(0x18DA10F1))));
  CHECK_FALSE(accepts(set, frame_of(identifier::standard(0x7E1))));
  CHECK_FALSE(accepts(set, frame_of(identifier::extended(0x7E0))));
}

TEST_CASE("a remote frame that is sent comes back, too") {
  transports::filter_set set;
  set.add(identifier::standard(0x123));
  auto remote = frame_of(identifier::standard(0x123));
  remote.flags.remote = true;
  CHECK(accepts(set, remote));
}

TEST_CASE("more filters than the kernel takes, or one for everything, become a single one") {
  transports::filter_set many;
  for (std::uint32_t i = 0; i < transports::filter_set::limit; ++i)
    CHECK(many.add(std::vector{filter::exactly(identifier::extended(i))}));
  CHECK(many.filters().size() == transports::filter_set::limit);
  CHECK(many.add(identifier::standard(0x123)));
  CHECK(many.filters() == std::vector{filter::everything()});
  CHECK_FALSE(many.add(identifier::standard(0x124)));

  transports::filter_set all;
  CHECK(all.add(std::vector{filter::exactly(identifier::standard(1)), filter::everything()}));
  CHECK(all.filters() == std::vector{filter::everything()});
}
