#include "protocols/can/identifier.hpp"

#include <rapidcheck.h>

#include <unordered_set>

#include "catch2/catch.hpp"
#include "tests/protocols/can/frames.hpp"

using canstage::can::identifier;

TEST_CASE("identifier: the same number in both formats is two identifiers") {
  const identifier base = identifier::standard(0x123);
  const identifier extended = identifier::extended(0x123);
  CHECK(base != extended);
  CHECK(base.value() == extended.value());
  CHECK(base.raw() == 0x123);
  CHECK(extended.raw() == 0x8000'0123);
  CHECK_FALSE(base.is_extended());
  CHECK(extended.is_extended());
  CHECK(std::unordered_set<identifier>{base, extended}.size() == 2);
}

TEST_CASE("identifier: bits beyond the format are cut off") {
  CHECK(identifier::standard(0xFFFF'FFFF).raw() == 0x7FF);
  CHECK(identifier::extended(0xFFFF'FFFF).raw() == 0x9FFF'FFFF);
}

TEST_CASE("identifier: all 11-bit values are accepted, 7F0-7FF too") {
  CHECK(identifier::standard(0x7F0).value() == 0x7F0);
  CHECK(identifier::standard(0x7FF).value() == 0x7FF);
}

TEST_CASE("identifier: base data wins against base remote, and that against extended of the same top") {
  const identifier base = identifier::standard(0x123);
  const identifier lowest_extended = identifier::extended(0x123U << 18);
  CHECK(base.arbitration_key(false) < base.arbitration_key(true));
  CHECK(base.arbitration_key(true) < lowest_extended.arbitration_key(false));
  CHECK(lowest_extended.arbitration_key(false) < lowest_extended.arbitration_key(true));
  CHECK(identifier::extended((0x123U << 18) | 0x3FFFF).arbitration_key(true) <
        identifier::standard(0x124).arbitration_key(false));
}

TEST_CASE("identifier: the order of the bus, lowest first") {
  CHECK(identifier::standard(0x000) < identifier::extended(0x00000000));
  CHECK(identifier::standard(0x7DF) < identifier::standard(0x7E0));
  CHECK(identifier::extended(0x18DA10F1) < identifier::extended(0x18DAF110));
  CHECK(identifier::extended(0x18DAF110) < identifier::standard(0x7DF));
  CHECK(identifier::standard(0x7FF) < identifier::extended(0x1FFFFFFF));
}

TEST_CASE("identifier: no two identifiers are equal on the bus") {
  CHECK(rc::check([] {
    const identifier a = *canstage::can::test::any_identifier();
    const identifier b = *canstage::can::test::any_identifier();
    RC_ASSERT((a == b) == (a.arbitration_key() == b.arbitration_key()));
    RC_ASSERT((a == b) == ((a <=> b) == std::strong_ordering::equal));
  }));
}
