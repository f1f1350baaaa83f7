#include "protocols/can/filter.hpp"

#include <rapidcheck.h>

#include "catch2/catch.hpp"
#include "tests/protocols/can/frames.hpp"

using namespace canstage::can;
using canstage::can::test::remote_frame;

namespace {

frame base(std::uint32_t id) { return data_frame(identifier::standard(id), {}); }
frame extended(std::uint32_t id) { return data_frame(identifier::extended(id), {}); }

}  // namespace

TEST_CASE("filter: 123/7FF accepts both formats, data and remote") {
  const filter f{0x123, 0x7FF};
  CHECK(f.accepts(base(0x123)));
  CHECK(f.accepts(extended(0x123)));
  CHECK(f.accepts(extended(0x18DA0123)));
  CHECK(f.accepts(remote_frame(identifier::standard(0x123), 8)));
  CHECK_FALSE(f.accepts(base(0x124)));
  CHECK_FALSE(f.accepts(extended(0x18DA0124)));
  CHECK_FALSE(f.is_exact());
}

TEST_CASE("filter: 123/C00007FF accepts the base data frame only") {
  const filter f{0x123, 0xC000'07FF};
  CHECK(f.accepts(base(0x123)));
  CHECK_FALSE(f.accepts(extended(0x123)));
  CHECK_FALSE(f.accepts(remote_frame(identifier::standard(0x123), 8)));
  CHECK(f == filter::exactly(identifier::standard(0x123)));
  CHECK(f.is_exact());
}

TEST_CASE("filter: 80000123/DFFFFFFF accepts the extended data frame only") {
  const filter f{0x8000'0123, 0xDFFF'FFFF};
  CHECK(f.accepts(extended(0x123)));
  CHECK_FALSE(f.accepts(base(0x123)));
  CHECK_FALSE(f.accepts(extended(0x10000123)));
  CHECK_FALSE(f.accepts(remote_frame(identifier::extended(0x123), 8)));
  CHECK(f == filter::exactly(identifier::extended(0x123)));
  CHECK(f.is_exact());
}

TEST_CASE("filter: 0/0 accepts everything") {
  CHECK(filter::everything().accepts(base(0)));
  CHECK(filter::everything().accepts(extended(0x1FFFFFFF)));
  CHECK(filter::everything().accepts(remote_frame(identifier::standard(0x7FF), 0)));
  CHECK_FALSE(filter::everything().is_exact());
}

TEST_CASE("filter: 7E8/7F8 accepts 7E8-7EF in both formats") {
  const filter f{0x7E8, 0x7F8};
  for (std::uint32_t id = 0x7E8; id <= 0x7EF; ++id) {
    CHECK(f.accepts(base(id)));
    CHECK(f.accepts(extended(id)));
  }
  CHECK_FALSE(f.accepts(base(0x7E7)));
  CHECK_FALSE(f.accepts(base(0x7F0)));
}

TEST_CASE("filter: 20000123/7FF accepts everything else") {
  const filter f{0x2000'0123, 0x7FF};
  CHECK_FALSE(f.accepts(base(0x123)));
  CHECK_FALSE(f.accepts(extended(0x18DA0123)));
  CHECK(f.accepts(base(0x124)));
  CHECK_FALSE(f.is_exact());
  CHECK_FALSE(filter{0x2000'0123, 0xC000'07FF}.is_exact());
}

TEST_CASE("filter: a mask that asks for the base format looks at 11 bits only") {
  const filter f{0x123, 0xDFFF'FFFF};
  CHECK(f.accepts(base(0x123)));
  CHECK_FALSE(f.accepts(extended(0x123)));
  CHECK(f.is_exact());
  CHECK(filter{0x0001'0123, 0xDFFF'FFFF}.accepts(base(0x123)));
}

TEST_CASE("filter: a filter for remote frames is not exact") {
  const filter f{0x4000'0123, 0xC000'07FF};
  CHECK(f.accepts(remote_frame(identifier::standard(0x123), 8)));
  CHECK_FALSE(f.accepts(base(0x123)));
  CHECK_FALSE(f.is_exact());
}

TEST_CASE("filter: FD frames are matched like data frames") {
  CHECK(
      filter::exactly(identifier::standard(0x123)).accepts(fd_frame(identifier::standard(0x123), {}, true)));
}

TEST_CASE("filter: exactly one identifier's data frames pass an exact filter") {
  CHECK(rc::check([] {
    const identifier wanted = *test::any_identifier();
    const filter f = filter::exactly(wanted);
    RC_ASSERT(f.is_exact());
    const frame seen = test::any_frame();
    RC_ASSERT(f.accepts(seen) == (seen.id == wanted && !seen.flags.remote));
    RC_ASSERT(f.accepts(data_frame(wanted, {})));
  }));
}
