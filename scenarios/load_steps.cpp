// `steps:`.
#include <type_traits>

#include "fmt/format.h"
#include "scenarios/load_change_parameter.hpp"
#include "scenarios/load_frames.hpp"
#include "scenarios/load_loops.hpp"
#include "scenarios/load_parts.hpp"
#include "scenarios/load_procedures.hpp"
#include "scenarios/load_requests.hpp"
#include "scenarios/load_variables.hpp"

namespace canstage::scenarios {

namespace {

struct send_frame_draft {
  const node* bus = nullptr;
  std::optional<can::identifier> id;
  const node* data_node = nullptr;
  std::optional<bytes> data;
  bool fd = false;
};

constexpr std::array send_frame_fields = std::to_array<field<send_frame_draft>>({
    {{"bus", "name", "Where.", "the only bus, where there is a single one"},
     [](reader&, const node& value, send_frame_draft& out) { out.bus = &value; }},
    {{"id", "hex identifier", "The identifier.", required},
     [](reader& in, const node& value, send_frame_draft& out) { out.id = in.identifier(value); }},
    {{"data", "hex bytes", "Up to 8 bytes, with 'fd' up to 64.", "\"\""},
     [](reader& in, const node& value, send_frame_draft& out) {
       out.data_node = &value;
       out.data = in.hex_bytes(value);
     }},
    {{"fd", "true | false", "A CAN FD frame with rate switch, padded with CC to the next length.", "false"},
     [](reader& in, const node& value, send_frame_draft& out) { out.fd = in.truth(value).value_or(false); }},
});

void read_send_frame(reader& in, const node& value, step& out) {
  send_frame_draft draft;
  draft.data.emplace();
  const bool complete = read_fields(in, value, value.where, "send_frame", send_frame_fields, draft);
  const auto on = read_bus(in, draft.bus, value.where);
  if (!complete || !on || !draft.id || !draft.data) return;
  const auto frame = make_frame(in, *on, *draft.id, *draft.data, draft.fd, value.where, draft.data_node);
  if (!frame) return;
  out.what = send_frame_step{*on, *frame};
  const int digits = draft.id->is_extended() ? 8 : 3;
  if (out.name.empty()) {
    out.name =
        fmt::format("send_frame {:0{}X} on {}", draft.id->value(), digits, in.names().play.buses[*on].name);
  }
}

void read_advance(reader& in, const node& value, step& out) {
  const auto time = in.time(value);
  if (!time) return;
  out.what = advance_step{*time};
  if (out.name.empty()) out.name = "advance " + value.text;
}

/// Nothing after a refusal.
std::optional<ecu_index> read_ecu(reader& in, const node& value) {
  const auto* who = find_participant(in, value, "an ECU");
  if (who == nullptr) return std::nullopt;
  if (who->what.what == party::kind::ecu) return who->what.index;
  in.refuse(value.where, fmt::format("{} is no ECU", shown(value.text)));
  return std::nullopt;
}

void read_reset(reader& in, const node& value, step& out) {
  const auto who = read_ecu(in, value);
  if (!who) return;
  out.what = reset_step{*who};
  if (out.name.empty()) out.name = "reset " + value.text;
}

struct power_draft {
  std::optional<ecu_index> ecu;
  std::optional<std::size_t> state;
};

constexpr std::array power_fields = std::to_array<field<power_draft>>({
    {{"ecu", "name", "The ECU.", required},
     [](reader& in, const node& value, power_draft& out) { out.ecu = read_ecu(in, value); }},
    {{"state", "on | off", "Off: it hears nothing and says nothing until it is on again, as after a reset.",
      required},
     [](reader& in, const node& value, power_draft& out) {
       out.state = in.word(value, {"on", "off"});
     }},
});

void read_power(reader& in, const node& value, step& out) {
  power_draft draft;
  if (!read_fields(in, value, value.where, "power", power_fields, draft) || !draft.ecu || !draft.state)
    return;
  const bool on = *draft.state == 0;
  out.what = power_step{*draft.ecu, on};
  if (out.name.empty())
    out.name = fmt::format("power of {} {}", in.names().play.ecus[*draft.ecu].name, on ? "on" : "off");
}

struct step_draft {
  struct action {
    std::string_view key;
    const node* value = nullptr;
    bool asks = false;  ///< what is answered can be judged
    void (*read)(reader& in, const node& value, const request_extras& extras, step& out) = nullptr;
  };
  std::vector<action> actions;
  request_extras extras;
  std::string name;
  bool stop = false;
  std::vector<std::string> tags;
};

/// `Read` makes a step of the action's value: (reader&, const node&, step&), or with `request_extras`
/// before the step where `expect` has a meaning.
template <auto Read>
void keep_action(reader& in, const node& value, step_draft& out) {
  constexpr bool asks =
      std::is_invocable_v<decltype(Read), reader&, const node&, const request_extras&, step&>;
  out.actions.push_back(
      {in.key(), &value, asks, [](reader& from, const node& what, const request_extras& extras, step& made) {
         if constexpr (asks) {
           Read(from, what, extras, made);
         } else {
           Read(from, what, made);
         }
       }});
}

constexpr std::string_view one_action = "the action";

/// The row of an action.
template <auto Read>
constexpr field<step_draft> action(std::string_view key, std::string_view shape, std::string_view meaning) {
  return {{key, shape, meaning, "none", one_action}, &keep_action<Read>};
}

constexpr std::array step_fields = std::to_array<field<step_draft>>({
    {{"name", "text", "What reports call it.", "a description of the step"},
     [](reader& in, const node& value, step_draft& out) { out.name = in.text(value).value_or(""); }},
    {{"stop", "true | false", "Whether a failure of this step ends the run.", "false"},
     [](reader& in, const node& value, step_draft& out) { out.stop = in.truth(value).value_or(false); }},
    {{"tags", "tag | list of tag", "Words by which --only and --skip choose steps.", "[]"},
     [](reader& in, const node& value, step_draft& out) { out.tags = read_tags(in, value); }},
    {{"expect",
      "<expectation> | pattern | silence | any | map by name of (<expectation> | pattern | silence | any)",
      "What has to be answered; with functional a map by ECU.", "nothing is judged"},
     [](reader&, const node& value, step_draft& out) { out.extras.expect = &value; }},
    {{"order", "list of name", "With functional: ECUs whose final answers have to begin in this order.",
      "any order"},
     [](reader&, const node& value, step_draft& out) { out.extras.order = &value; }},
    action<&read_functional_step>("functional", "<functional>", "One request to all ECUs of a bus."),
    action<&read_request_step>("request", "<request>",
                               "One request to one ECU, or from endpoint to endpoint."),
    action<&read_unlock_step>("unlock", "<unlock>", "SecurityAccess of one ECU: the seed, then its key."),
    action<&read_download_step>("download", "<data_transfer>",
                                "Data to one ECU: 34, 36 as often as needed, 37."),
    action<&read_upload_step>("upload", "<data_transfer>",
                              "Data from one ECU: 35, 36 as often as needed, 37."),
    action<&read_dtcs_step>("read_dtcs", "<read_dtcs>", "The DTCs of one ECU, by status mask."),
    action<&read_tester_present_step>("tester_present", "<tester_present> | stop",
                                      "TesterPresent in the background from now on, or no more."),
    action<&read_advance>("advance", "time", "Nothing but time passes."),
    action<&read_reset>("reset", "name", "Power cycle of one ECU."),
    action<&read_power>("power", "<power>", "Switches one ECU on or off."),
    action<&read_change_parameter>("change_parameter", "<change_parameter>",
                                   "Another BS or STmin of one connection from now on."),
    action<&read_set>("set", "<set>", "Something changes in an ECU without a request."),
    action<&read_send_frame>("send_frame", "<send_frame>", "One CAN frame, as it is."),
    action<&read_cyclic_step>("cyclic", "<cyclic step>", "Switches a cyclic frame on or off."),
    action<&read_expect_frame_step>("expect_frame", "<expect_frame>", "The next frame of an identifier."),
    action<&read_expect_silence_step>("expect_silence", "<expect_silence>", "No frame for a while."),
    action<&read_expect_bus_step>("expect_bus", "<expect_bus>", "Load, number and distance of frames."),
    action<&read_wait_for_step>("wait_for", "<wait_for>", "Waits for a frame or an answer."),
    action<&read_parallel_step>("parallel", "list of (<step> list)", "Branches that run at the same time."),
    action<&read_repeat_step>("repeat", "<repeat>", "The same steps again and again."),
    action<&read_for_each_step>("for_each", "<for_each>", "The same steps once for each value."),
});

/// "'functional', 'request' or 'advance'": all actions, for a message.
std::string action_names() {
  std::vector<std::string_view> names;
  for (const auto& row : step_fields)
    if (row.doc.one_of == one_action) names.push_back(row.doc.key);
  std::string result;
  for (std::size_t i = 0; i < names.size(); ++i)
    result += fmt::format("{}'{}'", i == 0 ? "" : i + 1 == names.size() ? " or " : ", ", names[i]);
  return result;
}

/// The single action of a step; null after a refusal.
const step_draft::action* single_action(reader& in, const node& value, const step_draft& draft) {
  if (draft.actions.empty()) {
    in.refuse(value.where, "a step needs an action: " + action_names());
    return nullptr;
  }
  if (draft.actions.size() > 1) {
    in.refuse(draft.actions[1].value->where, fmt::format("a step has one action, this one has '{}' and '{}'",
                                                         draft.actions[0].key, draft.actions[1].key));
    return nullptr;
  }
  const step_draft::action& action = draft.actions[0];
  if (draft.extras.expect != nullptr && !action.asks) {
    in.refuse(draft.extras.expect->where, fmt::format("'expect' has no meaning with '{}'", action.key));
  }
  if (draft.extras.order != nullptr && action.key != "functional") {
    in.refuse(draft.extras.order->where, fmt::format("'order' has no meaning with '{}'", action.key));
  }
  return &action;
}

void read_step(reader& in, const node& value, step_list& into) {
  step_draft draft;
  const bool complete = read_fields(in, value, value.where, "a step", step_fields, draft);
  if (!complete && draft.actions.empty()) return;
  const step_draft::action* action = single_action(in, value, draft);
  if (action == nullptr) return;
  step made;
  made.name = draft.name;
  made.stop = draft.stop;
  made.tags = std::move(draft.tags);
  made.where = value.where;
  const reader::scope inside{in, action->key};
  action->read(in, *action->value, draft.extras, made);
  into.push_back(std::move(made));
}

}  // namespace

std::optional<can::frame> make_frame(reader& in, bus_index bus, can::identifier id, const bytes& data,
                                     bool fd, position where, const node* data_node) {
  const auto& rates = in.names().play.buses[bus].rates;
  const std::size_t longest = fd ? can::max_fd_length : can::max_classic_length;
  if (fd && rates && rates->data == 0) {
    in.refuse(where,
              fmt::format("an FD frame needs a 'data_bitrate' on bus '{}'", in.names().play.buses[bus].name));
  } else if (data.size() > longest) {
    in.refuse(data_node != nullptr ? data_node->where : where,
              fmt::format("{} bytes do not fit a frame; {} are allowed{}", data.size(), longest,
                          fd ? "" : " without 'fd: true'"));
  } else {
    return fd ? can::fd_frame(id, data, true) : can::data_frame(id, data);
  }
  return std::nullopt;
}

void load_steps(reader& in, const node& steps, step_list& into) {
  if (steps.what == node::kind::nothing) return;
  if (!in.want_list(steps, "a list of steps")) return;
  for (const node_ptr& item : steps.items) {
    const reader::scope unnamed{in, ""};
    read_step(in, *item, into);
  }
}

void describe_steps(std::vector<map_doc>& maps) {
  maps.push_back(describe("step", step_fields));
  describe_requests(maps);
  describe_procedures(maps);
  describe_unlock(maps);
  describe_tester_present(maps);
  describe_set(maps);
  describe_change_parameter(maps);
  maps.push_back(describe("send_frame", send_frame_fields));
  maps.push_back(describe("power", power_fields));
  describe_frame_steps(maps);
  describe_loops(maps);
}

}  // namespace canstage::scenarios
