#include "scenarios/address_range.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>

using namespace canstage;
using namespace canstage::scenarios;
using can::identifier;

namespace {

std::vector<can::filter> filters(identifier first, identifier last) {
  std::vector<can::filter> found;
  append_filters({first, last}, found);
  return found;
}

bool any_accepts(const std::vector<can::filter>& all, identifier id) {
  const auto f = can::data_frame(id, {});
  return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.accepts(f); });
}

}  // namespace

TEST_CASE("7E8 to 7EF is one filter") {
  const auto all = filters(identifier::standard(0x7E8), identifier::standard(0x7EF));
  REQUIRE(all.size() == 1);
  CHECK((all[0].mask & identifier::standard_mask) == 0x7F8);
  CHECK_FALSE(any_accepts(all, identifier::extended(0x7E8)));
}

TEST_CASE("a whole format is one filter") {
  CHECK(filters(identifier::standard(0), identifier::standard(0x7FF)).size() == 1);
  CHECK(filters(identifier::extended(0), identifier::extended(0x1FFFFFFF)).size() == 1);
}

TEST_CASE("exactly the identifiers of the range pass") {
  CHECK(rc::check([] {
    const bool extended = *rc::gen::arbitrary<bool>();
    const auto make = extended ? &identifier::extended : &identifier::standard;
    const auto top = extended ? identifier::extended_mask : identifier::standard_mask;
    const auto number = rc::gen::inRange<std::uint32_t>(0, top + 1);
    auto first = *number;
    auto last = *number;
    if (first > last) std::swap(first, last);
    const auto all = filters(make(first), make(last));
    for (const auto probe : {first, last, first - 1, last + 1, *number, *number}) {
      if (probe > top) continue;
      RC_ASSERT(any_accepts(all, make(probe)) == (first <= probe && probe <= last));
    }
  }));
}

TEST_CASE("identifiers can be left out of a range") {
  const auto id = [](std::uint32_t value) { return identifier::standard(value); };
  std::vector<can::filter> all;
  append_filters_except({id(0x7E8), id(0x7EF)},
                        {id(0x7EF), id(0x7E8), id(0x7EB), id(0x123), identifier::extended(0x7EA)}, all);
  for (std::uint32_t value = 0x7E0; value <= 0x7F7; ++value)
    CHECK(any_accepts(all, id(value)) == (value > 0x7E8 && value < 0x7EF && value != 0x7EB));
  all.clear();
  append_filters_except({id(0x7FE), id(0x7FF)}, {id(0x7FE), id(0x7FF)}, all);
  CHECK(all.empty());
}
