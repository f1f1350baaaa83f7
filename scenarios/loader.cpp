#include "scenarios/loader.hpp"

#include "fmt/format.h"
#include "scenarios/expand.hpp"
#include "scenarios/load_faults.hpp"
#include "scenarios/load_frames.hpp"
#include "scenarios/load_links.hpp"
#include "scenarios/load_loops.hpp"
#include "scenarios/load_parts.hpp"
#include "scenarios/load_variables.hpp"
#include "scenarios/real_nodes.hpp"
#include "scenarios/sources.hpp"

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
  const node* cyclic = nullptr;
  const node* faults = nullptr;
  const node* exposures = nullptr;
  const node* steps = nullptr;
  std::vector<std::string> tags;
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

/// What has to be known before anything else is read.
void read_before(reader& /*in*/, const node& /*value*/, file_draft& /*out*/) {}

constexpr std::array scenario_fields = std::to_array<field<file_draft>>({
    {{"canstage", "1", "The version of the format.", required}, &read_version},
    {{"name", "text", "What reports call the scenario.", "the name of the file"},
     [](reader& in, const node& value, file_draft& out) { out.name = in.text(value); }},
    {{"seed", "count", "All randomness comes from it.", "0"},
     [](reader& in, const node& value, file_draft& out) {
       out.seed = in.count(value, 0, UINT64_MAX).value_or(0);
     }},
    {{"tags", "tag | list of tag", "Words by which --only and --skip choose all steps of the file.", "[]"},
     [](reader& in, const node& value, file_draft& out) { out.tags = read_tags(in, value); }},
    {{"include", "file name | list of (file name)", "Files that say what this one does not.", "[]"},
     &read_before},
    {{"variables", "map by variable of (text)", "What ${name} stands for.", "{}"}, &read_before},
    {{"fleet", "<fleet>", "Everything in the file is there once for each vehicle.", "none"}, &read_before},
    {{"time", "virtual | real", "What drives the time.",
      "real if a link or an ECU is, or something is exposed"},
     [](reader& in, const node& value, file_draft& out) {
       if (const auto which = in.word(value, {"virtual", "real"}))
         out.time = *which == 1 ? time_mode::real_time : time_mode::virtual_time;
     }},
    {{"buses", "<bus> by name", "The CAN buses; at least one, here or in a file that is included.", "none"},
     [](reader& in, const node& value, file_draft& out) { out.buses = section(in, value); }},
    {{"ecus", "<ecu> by name or name[1..n]", "The simulated ECUs.", "{}"},
     [](reader& in, const node& value, file_draft& out) { out.ecus = section(in, value); }},
    {{"gateways", "<gateway> by name", "ECUs that forward between two buses.", "{}"},
     [](reader& in, const node& value, file_draft& out) { out.gateways = section(in, value); }},
    {{"testers", "<tester> by name", "Who asks them.", "{}"},
     [](reader& in, const node& value, file_draft& out) { out.testers = section(in, value); }},
    {{"endpoints", "<endpoint> by name", "Bare ISO-TP ends without UDS.", "{}"},
     [](reader& in, const node& value, file_draft& out) { out.endpoints = section(in, value); }},
    {{"cyclic", "<cyclic> by name", "Frames that are sent in a fixed period by nobody who is simulated.",
      "{}"},
     [](reader& in, const node& value, file_draft& out) { out.cyclic = section(in, value); }},
    {{"faults", "<fault> list", "What goes wrong on purpose.", "[]"},
     [](reader&, const node& value, file_draft& out) { out.faults = &value; }},
    {{"expose", "<exposure> list", "What other programs can join over TCP.", "[]"},
     [](reader&, const node& value, file_draft& out) { out.exposures = &value; }},
    {{"steps", "<step> list", "What happens, in this order.", "[]"},
     [](reader&, const node& value, file_draft& out) { out.steps = &value; }},
});

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
  for (const fault& one : play.faults) {
    const bool of_ecu = one.what == fault::level::answer || one.what == fault::level::life_cycle;
    if (of_ecu && play.ecus[one.ecu].real)
      in.refuse(one.where, fmt::format("{} is real: its faults are its own", shown(play.ecus[one.ecu].name)));
  }
  for (const auto& impossible : beyond_reach(play)) in.refuse(impossible.where, impossible.why);
}

/// Whether it can be a scenario at all.
bool check_root(reader& in, const node& root) {
  if (root.what != node::kind::map) {
    in.refuse(root.where,
              fmt::format("a scenario is a map that begins with 'canstage: 1', found {}", found(root)));
  } else if (root.find("canstage") == nullptr) {
    in.refuse({1, 1}, "'canstage: 1' is missing, the version of the format");
  } else {
    return true;
  }
  return false;
}

/// All but the steps, which know what answers gave, too.
void check_variables(reader& in, const node& root) {
  for (const map_entry& entry : root.entries)
    if (entry.key != "steps" && entry.key != "variables")
      refuse_unknown_names(*entry.value, in.names().variables, in.problems());
}

