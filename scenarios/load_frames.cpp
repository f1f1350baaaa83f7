#include "scenarios/load_frames.hpp"

#include "fmt/format.h"

namespace canstage::scenarios {

namespace {

using namespace std::chrono_literals;

void read_identifiers(reader& in, const node& value, std::vector<identifier_range>& into) {
  std::vector<node_ptr> many;
  if (value.what == node::kind::list) many = value.items;
  const auto one = [&](const node& item) {
    if (const auto range = read_identifier_range(in, item)) into.push_back({range->first, range->last});
  };
  if (value.what != node::kind::list) one(value);
  for (const node_ptr& item : many) one(*item);
}

constexpr std::string_view identifiers_shape =
    "hex identifier | identifier range | list of (hex identifier | identifier range)";

/// What all of them have.
struct frame_draft {
  const node* bus = nullptr;
  std::vector<identifier_range> ids;
  const node* ids_node = nullptr;
};

template <class Draft>
void read_bus_name(reader& /*in*/, const node& value, Draft& out) {
  out.frames.bus = &value;
}

template <class Draft>
void read_ids(reader& in, const node& value, Draft& out) {
  out.frames.ids_node = &value;
  read_identifiers(in, value, out.frames.ids);
}

template <class Draft>
constexpr field<Draft> bus_row() {
  return {{"bus", "name", "The bus that is listened to.", "the only bus, where there is a single one"},
          &read_bus_name<Draft>};
}

template <class Draft>
constexpr field<Draft> id_row(std::string_view meaning, std::string_view fallback) {
  return {{"id", identifiers_shape, meaning, fallback}, &read_ids<Draft>};
}

/// Nothing after a refusal.
std::optional<frame_choice> choice_of(reader& in, const frame_draft& draft, position where) {
  const auto bus = read_bus(in, draft.bus, where);
  if (!bus || (draft.ids_node != nullptr && draft.ids.empty())) return std::nullopt;
  return frame_choice{*bus, draft.ids};
}

uds::pattern anything() {
  text_error unused;
  return uds::pattern::parse("*", unused).value_or(uds::pattern{});
}

struct single_frame_draft {
  frame_draft frames;
  std::optional<uds::pattern> data = anything();
  std::optional<duration> within = 1s;
};

void read_data(reader& in, const node& value, single_frame_draft& out) { out.data = in.pattern(value); }

constexpr std::array expect_frame_fields = std::to_array<field<single_frame_draft>>({
    bus_row<single_frame_draft>(),
    id_row<single_frame_draft>("Identifiers of the frame; the next one that comes is judged.", required),
    {{"data", "pattern", "What its data have to look like.", "\"*\", any data"}, &read_data},
    {{"within", "time", "How long it may take to come.", "1s"},
     [](reader& in, const node& value, single_frame_draft& out) { out.within = in.time_above_zero(value); }},
});

constexpr std::array awaited_frame_fields = std::to_array<field<single_frame_draft>>({
    bus_row<single_frame_draft>(),
    id_row<single_frame_draft>("Identifiers of the frame.", required),
    {{"data", "pattern", "What its data have to look like; other frames are passed over.", "\"*\", any data"},
     &read_data},
});

void add_captures(reader& in, const uds::pattern& data) {
  for (std::string& name : data.capture_names()) in.names().captured.insert(std::move(name));
}

/// Nothing after a refusal.
std::optional<expect_frame_step> frame_step_of(reader& in, const single_frame_draft& draft, position where) {
  const auto which = choice_of(in, draft.frames, where);
  if (draft.data) add_captures(in, *draft.data);
  if (!which || !draft.data || !draft.within) return std::nullopt;
  return expect_frame_step{*which, *draft.data, *draft.within, false};
}

struct silence_draft {
  frame_draft frames;
  std::vector<identifier_range> except;
  std::optional<duration> time;
};

constexpr std::array silence_fields = std::to_array<field<silence_draft>>({
    bus_row<silence_draft>(),
    id_row<silence_draft>("Identifiers that may not come.", "all"),
    {{"except", identifiers_shape, "Identifiers that may come.", "none"},
     [](reader& in, const node& value, silence_draft& out) { read_identifiers(in, value, out.except); }},
    {{"for", "time", "How long.", required},
     [](reader& in, const node& value, silence_draft& out) { out.time = in.time_above_zero(value); }},
});

struct bus_draft {
  frame_draft frames;
  std::optional<duration> time;
  expect_bus_step made;
  const node* load = nullptr;
};

void read_load(reader& in, const node& value, bus_draft& out) {
  constexpr std::string_view wish = "a share like 40%, 10%..50%, 10%.. or ..50%";
  out.load = &value;
  if (!in.want_scalar(value, wish)) return;
  std::string why;
  const auto range = parse_share_range(value.text, why);
  if (!range) in.refuse_value(value, wish, why);
  if (range) out.made.load = load_limits{range->least, range->most};
}

constexpr std::array expect_bus_fields = std::to_array<field<bus_draft>>({
    bus_row<bus_draft>(),
    id_row<bus_draft>("Identifiers of the frames that 'frames' and 'gap' are about.", "all"),
    {{"for", "time", "How long is measured.", required},
     [](reader& in, const node& value, bus_draft& out) { out.time = in.time_above_zero(value); }},
    {{"load", "percentage | percentage range",
      "The share of the time in which the bus is busy; 40% is at most that.", "not judged"},
     &read_load},
    {{"frames", "count range", "How many frames end: 10, 10..20 or 10.. .", "not judged"},
     [](reader& in, const node& value, bus_draft& out) {
       if (const auto range = in.count_range(value))
         out.made.frames = frame_count_limits{range->least, range->most};
     }},
    {{"gap", "time range", "From the end of each frame to the end of the next one.", "not judged"},
     [](reader& in, const node& value, bus_draft& out) {
       if (const auto range = in.time_range(value)) out.made.gap = gap_limits{range->low, range->high};
     }},
});

struct wait_draft {
  const node* frame = nullptr;
  const node* request = nullptr;
  std::optional<uds::pattern> answer;
  const node* answer_node = nullptr;
  std::optional<duration> every = 100ms;
  const node* every_node = nullptr;
  std::optional<duration> within = 10s;
};

constexpr std::array wait_fields = std::to_array<field<wait_draft>>({
    {{"frame", "<frame>", "The frame that is awaited.", "none; one of frame and request is needed",
      "what is awaited"},
     [](reader&, const node& value, wait_draft& out) { out.frame = &value; }},
    {{"request", "<request>", "What is asked until the answer is as it should be.",
      "none; one of frame and request is needed", "what is awaited"},
     [](reader&, const node& value, wait_draft& out) { out.request = &value; }},
    {{"answer", "pattern", "With request: the answer that is awaited.", "\"*\", any answer"},
     [](reader& in, const node& value, wait_draft& out) {
       out.answer_node = &value;
       out.answer = in.pattern(value);
     }},
    {{"every", "time", "With request: from an answer to the next request.", "100ms"},
     [](reader& in, const node& value, wait_draft& out) {
       out.every_node = &value;
       out.every = in.time_above_zero(value);
     }},
    {{"within", "time", "How long is waited.", "10s"},
     [](reader& in, const node& value, wait_draft& out) { out.within = in.time_above_zero(value); }},
});

void read_awaited_frame(reader& in, const wait_draft& draft, step& out) {
  for (const auto& [key, value] : {std::pair{"answer", draft.answer_node}, {"every", draft.every_node}})
    if (value != nullptr) in.refuse(value->where, fmt::format("'{}' has no meaning with 'frame'", key));
  single_frame_draft frame;
  frame.within = draft.within;
  const reader::scope inside{in, "frame"};
  if (!read_fields(in, *draft.frame, draft.frame->where, "a frame", awaited_frame_fields, frame)) return;
  auto made = frame_step_of(in, frame, draft.frame->where);
  if (!made) return;
  made->passes_others = true;
  out.what = *std::move(made);
}

void read_awaited_answer(reader& in, const wait_draft& draft, step& out) {
  step asked;
  {
    const reader::scope inside{in, "request"};
    read_request_step(in, *draft.request, {}, asked);
  }
  if (draft.answer) add_captures(in, *draft.answer);
  auto* request = std::get_if<request_step>(&asked.what);
  const bool refused = draft.answer_node != nullptr && !draft.answer;
  if (request == nullptr || refused || !draft.every || !draft.within) return;
  request->expect.emplace().reply = draft.answer.value_or(anything());
  out.what = wait_answer_step{std::move(*request), *draft.every, *draft.within};
  if (out.name.empty()) out.name = "wait for an answer to " + asked.name;
}

}  // namespace

void read_expect_frame_step(reader& in, const node& value, step& out) {
  single_frame_draft draft;
  if (!read_fields(in, value, value.where, "expect_frame", expect_frame_fields, draft)) return;
  auto made = frame_step_of(in, draft, value.where);
  if (!made) return;
  if (out.name.empty())
    out.name = fmt::format("expect a frame on {}", in.names().play.buses[made->which.bus].name);
  out.what = *std::move(made);
}

void read_expect_silence_step(reader& in, const node& value, step& out) {
  silence_draft draft;
  if (!read_fields(in, value, value.where, "expect_silence", silence_fields, draft)) return;
  const auto which = choice_of(in, draft.frames, value.where);
  if (!which || !draft.time) return;
  if (out.name.empty())
    out.name = fmt::format("expect silence on {} for {}", in.names().play.buses[which->bus].name,
                           to_text(*draft.time));
  out.what = expect_silence_step{*which, std::move(draft.except), *draft.time};
}

void read_expect_bus_step(reader& in, const node& value, step& out) {
  bus_draft draft;
  if (!read_fields(in, value, value.where, "expect_bus", expect_bus_fields, draft)) return;
  const auto which = choice_of(in, draft.frames, value.where);
  if (!which || !draft.time) return;
  const bus& on = in.names().play.buses[which->bus];
  if (draft.load == nullptr && value.find("frames") == nullptr && value.find("gap") == nullptr) {
    in.refuse(value.where, "expect_bus needs 'load', 'frames' or 'gap'");
  } else if (draft.load != nullptr && !on.rates) {
    in.refuse(draft.load->where, fmt::format("bus '{}' has no 'bitrate', and so no load", on.name));
  }
  draft.made.which = *which;
  draft.made.time = *draft.time;
  out.what = draft.made;
  if (out.name.empty()) out.name = fmt::format("expect of bus {} for {}", on.name, to_text(*draft.time));
}

void read_wait_for_step(reader& in, const node& value, step& out) {
  wait_draft draft;
  if (!read_fields(in, value, value.where, "wait_for", wait_fields, draft)) return;
  if ((draft.frame == nullptr) == (draft.request == nullptr)) {
    in.refuse(value.where, "wait_for has one of 'frame' and 'request'");
    return;
  }
  if (draft.frame != nullptr) {
    read_awaited_frame(in, draft, out);
    if (out.name.empty()) out.name = "wait for a frame";
  } else {
    read_awaited_answer(in, draft, out);
  }
}

void describe_frame_steps(std::vector<map_doc>& maps) {
  maps.push_back(describe("expect_frame", expect_frame_fields));
  maps.push_back(describe("frame", awaited_frame_fields));
  maps.push_back(describe("expect_silence", silence_fields));
  maps.push_back(describe("expect_bus", expect_bus_fields));
  maps.push_back(describe("wait_for", wait_fields));
}

}  // namespace canstage::scenarios
