// Wrong files and all that is said about them. Each NAME.yaml of bad/ begins with what is
// expected of it, one comment per message ("# expect: 7:13: message"). NAME.raw is one that cannot,
// because it is no clean text or because of what its begin is: there it is in NAME.expect.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "catch2/catch.hpp"
#include "scenarios/loader.hpp"

namespace canstage::scenarios {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view mark = "# expect: ";

std::string content(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) result.push_back(line);
  return result;
}

std::vector<std::string> expected_of(const fs::path& file) {
  fs::path beside = file;
  beside.replace_extension(".expect");
  if (fs::exists(beside)) return lines(content(beside));
  std::vector<std::string> result;
  for (const std::string& line : lines(content(file))) {
    if (!line.starts_with(mark)) break;
    result.push_back(line.substr(mark.size()));
  }
  return result;
}

std::vector<fs::path> bad_files() {
  std::vector<fs::path> result;
  for (const auto& entry : fs::directory_iterator("tests/scenarios/bad")) {
    if (entry.path().extension() != ".expect") result.push_back(entry.path());
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<std::string> messages(const load_result& result) {
  std::vector<std::string> printed;
  for (const diagnostic& problem : result.problems) printed.push_back(to_string(problem));
  return printed;
}

std::vector<std::string> problems_of(std::string_view text) { return messages(load_text(text, "t.yaml")); }

TEST_CASE("each wrong file is answered with exactly what it says itself", "[loader]") {
  const std::vector<fs::path> files = bad_files();
  CHECK(files.size() >= 40);
  for (const fs::path& file : files) {
    CAPTURE(file.string());
    std::vector<std::string> expected;
    for (const std::string& line : expected_of(file)) expected.push_back(file.string() + ":" + line);
    CHECK_FALSE(expected.empty());
    const load_result result = load_file(file);
    CHECK_FALSE(result.loaded);
    CHECK(messages(result) == expected);
  }
}

// yaml-cpp sees a possible key in each bracket, and so a map around it: hence 33, not 65.
TEST_CASE("brackets without end are nested too deeply, wherever they stand", "[loader]") {
  const std::string many(1'000'000, '[');
  CHECK(problems_of(many) ==
        std::vector<std::string>{"t.yaml:1:33: nested too deeply; 64 levels are allowed"});
  CHECK(problems_of("canstage: 1\nname: " + many) ==
        std::vector<std::string>{"t.yaml:2:39: nested too deeply; 64 levels are allowed"});
}

TEST_CASE("nothing that is long or deep takes long", "[loader]") {
  std::vector<std::string> texts(9);
  for (int i = 0; i < 200'000; ++i) {
    texts[0] += "- ";
    texts[1] += "? ";
    texts[2] += "{a: ";
    texts[3] += "&a ";
    texts[4] += "!a ";
    texts[5] += "- x\n";
    texts[6] += "a" + std::to_string(i) + ": x\n";
    texts[7] += "\"";
    texts[8] += "a: ";
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CAPTURE(i);
    const auto begin = std::chrono::steady_clock::now();
    const load_result result = load_text(texts[i], "t.yaml");
    CHECK_FALSE(result.loaded);
    CHECK(result.problems.size() <= problem_list::most_reported);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{20});
  }
}

TEST_CASE("a file has a limit of length, nodes and text", "[loader]") {
  const std::string head = "canstage: 1\nname: ";
  CHECK(problems_of(head + std::string(17'000'000, 'x')) ==
        std::vector<std::string>{"t.yaml:1:1: the file is too long; 16 MiB are allowed"});
  std::string nodes = "[";
  for (int i = 0; i < 1'000'001; ++i) nodes += "1,";
  const auto problems = problems_of(head + nodes + "]");
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].ends_with("too many nodes: an alias bomb? 1000000 are allowed"));
}

TEST_CASE("numbered ECUs with much text each are refused before they fill the memory", "[loader]") {
  const std::string text =
      "canstage: 1\nbuses: { can: {} }\necus:\n  node[1..100000]:\n"
      "    address: { request: \"{n:08X}\", response: \"1{n:07X}\" }\n"
      "    uds: { dids: { F190: \"{n}" +
      std::string(30'000, 'x') + "\" } }\n";
  const auto problems = problems_of(text);
  REQUIRE(problems.size() >= 1);
  CHECK(problems[0] == "t.yaml:4:3: too much to make from {n} and 'like'; fewer ECUs, or less text in each");
}

TEST_CASE("a file that cannot be read is a problem of that file", "[loader]") {
  CHECK(messages(load_file("no/such/file.yaml")) ==
        std::vector<std::string>{"no/such/file.yaml:1:1: cannot be read: No such file or directory"});
  CHECK(messages(load_file("tests")) ==
        std::vector<std::string>{"tests:1:1: cannot be read: it is a folder"});
}

TEST_CASE("changed at random, shipped files load or are refused, and nothing else", "[loader]") {
  std::vector<std::string> seeds;
  for (const auto& entry : fs::directory_iterator("scenarios")) {
    if (entry.path().extension() == ".yaml") seeds.push_back(content(entry.path()));
  }
  REQUIRE_FALSE(seeds.empty());
  constexpr std::string_view pieces = "{}[]:, \n*&-?!|\"'#\t0x7{n}..\xFF";
  std::uint32_t state = 1;
  const auto draw = [&state](std::size_t below) {
    state = state * 1664525U + 1013904223U;
    return static_cast<std::size_t>(state >> 8U) % below;
  };
  for (int i = 0; i < 1'000; ++i) {
    std::string text = seeds[draw(seeds.size())];
    for (std::size_t change = 1 + draw(3); change > 0; --change) {
      const std::size_t at = draw(text.size());
      if (draw(2) == 0) {
        text.erase(at, 1 + draw(8));
      } else {
        text.insert(at, 1, pieces[draw(pieces.size())]);
      }
    }
    CAPTURE(text);
    const load_result result = load_text(text, "t.yaml");
    REQUIRE(result.loaded.has_value() == result.problems.empty());
    REQUIRE(result.problems.size() <= problem_list::most_reported);
  }
}

}  // namespace
}  // namespace canstage::scenarios
