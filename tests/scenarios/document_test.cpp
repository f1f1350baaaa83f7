#include "scenarios/document.hpp"

#include <string>

#include "catch2/catch.hpp"
#include "scenarios/diagnostic.hpp"

namespace canstage::scenarios {
namespace {

struct parsed {
  node_ptr root;
  std::vector<diagnostic> problems;
};

parsed parse(std::string_view text) {
  problem_list problems{"t.yaml"};
  node_ptr root = parse_document(text, problems);
  return {root, problems.take()};
}

const node& at(const node& map, std::string_view key) {
  const node_ptr* value = map.find(key);
  REQUIRE(value != nullptr);
  return **value;
}

TEST_CASE("scalars stay as they are written", "[document]") {
  const auto [root, problems] =
      parse("a: 7E0\nb: 010\nc: 1e3\nd: \"x y\"\ne: 22 F1 90 *\nf: 'it''s'\ng: yes\n");
  REQUIRE(problems.empty());
  CHECK(at(*root, "a").text == "7E0");
  CHECK(at(*root, "b").text == "010");
  CHECK(at(*root, "c").text == "1e3");
  CHECK(at(*root, "d").text == "x y");
  CHECK(at(*root, "d").quoted);
  CHECK(at(*root, "d").verbatim);
  CHECK(at(*root, "e").text == "22 F1 90 *");
  CHECK(at(*root, "f").text == "it's");
  CHECK_FALSE(at(*root, "f").verbatim);
  CHECK(at(*root, "g").text == "yes");
}

TEST_CASE("everything knows its line and column, counted in characters", "[document]") {
  const auto [root, problems] = parse("a: 1\n\"\xC3\xBC\": { b: [x,\n  y] }\n");
  REQUIRE(problems.empty());
  CHECK(root->entries[1].where.line == 2);
  CHECK(root->entries[1].where.column == 1);
  const node& b = at(at(*root, "\xC3\xBC"), "b");
  CHECK(b.where.line == 2);
  CHECK(b.where.column == 11);
  CHECK(b.items[1]->where.line == 3);
  CHECK(b.items[1]->where.column == 3);
}

TEST_CASE("a byte order mark, CR LF and blanks at ends change nothing", "[document]") {
  const auto [root, problems] = parse(
      "\xEF\xBB\xBF"
      "a: 1\r\nb: [1,\r\n  2]   \r\n");
  REQUIRE(problems.empty());
  CHECK(at(*root, "a").text == "1");
  CHECK(at(*root, "a").where.column == 4);
  CHECK(at(*root, "b").items[1]->where.line == 3);
}

TEST_CASE("nothing stands where its key does", "[document]") {
  const auto [root, problems] = parse("a:\n\nb: { c: , d }\n");
  REQUIRE(problems.empty());
  CHECK(at(*root, "a").what == node::kind::nothing);
  CHECK(at(*root, "a").where.line == 1);
  CHECK(at(at(*root, "b"), "c").where.column == 6);
  CHECK(at(at(*root, "b"), "d").what == node::kind::nothing);
}

TEST_CASE("an alias shares what its anchor marks and weighs as much", "[document]") {
  const auto [root, problems] = parse("a: &x [1, 2]\nb: *x\nc: [*x, *x]\n");
  REQUIRE(problems.empty());
  CHECK(*root->find("a") == *root->find("b"));
  CHECK(at(*root, "a").weight == 3);
  CHECK(at(*root, "c").weight == 7);
  CHECK(root->weight == 1 + 3 + 3 + 7);
}

TEST_CASE("a key that is there twice is reported, and the rest is read on", "[document]") {
  const auto [root, problems] = parse("a: 1\nb: { c: 1, c: 2 }\na: 3\n");
  REQUIRE(root != nullptr);
  REQUIRE(problems.size() == 2);
  CHECK(to_string(problems[0]) == "t.yaml:2:12: the key 'c' was already given in line 2");
  CHECK(to_string(problems[1]) == "t.yaml:3:1: the key 'a' was already given in line 1");
}

TEST_CASE("64 levels are not too deep", "[document]") {
  const std::string good = std::string(64, '[') + std::string(64, ']');
  CHECK(parse(good).problems.empty());
  CHECK(parse("[" + good + "]").problems.size() == 1);
}

TEST_CASE("places for a number are found, captures are not", "[document]") {
  CHECK(mentions_number("{n}"));
  CHECK(mentions_number("18DA{n:02X}F1"));
  CHECK(mentions_number("{name} {n+1}"));
  CHECK_FALSE(mentions_number("{name} {nn} {N} n {n"));
}

TEST_CASE("the first message of a place is kept, the first 20 places are reported", "[document]") {
  problem_list problems{"t.yaml"};
  for (int line = 30; line > 0; --line) problems.add({line, 1}, "first");
  problems.add({1, 1}, "second");
  const auto taken = problems.take();
  REQUIRE(taken.size() == 20);
  CHECK(taken.front().message == "first");
  CHECK(taken.back().where.line == 20);
}

TEST_CASE("near words are suggested, far ones are not", "[document]") {
  const std::array<std::string_view, 3> known{"response_time", "timing", "dids"};
  CHECK(nearest("respnse_time", known) == "response_time");
  CHECK(nearest("tming", known) == "timing");
  CHECK(nearest("did", known) == "dids");
  CHECK(nearest("security", known).empty());
  CHECK(nearest(std::string(100'000, 'x'), known).empty());
  CHECK(unknown_word("key", "foo", known) == "unknown key 'foo'; known here: response_time, timing, dids");
}

}  // namespace
}  // namespace canstage::scenarios
