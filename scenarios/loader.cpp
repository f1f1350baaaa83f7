#include "scenarios/loader.hpp"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>

#include "fmt/format.h"
#include "scenarios/load_parts.hpp"
#include "scenarios/real_nodes.hpp"

namespace canstage::scenarios {

namespace {

/// The top level: what is read at once, and the sections, which are read in the order of their needs.
struct file_draft {
  bool version_known = false;
  std::optional<std::string> name;
  std::uint64_t seed = 0;
  std::optional<time_mode> time;
  const node* buses = nullptr;
  const node* ecus = nullptr;
  const node* gateways = nullptr;
  const node* testers = nullptr;
  const node* endpoints = nullptr;
  const node* faults = nullptr;
  const node* steps = nullptr;
};

void read_version(reader& in, const node& value, file_draft& out) {
  out.version_known = value.is_scalar() && value.text == "1";
  if (!out.version_known) in.refuse_value(value, "1, the version of the format that is known here");
}

/// A map by names, or nothing.
const node* section(reader& in, const node& value) {
  if (value.what == node::kind::map) return &value;
  if (value.what != node::kind::nothing) in.refuse_value(value, "a map by names");
  return nullptr;
}

constexpr std::array scenario_fields = std::to_array<field<file_draft>>({
    {{"canstage", "1", "The version of the format.", required}, &read_version},
    {{"name", "text", "What reports call the scenario.", "the name of the file"},
     [](reader& in, const node& value, file_draft& out) { out.name = in.text(value); }},
    {{"seed", "count", "All randomness comes from it.", "0"},
     [](reader& in, const node& value, file_draft& out) {
       out.seed = in.count(value, 0, UINT64_MAX).value_or(0);
     }},
    {{"time", "virtual | real", "What drives the time.", "real if a link or an ECU is"},
     [](reader& in, const node& value, file_draft& out) {
       if (const auto which = in.word(value, {"virtual", "real"}))
         out.time = *which == 1 ? time_mode::real_time : time_mode::virtual_time;
     }},
    {{"buses", "<bus> by name", "The CAN buses.", required},
     [](reader& in, const node& value, file_draft& out) { out.buses = section(in, value); }},
    {{"ecus", "<ecu> by name or name[1..n]", "The simulated ECUs.", "{}"},
     [](reader& in, const node& value, file_draft& out) { out.ecus = section(in, value); }},
    {{"gateways", "<gateway> by name", "ECUs that forward between two buses.", "{}"},
     [](reader& in, const node& value, file_draft& out) { out.gateways = section(in, value); }},
    {{"testers", "<tester> by name", "Who asks them.", "{}"},
     [](reader& in, const node& value, file_draft& out) { out.testers = section(in, value); }},
    {{"endpoints", "<endpoint> by name", "Bare ISO-TP ends without UDS.", "{}"},
     [](reader& in, const node& value, file_draft& out) { out.endpoints = section(in, value); }},
    {{"faults", "<fault> list", "What ECUs and endpoints do wrong on purpose.", "[]"},
     [](reader&, const node& value, file_draft& out) { out.faults = &value; }},
    {{"steps", "<step> list", "What happens, in this order.", "[]"},
     [](reader&, const node& value, file_draft& out) { out.steps = &value; }},
});

/// Simulated time is counted in 64 bits of nanoseconds; half of their 292 years is enough for anybody.
constexpr double longest_run = 100.0 * 365 * 24 * 3600 * 1e9;

double time_of(const step_list& steps);

/// The time that a step takes by itself.
double time_of(const step& s) {
  const auto nanoseconds = [](duration time) { return static_cast<double>(time.count()); };
  if (const auto* advance = std::get_if<advance_step>(&s.what)) return nanoseconds(advance->time);
  if (const auto* functional = std::get_if<functional_step>(&s.what)) return nanoseconds(functional->window);
  if (const auto* request = std::get_if<request_step>(&s.what)) return nanoseconds(request->window);
  if (const auto* repeat = std::get_if<repeat_step>(&s.what)) return repeat->times * time_of(repeat->steps);
  double longest = 0;
  if (const auto* parallel = std::get_if<parallel_step>(&s.what)) {
    for (const step_list& branch : parallel->branches) longest = std::max(longest, time_of(branch));
  }
  return longest;
}

double time_of(const step_list& steps) {
  double sum = 0;
  for (const step& s : steps) sum += time_of(s);
  return sum;
}

void check_length(reader& in, const scenario& play) {
  double sum = 0;
  for (const step& s : play.steps) {
    sum += time_of(s);
    if (sum <= longest_run) continue;
    in.refuse(s.where, "up to the end of this step the run may take more than 100 years");
    return;
  }
}

/// What a real ECU or endpoint cannot be told.
void check_real_nodes(reader& in, const scenario& play) {
  const auto check = [&](const auto& who) {
    if (!who.real) return;
    if (play.time == time_mode::virtual_time)
      in.refuse(who.where, fmt::format("'time: virtual' does not go with {}: it is real, and so is its time",
                                       shown(who.name)));
    if (who.faults) in.refuse(who.where, fmt::format("{} is real: its faults are its own", shown(who.name)));
  };
  for (const auto& who : play.ecus) check(who);
  for (const auto& who : play.endpoints) check(who);
  for (const auto& impossible : beyond_reach(play)) in.refuse(impossible.where, impossible.why);
}

void load_root(reader& in, const node& root, scenario& play) {
  const position begin{1, 1};
  if (root.what != node::kind::map) {
    in.refuse(root.where,
              fmt::format("a scenario is a map that begins with 'canstage: 1', found {}", found(root)));
    return;
  }
  if (root.find("canstage") == nullptr) {
    in.refuse(begin, "'canstage: 1' is missing, the version of the format");
    return;
  }
  file_draft draft;
  const bool complete = read_fields(in, root, begin, "a scenario", scenario_fields, draft);
  if (draft.name) play.name = *draft.name;
  play.seed = draft.seed;
  play.time = draft.time;
  if (!draft.version_known) return;
  // Where no bus is known, everything else would only say so.
  if (draft.buses == nullptr || draft.buses->entries.empty()) {
    if (const node_ptr* buses = root.find("buses")) in.refuse((*buses)->where, "there has to be a bus");
    return;
  }
  load_buses(in, *draft.buses);
  if (const bus* real = first_real_bus(play); real != nullptr && draft.time == time_mode::virtual_time)
    in.refuse(real->where, fmt::format("'time: virtual' does not go with {}: time is real there",
                                       to_string(real->carrier)));
  if (draft.ecus != nullptr && !load_ecus(in, *draft.ecus)) return;
  if (draft.gateways != nullptr) load_gateways(in, *draft.gateways);
  if (draft.testers != nullptr) load_testers(in, *draft.testers);
  if (draft.endpoints != nullptr) load_endpoints(in, *draft.endpoints);
  check_identifiers(in);
  // A mistyped section leaves its names unknown.
  if (complete && draft.faults != nullptr) load_faults(in, *draft.faults);
  const reader::scope inside{in, "steps"};
  if (complete && draft.steps != nullptr) load_steps(in, *draft.steps, play.steps);
  check_real_nodes(in, play);
  check_length(in, play);
}

load_result unreadable(const std::string& file, const std::string& why) {
  return {std::nullopt, {{file, {1, 1}, "cannot be read: " + why}}};
}

}  // namespace

load_result load_file(const std::filesystem::path& path) {
  const std::string file = path.string();
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return unreadable(file, "it is a folder");
  errno = 0;
  std::ifstream in{path, std::ios::binary};
  if (!in) return unreadable(file, std::strerror(errno));
  // One byte more than allowed, so that a file that is too long is seen to be.
  std::string text(max_document_bytes + 8, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return unreadable(file, std::strerror(errno));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return load_text(text, file);
}

load_result load_text(std::string_view text, std::string file_name) {
  scenario play;
  play.file = file_name;
  play.name = std::filesystem::path(file_name).stem().string();
  problem_list problems{std::move(file_name)};
  if (const node_ptr root = parse_document(text, problems)) {
    load_context context{play};
    reader in{problems, context};
    load_root(in, *root, play);
  }
  load_result result;
  if (problems.empty()) {
    result.loaded = std::move(play);
  } else {
    result.problems = problems.take();
  }
  return result;
}

void describe_scenario(std::vector<map_doc>& maps) { maps.push_back(describe("scenario", scenario_fields)); }

}  // namespace canstage::scenarios
