// The scenarios that ship, and the examples of the documentation.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "catch2/catch.hpp"
#include "scenarios/fields.hpp"
#include "scenarios/loader.hpp"
#include "tests/scenarios/loaded.hpp"

namespace canstage::scenarios {
namespace {

std::string content(const std::string& file) {
  std::ifstream in{file};
  REQUIRE(in);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The pages about the language, one after the other.
std::string all_pages() {
  std::string text = content("docs/scenario-format.md");
  std::set<std::filesystem::path> others;
  if (std::filesystem::exists("docs/scenario")) {
    for (const auto& entry : std::filesystem::directory_iterator("docs/scenario"))
      others.insert(entry.path());
  }
  for (const auto& page : others) text += content(page.string());
  return text;
}

/// The fenced YAML of a page.
std::vector<std::string> examples(const std::string& page) {
  std::vector<std::string> result;
  std::istringstream in{page};
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (!inside && line == "```yaml") {
      inside = true;
      result.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      result.back() += line + "\n";
    }
  }
  return result;
}

std::string indented(const std::string& text, const std::string& by) {
  std::string result;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) result += by + line + "\n";
  return result;
}

/// A fragment says in its first line where it belongs.
std::string whole(const std::string& example) {
  const std::string engine =
      "canstage: 1\nbuses: { can: {} }\necus:\n  engine:\n    address: { request: 7E0, response: 7E8 }\n";
  if (example.starts_with("# in an ECU")) return engine + indented(example, "    ");
  if (example.starts_with("# steps"))
    return engine + "testers: { tester: {} }\nsteps:\n" + indented(example, "  ");
  return example;
}

TEST_CASE("every shipped scenario loads", "[loader]") {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    ++count;
    const load_result result = load_file(entry.path());
    for (const diagnostic& problem : result.problems) UNSCOPED_INFO(to_string(problem));
    CHECK(result.loaded);
  }
  CHECK(count >= 4);
}

TEST_CASE("the VIN is asked for on two buses of eight ECUs", "[loader]") {
  const scenario play = loaded(content("scenarios/functional_vin.yaml"));
  REQUIRE(play.testers.size() == 2);
  CHECK(play.testers[0].ecus.size() == 8);
  CHECK(play.testers[1].ecus.size() == 8);
}

TEST_CASE("the OBD poll makes 1,000 requests of eight ECUs", "[loader]") {
  const scenario play = loaded(content("scenarios/obd_poll.yaml"));
  CHECK(play.ecus.size() == 8);
  const auto& repeat = std::get<repeat_step>(play.steps.at(0).what);
  CHECK(repeat.times * repeat.steps.size() == 1'000);
}

TEST_CASE("every example of the pages loads", "[loader]") {
  const std::vector<std::string> found = examples(all_pages());
  CHECK(found.size() >= 10);
  for (const std::string& example : found) {
    CAPTURE(example);
    loaded(whole(example));
  }
}

TEST_CASE("the pages have a row for every key, with its default", "[loader]") {
  const std::string page = all_pages();
  for (const map_doc& map : format_maps()) {
    for (const field_doc& field : map.fields) {
      CAPTURE(map.name, field.key);
      CHECK_FALSE(field.meaning.empty());
      CHECK_FALSE(field.shape.empty());
      CHECK(page.find("`" + std::string(field.key)) != std::string::npos);
      // "none; ..." and longer explanations are told in other words.
      const bool plain =
          field.fallback.find_first_of(" ;") == std::string_view::npos && field.fallback != "none";
      if (!plain || map.name == "repeat") continue;
      bool row = false;
      std::istringstream in{page};
      const std::string begin = "| `" + std::string(field.key) + "` |";
      for (std::string line; std::getline(in, line);) {
        const std::size_t at = line.find(begin);
        row = row ||
              (at != std::string::npos && line.find(field.fallback, at + begin.size()) != std::string::npos);
      }
      CHECK(row);
    }
  }
}

TEST_CASE("no key is known and of a later version at once, and no map has a key twice", "[loader]") {
  std::set<std::string_view> known;
  for (const map_doc& map : format_maps()) {
    std::set<std::string_view> keys;
    for (const field_doc& field : map.fields) CHECK(keys.insert(field.key).second);
    known.merge(keys);
  }
  for (const std::string_view later : keys_of_later_versions()) {
    CAPTURE(later);
    CHECK_FALSE(known.contains(later));
  }
}

}  // namespace
}  // namespace canstage::scenarios
