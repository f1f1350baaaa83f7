// The main function of every test, and the only translation unit with Catch2's own
// code. It makes a Catch2 program what Bazel expects of a test: results as JUnit XML
// in $XML_OUTPUT_FILE, --test_filter, and a share of the cases if there are shards.
#define CATCH_CONFIG_RUNNER
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catch2/catch.hpp"

namespace {

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::ofstream& junit_file() {
  static std::ofstream file{environment("XML_OUTPUT_FILE").value_or("/dev/null")};
  return file;
}

// Catch2 2 has one reporter but any number of listeners: the JUnit reporter listens
// while the console reporter goes on printing.
struct junit_listener : Catch::JunitReporter {
  explicit junit_listener(const Catch::ReporterConfig& config)
      : JunitReporter(Catch::ReporterConfig(config.fullConfig(), junit_file())) {}
};

// The pattern that matches the test of that name and no other.
std::string exact_pattern(std::string_view name) {
  std::string pattern = "\"";
  for (const char c : name) {
    if (std::string_view{"\",\\[]"}.find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  pattern += '"';
  return pattern;
}

// Names of the tests that would run without shards, in their order.
std::vector<std::string> selected_tests(Catch::Session& runner) {
  const auto& config = runner.config();
  std::vector<std::string> names;
  for (const auto& test : Catch::getAllTestCasesSorted(config)) {
    const bool selected =
        config.hasTestFilters() ? Catch::matchTest(test, config.testSpec(), config) : !test.isHidden();
    if (selected) names.push_back(test.name);
  }
  return names;
}

// Leaves every `count`-th selected test, from `index` on. Returns how many are left.
std::size_t keep_shard(Catch::Session& runner, std::size_t index, std::size_t count) {
  const auto names = selected_tests(runner);
  std::vector<std::string> patterns;
  std::size_t kept = 0;
  for (std::size_t i = index; i < names.size(); i += count, ++kept) {
    if (kept != 0) patterns.emplace_back(",");
    patterns.push_back(exact_pattern(names[i]));
  }
  auto settings = runner.configData();
  settings.testsOrTags = std::move(patterns);
  runner.useConfigData(settings);
  return kept;
}

}  // namespace

int main(int argc, char** argv) {
  Catch::Session runner;
  if (const int error = runner.applyCommandLine(argc, argv)) return error;
  if (const auto filter = environment("TESTBRIDGE_TEST_ONLY")) {
    runner.configData().testsOrTags.push_back(*filter);
  }
  std::optional<Catch::ListenerRegistrar<junit_listener>> registrar;
  if (environment("XML_OUTPUT_FILE")) registrar.emplace();

  const auto index = environment("TEST_SHARD_INDEX");
  const auto count = environment("TEST_TOTAL_SHARDS");
  if (index && count) {
    // Touching this file tells Bazel that the test knows about shards.
    if (const auto status = environment("TEST_SHARD_STATUS_FILE")) std::ofstream{*status};
    if (keep_shard(runner, std::stoul(*index), std::stoul(*count)) == 0) {
      // Without a file Bazel would invent a test case for the empty shard.
      junit_file() << "<testsuites/>\n";
      return EXIT_SUCCESS;
    }
  }
  return runner.run();
}
