#include "protocols/bracket_splitter.hpp"

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "catch2/catch.hpp"

using namespace canstage;

namespace {

/// All complete texts of `input`.
std::vector<std::string> texts(bracket_splitter& splitter, std::string_view input) {
  std::vector<std::string> found;
  while (const auto text = splitter.next(input)) found.emplace_back(*text);
  CHECK(input.empty());
  return found;
}

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("bracket_splitter: texts between brackets, whatever lies between them") {
  bracket_splitter splitter{100};
  CHECK(texts(splitter, "<a><b c>\r\n < d >\n<>") == list{"a", "b c", " d ", ""});
  CHECK(splitter.astray() == 0);
  CHECK_FALSE(splitter.unfinished());
}

TEST_CASE("bracket_splitter: a text comes in parts") {
  bracket_splitter splitter{100};
  CHECK(texts(splitter, "<ab").empty());
  CHECK(splitter.unfinished());
  CHECK(texts(splitter, "").empty());
  CHECK(texts(splitter, "c").empty());
  CHECK(texts(splitter, "d>") == list{"abcd"});
  CHECK_FALSE(splitter.unfinished());
}

TEST_CASE("bracket_splitter: a '<' does not begin a text within a text, a '>' ends none outside of one") {
  bracket_splitter splitter{100};
  CHECK(texts(splitter, "<a<b>") == list{"a<b"});
  CHECK(texts(splitter, "> ").empty());
  CHECK(splitter.astray() == 1);
}

TEST_CASE("bracket_splitter: what belongs to no text is counted") {
  bracket_splitter splitter{4};
  CHECK(texts(splitter, "GET / HTTP").empty());
  CHECK(splitter.astray() == 8);
  CHECK(texts(splitter, "<abcd> x") == list{"abcd"});
  CHECK(splitter.astray() == 9);
}

TEST_CASE("bracket_splitter: a text that is too long is given up, and the next one is read") {
  bracket_splitter splitter{4};
  CHECK(texts(splitter, "<abc").empty());
  CHECK(splitter.astray() == 0);
  CHECK(texts(splitter, "de").empty());
  CHECK(splitter.astray() == 5);
  CHECK(texts(splitter, "fghij").empty());
  CHECK(splitter.astray() == 10);
  CHECK(texts(splitter, ">").empty());
  CHECK_FALSE(splitter.unfinished());
  CHECK(texts(splitter, "<1>") == list{"1"});
}

TEST_CASE("bracket_splitter: it does not matter how a stream is cut") {
  CHECK(rc::check([] {
    const auto stream = *rc::gen::container<std::string>(rc::gen::elementOf(std::string{"<> a\n"}));
    bracket_splitter whole{3};
    const auto expected = texts(whole, stream);
    bracket_splitter parts{3};
    list found;
    for (std::size_t at = 0; at < stream.size();) {
      const auto size = *rc::gen::inRange<std::size_t>(1, stream.size() - at + 1);
      for (const auto& text : texts(parts, std::string_view{stream}.substr(at, size))) found.push_back(text);
      at += size;
    }
    RC_ASSERT(found == expected);
    RC_ASSERT(parts.astray() == whole.astray());
    RC_ASSERT(parts.unfinished() == whole.unfinished());
  }));
}
