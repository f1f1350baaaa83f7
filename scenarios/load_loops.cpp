#include "scenarios/load_loops.hpp"

#include "fmt/format.h"

namespace canstage::scenarios {

namespace {

constexpr std::uint32_t most_repetitions = 1'000'000'000;
constexpr std::uint64_t most_rounds = 100'000;

/// Nodes that may be made for all `for_each` of a file.
constexpr std::uint64_t most_work = 2'000'000;

struct repeat_draft {
  std::uint32_t times = 1;
  const node* steps = nullptr;
};

constexpr std::array repeat_fields = std::to_array<field<repeat_draft>>({
    {{"times", "count", "How often, up to 1000000000 times.", required},
     [](reader& in, const node& value, repeat_draft& out) {
       out.times = static_cast<std::uint32_t>(in.count(value, 1, most_repetitions).value_or(1));
     }},
    {{"steps", "<step> list", "What is repeated.", required},
     [](reader&, const node& value, repeat_draft& out) { out.steps = &value; }},
});

struct for_each_draft {
  std::string variable;
  std::vector<std::string> values;
};

void read_loop_variable(reader& in, const node& value, for_each_draft& out) {
  const auto name = in.text(value);
  if (!name) return;
  if (!is_variable_name(*name)) {
    in.refuse_value(value, "a name of letters, digits and '_'");
  } else if (in.names().variables.contains(*name)) {
    in.refuse(value.where, fmt::format("{} is a variable already", shown(*name)));
  } else {
    out.variable = *name;
  }
}

/// 1..8
void read_numbers(reader& in, const node& value, for_each_draft& out) {
  constexpr std::string_view wish = "a list of values, or numbers like 1..8";
  if (!in.want_scalar(value, wish)) return;
  const std::size_t dots = value.text.find("..");
  std::string why;
  const auto number = [&](std::string_view digits) { return parse_count(digits, 0, 1'000'000'000, why); };
  const auto first = number(std::string_view(value.text).substr(0, dots));
  const auto last =
      dots == std::string::npos ? std::nullopt : number(std::string_view(value.text).substr(dots + 2));
  if (!first || !last) {
    in.refuse_value(value, wish, why);
  } else if (*last < *first) {
    in.refuse_value(value, wish, "it ends before it begins");
  } else if (*last - *first >= most_rounds) {
    in.refuse_value(value, wish, fmt::format("{} values are the most", most_rounds));
  } else {
    for (std::uint64_t i = *first; i <= *last; ++i) out.values.push_back(fmt::format("{}", i));
  }
}

void read_values(reader& in, const node& value, for_each_draft& out) {
  if (value.what != node::kind::list) {
    read_numbers(in, value, out);
    return;
  }
  for (const node_ptr& item : value.items)
    if (auto text = in.text(*item)) out.values.push_back(std::move(*text));
}

constexpr std::array for_each_fields = std::to_array<field<for_each_draft>>({
    {{"variable", "text", "The name under which the steps know the value, as ${name}.", required},
     &read_loop_variable},
    {{"in", "list of (text) | number range", "The values in their order, or decimal numbers like 1..8.",
      required},
     &read_values},
    // With the variable they are another tree each time; see read_for_each_step.
    {{"steps", "<step> list", "What is done for each value.", required},
     [](reader&, const node&, for_each_draft&) {}},
});

}  // namespace

void read_repeat_step(reader& in, const node& value, step& out) {
  repeat_draft draft;
  if (!read_fields(in, value, value.where, "repeat", repeat_fields, draft)) return;
  repeat_step made{draft.times, {}};
  const reader::scope inside{in, "steps"};
  load_steps(in, *draft.steps, made.steps);
  out.what = std::move(made);
  if (out.name.empty()) out.name = fmt::format("repeat {} times", draft.times);
}

void read_for_each_step(reader& in, const node& value, step& out) {
  for_each_draft draft;
  if (!read_fields(in, value, value.where, "for_each", for_each_fields, draft) || draft.variable.empty())
    return;
  load_context& names = in.names();
  const node_ptr& steps = *value.find("steps");
  for_each_step made;
  const reader::scope inside{in, "steps"};
  for (std::string& text : draft.values) {
    names.loop_work += steps->weight;
    if (names.loop_work > most_work) {
      in.refuse(value.where, "too many steps from 'for_each'; fewer values, or fewer steps in each");
      break;
    }
    names.variables.insert_or_assign(draft.variable, value_of(std::move(text)));
    load_steps(in, *filled_in(steps, names.variables, in.problems()), made.rounds.emplace_back());
  }
  names.variables.erase(draft.variable);
  out.what = std::move(made);
  if (out.name.empty()) out.name = "for each " + draft.variable;
}

/// Each branch knows what was captured before; what follows knows what any branch captured.
void read_parallel_step(reader& in, const node& value, step& out) {
  if (!in.want_list(value, "a list of branches, each a list of steps")) return;
  auto& captured = in.names().captured;
  const auto before = captured;
  auto after = before;
  parallel_step made;
  for (const node_ptr& branch : value.items) {
    captured = before;
    load_steps(in, *branch, made.branches.emplace_back());
    after.insert(captured.begin(), captured.end());
  }
  captured = std::move(after);
  out.what = std::move(made);
  if (out.name.empty()) out.name = "parallel";
}

void describe_loops(std::vector<map_doc>& maps) {
  maps.push_back(describe("repeat", repeat_fields));
  maps.push_back(describe("for_each", for_each_fields));
}

}  // namespace canstage::scenarios