/// One vehicle, or all there is; `root` without variables. False: it gave up in between.
bool load_root(reader& in, const node& root, step_list& steps) {
  const position begin{1, 1};
  scenario& play = in.names().play;
  file_draft draft;
  const bool complete = read_fields(in, root, begin, "a scenario", scenario_fields, draft);
  if (draft.name) play.name = *draft.name;
  play.seed = draft.seed;
  play.time = draft.time;
  play.tags = draft.tags;
  if (!draft.version_known) return false;
  // Where no bus is known, everything else would only say so.
  if (draft.buses == nullptr || draft.buses->entries.empty()) {
    const node_ptr* buses = root.find("buses");
    if (buses != nullptr) in.refuse((*buses)->where, "there has to be a bus");
    if (buses == nullptr && complete) in.refuse(begin, "a scenario lacks 'buses'");
    return false;
  }
  load_buses(in, *draft.buses);
  if (draft.ecus != nullptr && !load_ecus(in, *draft.ecus)) return false;
  if (draft.gateways != nullptr) load_gateways(in, *draft.gateways);
  if (draft.testers != nullptr) load_testers(in, *draft.testers);
  check_own_addresses(in);
  if (draft.endpoints != nullptr) load_endpoints(in, *draft.endpoints);
  if (draft.cyclic != nullptr) load_cyclic(in, *draft.cyclic);
  const auto outside = first_outside(play);
  if (outside && draft.time == time_mode::virtual_time)
    in.refuse(outside->where,
              fmt::format("'time: virtual' does not go with {}: time is real there", outside->carrier));
  if (complete && draft.exposures != nullptr) load_exposures(in, *draft.exposures);
  // A mistyped section leaves its names unknown.
  if (complete && draft.faults != nullptr) load_faults(in, *draft.faults);
  const reader::scope inside{in, "steps"};
  if (complete && draft.steps != nullptr) load_steps(in, *draft.steps, steps);
  return true;
}

/// `root` as it is with the variables; null if that is wrong.
node_ptr without_variables(reader& in, const node_ptr& root) {
  problem_list& problems = in.problems();
  const bool was_good = problems.empty();
  node_ptr result = filled_in(root, in.names().variables, problems);
  if (was_good && problems.empty()) check_variables(in, *result);
  return was_good && !problems.empty() ? nullptr : result;
}

/// The whole file once for each vehicle, on buses of its own.
void load_fleet(reader& in, const node_ptr& root, const fleet& what) {
  load_context& names = in.names();
  parallel_step all;
  for (std::uint32_t k = 1; k <= what.vehicles; ++k) {
    names.begin_vehicle(fmt::format("v{}.", k));
    names.variables = {{"vehicle", value_of(fmt::format("{}", k))}};
    if (!read_variables(in, *root)) return;
    all.names.push_back(fmt::format("v{}", k));
    const node_ptr vehicle = without_variables(in, root);
    // What is wrong with one is mostly wrong with all.
    if (!vehicle || !load_root(in, *vehicle, all.branches.emplace_back()) || !in.problems().empty()) return;
    if (names.play.ecus.size() > max_ecus) {
      in.refuse(what.where, fmt::format("too many ECUs; {} are allowed in all vehicles together", max_ecus));
      return;
    }
  }
  step& one = names.play.steps.emplace_back();
  one.what = std::move(all);
  one.name = "fleet";
  one.where = what.where;
}

void load_all(reader& in, const node_ptr& root) {
  if (!check_root(in, *root)) return;
  scenario& play = in.names().play;
  const auto many = read_fleet(in, *root);
  if (!many) return;
  if (many->vehicles > 0) {
    load_fleet(in, root, *many);
  } else {
    if (!read_variables(in, *root)) return;
    const node_ptr all = without_variables(in, root);
    if (!all || !load_root(in, *all, play.steps)) return;
  }
  check_identifiers(in);
  check_fault_steps(in);
  find_shared_data(in);
  check_real_nodes(in, play);
  check_exposures(in, play);
  check_length(in, play.steps);
}

}  // namespace

load_result load_file(const std::filesystem::path& path) {
  std::string why;
  if (const auto text = read_text(path, why)) return load_text(*text, path.string());
  return {std::nullopt, {{path.string(), {1, 1}, "cannot be read: " + why}}};
}

load_result load_text(std::string_view text, std::string file_name) {
  scenario play;
  play.file = file_name;
  play.name = std::filesystem::path(file_name).stem().string();
  problem_list problems{file_name};
  if (const node_ptr root = read_sources(text, file_name, problems, play.included)) {
    load_context context{play};
    reader in{problems, context};
    load_all(in, root);
  }
  load_result result;
  if (problems.empty()) {
    result.loaded = std::move(play);
  } else {
    result.problems = problems.take();
  }
  return result;
}

void describe_scenario(std::vector<map_doc>& maps) {
  maps.push_back(describe("scenario", scenario_fields));
  describe_variables(maps);
}

}  // namespace canstage::scenarios
