// `obd:`: PIDs, freeze frame and vehicle information.
#include <algorithm>

#include "fmt/format.h"
#include "protocols/uds/names.hpp"
#include "scenarios/load_uds.hpp"

namespace canstage::scenarios {

namespace {

constexpr std::size_t vin_length = 17;
constexpr std::size_t calibration_id_length = 16;
constexpr std::size_t cvn_length = 4;
constexpr std::size_t ecu_name_length = 20;
constexpr std::size_t longest_value = 255;

constexpr std::uint8_t vin_type = 0x02;
constexpr std::uint8_t calibration_id_type = 0x04;
constexpr std::uint8_t cvn_type = 0x06;
constexpr std::uint8_t ecu_name_type = 0x0A;

constexpr std::uint8_t monitor_status_pid = 0x01;
constexpr std::uint8_t freeze_frame_dtc_pid = 0x02;

struct obd_draft {
  uds::obd_config made;
  const node* freeze_frame = nullptr;
  const node* captured = nullptr;
  std::vector<std::pair<std::uint8_t, position>> infos;
};

/// The number of a PID or information type that has a value of its own.
std::optional<std::uint8_t> read_id(reader& in, const map_entry& entry, std::string_view what) {
  constexpr std::uint32_t range = 0x20;
  const auto id = read_hex_key(in, entry, 2, what, "0C");
  if (!id) return std::nullopt;
  if (*id % range == 0) {
    in.refuse(entry.where, fmt::format("{:02X} says which are supported; that is computed", *id));
    return std::nullopt;
  }
  return static_cast<std::uint8_t>(*id);
}

void read_pids(reader& in, const node& value, std::vector<uds::pid_value>& out) {
  if (refuse_no_map(in, value, "a map like { \"0C\": \"1A F8\" }")) return;
  for (const map_entry& entry : value.entries) {
    const auto pid = read_id(in, entry, "a PID");
    const auto data = in.hex_bytes(*entry.value);
    if (!pid || !data) continue;
    if (*pid == monitor_status_pid || *pid == freeze_frame_dtc_pid) {
      in.refuse(entry.where, *pid == monitor_status_pid ? "PID 01 is made of the DTCs and 'readiness'"
                                                        : "PID 02 is made of the freeze frame");
    } else if (data->empty() || data->size() > longest_value) {
      in.refuse_value(*entry.value, "1 to 255 bytes");
    } else {
      out.push_back({*pid, *data});
    }
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.pid < b.pid; });
}

/// A text of exactly `length` bytes; a shorter one is filled with 00 if it may be.
std::optional<bytes> read_text(reader& in, const node& value, std::size_t length, bool may_be_shorter) {
  const auto text = in.text(value);
  if (!text) return std::nullopt;
  if (text->size() > length || (text->size() < length && !may_be_shorter)) {
    in.refuse_value(value, fmt::format("{} {} characters", may_be_shorter ? "up to" : "exactly", length));
    return std::nullopt;
  }
  bytes data(text->begin(), text->end());
  data.resize(length, 0);
  return data;
}

void add_info(reader& in, obd_draft& out, std::uint8_t id, std::vector<bytes> items, position where) {
  const bool there = std::any_of(out.made.infos.begin(), out.made.infos.end(),
                                 [&](const auto& one) { return one.id == id; });
  if (there) {
    in.refuse(where, fmt::format("information type {:02X} was given already", id));
  } else {
    out.made.infos.push_back({id, std::move(items)});
  }
}

void read_info(reader& in, const map_entry& entry, obd_draft& out) {
  const auto id = read_id(in, entry, "an information type");
  if (!id || !in.want_list(*entry.value, "a list of hex bytes, one per data item")) return;
  std::vector<bytes> items;
  for (const node_ptr& item : entry.value->items)
    if (auto data = in.hex_bytes(*item)) items.push_back(std::move(*data));
  add_info(in, out, *id, std::move(items), entry.where);
}

struct frame_draft {
  std::optional<std::uint16_t> code;
  std::vector<uds::pid_value> values;
};

constexpr std::array frame_fields = std::to_array<field<frame_draft>>({
    {{"dtc", "DTC", "The DTC that caused it.", required},
     [](reader& in, const node& value, frame_draft& out) {
       uds::dtc_number number = 0;
       std::string problem;
       if (!in.want_scalar(value, "a DTC like P0123")) return;
       if (uds::parse_dtc(value.text, number, problem)) {
         out.code = uds::code_of(number);
       } else {
         in.refuse_value(value, "a DTC like P0123", problem);
       }
     }},
    {{"pids", "map by hex byte of (hex bytes)", "What was measured then.", required},
     [](reader& in, const node& value, frame_draft& out) { read_pids(in, value, out.values); }},
});

constexpr std::array obd_fields = std::to_array<field<obd_draft>>({
    {{"pids", "map by hex byte of (hex bytes)",
      "Current data; 00, 20 and so on, and 01, are made of the rest.", "none"},
     [](reader& in, const node& value, obd_draft& out) { read_pids(in, value, out.made.pids); }},
    {{"readiness", "hex bytes", "Bytes B to D of PID 01.", "00 00 00"},
     [](reader& in, const node& value, obd_draft& out) {
       const auto data = in.hex_bytes(value);
       if (data && data->size() == 3) out.made.readiness = *data;
       if (data && data->size() != 3) in.refuse_value(value, "3 bytes");
     }},
    {{"freeze_frame", "<freeze_frame>", "A freeze frame that is stored from the start.", "none"},
     [](reader&, const node& value, obd_draft& out) { out.freeze_frame = &value; }},
    {{"captured", "list of hex byte", "What a freeze frame holds that is stored later.", "all of pids"},
     [](reader&, const node& value, obd_draft& out) { out.captured = &value; }},
    {{"vin", "text", "Information type 02, 17 characters.", "none"},
     [](reader& in, const node& value, obd_draft& out) {
       if (auto data = read_text(in, value, vin_length, false))
         add_info(in, out, vin_type, {std::move(*data)}, value.where);
     }},
    {{"calibration_ids", "list of text", "Information type 04, up to 16 characters each.", "none"},
     [](reader& in, const node& value, obd_draft& out) {
       std::vector<bytes> items;
       if (!in.want_list(value, "a list of texts")) return;
       for (const node_ptr& item : value.items)
         if (auto data = read_text(in, *item, calibration_id_length, true)) items.push_back(std::move(*data));
       add_info(in, out, calibration_id_type, std::move(items), value.where);
     }},
    {{"cvns", "list of hex bytes", "Information type 06, the verification numbers of the calibrations.",
      "none"},
     [](reader& in, const node& value, obd_draft& out) {
       std::vector<bytes> items;
       if (!in.want_list(value, "a list of 4 bytes each")) return;
       for (const node_ptr& item : value.items) {
         auto data = in.hex_bytes(*item);
         if (data && data->size() != cvn_length) in.refuse_value(*item, "4 bytes");
         if (data) items.push_back(std::move(*data));
       }
       add_info(in, out, cvn_type, std::move(items), value.where);
     }},
    {{"ecu_name", "text", "Information type 0A, up to 20 characters.", "none"},
     [](reader& in, const node& value, obd_draft& out) {
       if (auto data = read_text(in, value, ecu_name_length, true))
         add_info(in, out, ecu_name_type, {std::move(*data)}, value.where);
     }},
    {{"infos", "map by hex byte of (list of hex bytes)",
      "Other information types, a list of their data items.", "none"},
     [](reader& in, const node& value, obd_draft& out) {
       if (refuse_no_map(in, value, "a map like { \"08\": [\"00 01\"] }")) return;
       for (const map_entry& entry : value.entries) read_info(in, entry, out);
     }},
    {{"unsupported", "silence | 12", "What a physical request for something unsupported gets.", "silence"},
     [](reader& in, const node& value, obd_draft& out) {
       if (const auto index = in.word(value, {"silence", "12"})) out.made.refuses_unsupported = *index == 1;
     }},
});

void read_captured(reader& in, const node& value, uds::obd_config& out) {
  if (!in.want_list(value, "a list of PIDs like [\"04\", \"0C\"]")) return;
  for (const node_ptr& item : value.items) {
    const auto pid = in.hex_byte(*item);
    if (!pid) continue;
    const bool known =
        std::any_of(out.pids.begin(), out.pids.end(), [&](const auto& one) { return one.pid == *pid; });
    if (known) {
      out.captured.push_back(*pid);
    } else {
      in.refuse_value(*item, "one of 'pids'");
    }
  }
  std::sort(out.captured.begin(), out.captured.end());
  out.captured.erase(std::unique(out.captured.begin(), out.captured.end()), out.captured.end());
}

}  // namespace

void read_obd(reader& in, const node& value, uds::server_config& out) {
  const reader::scope inside{in, "obd"};
  obd_draft draft;
  draft.made.present = true;
  read_fields(in, value, value.where, "obd", obd_fields, draft);
  uds::obd_config& made = draft.made;
  std::sort(made.infos.begin(), made.infos.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  if (draft.captured != nullptr) {
    const reader::scope key{in, "captured"};
    read_captured(in, *draft.captured, made);
  } else {
    for (const auto& one : made.pids) made.captured.push_back(one.pid);
  }
  if (draft.freeze_frame != nullptr) {
    const reader::scope key{in, "freeze_frame"};
    frame_draft frame;
    if (read_fields(in, *draft.freeze_frame, draft.freeze_frame->where, "freeze_frame", frame_fields,
                    frame) &&
        frame.code)
      made.first_frame = uds::freeze_frame{*frame.code, std::move(frame.values)};
  }
  out.obd = std::move(made);
}

void describe_uds_obd(std::vector<map_doc>& maps) {
  maps.push_back(describe("obd", obd_fields));
  maps.push_back(describe("freeze_frame", frame_fields));
}

}  // namespace canstage::scenarios
