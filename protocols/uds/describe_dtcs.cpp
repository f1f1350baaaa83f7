// DTC services and OBD in words.
#include <algorithm>
#include <iterator>

#include "protocols/uds/message_text.hpp"
#include "protocols/uds/names.hpp"

namespace canstage::uds {

namespace {

constexpr std::size_t dtcs_shown = 8;

void clear(message_text& in) {
  const std::uint32_t group = in.number(3);
  const std::string_view name = dtc_group_name(group);
  in.add(name.empty() ? dtc_name(group) : hex_text(group, 3) + ' ' + std::string{name});
  in.add_data("memory", in.rest());
}

/// "P0123-17 2F (testFailed, ...)"; the names only of a single DTC, many would drown the line.
void add_dtcs(message_text& in) {
  constexpr std::size_t entry = 4;
  const std::size_t count = in.left() / entry;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t dtc = in.number(3);
    const auto status = static_cast<std::uint8_t>(in.number(1));
    if (i >= dtcs_shown) continue;
    in.add(dtc_name(dtc) + ' ' + hex_text(status, 1) +
           (count == 1 ? " (" + dtc_status_names(status) + ')' : std::string{}));
  }
  if (count > dtcs_shown) in.add(std::to_string(count - dtcs_shown) + " more");
  if (count == 0) in.add("no DTC");
}

/// What the bytes of a sub-function of 0x19 are, a letter each part:
///   m status mask, v severity mask, d DTC, s status, r record number, u memory, g functional group,
///   a statusAvailabilityMask, c format and count, L DTCs with status, S DTCs with a byte that is none,
///   V severity, functional unit, DTC and status of each DTC
struct shape {
  std::uint8_t subfunction;
  const char* request;
  const char* answer;
};

constexpr shape shapes[] = {
    {0x01, "m", "ac"},  {0x02, "m", "aL"},   {0x03, "", "S"},     {0x04, "dr", "ds"},   {0x05, "r", ""},
    {0x06, "dr", "ds"}, {0x07, "vm", "ac"},  {0x08, "vm", "aV"},  {0x09, "d", "aV"},    {0x0A, "", "aL"},
    {0x0B, "", "aL"},   {0x0C, "", "aL"},    {0x0D, "", "aL"},    {0x0E, "", "aL"},     {0x0F, "m", "aL"},
    {0x10, "dr", "ds"}, {0x11, "m", "ac"},   {0x12, "m", "ac"},   {0x13, "m", "aL"},    {0x14, "", "S"},
    {0x15, "", "aL"},   {0x16, "r", "r"},    {0x17, "mu", "uaL"}, {0x18, "dru", "uds"}, {0x19, "dru", "uds"},
    {0x1A, "r", "ar"},  {0x42, "gmv", "ga"}, {0x55, "g", "ga"},   {0x56, "gr", "ga"},
};

void add_dtcs_with_byte(message_text& in) {
  for (std::size_t i = 0; in.left() > 0 && !in.cut_off(); ++i) {
    const std::string name = dtc_name(in.number(3));
    const std::string byte = hex_text(in.number(1), 1);
    if (i < dtcs_shown) in.add(name + ' ' + byte);
  }
}

void add_dtcs_with_severity(message_text& in) {
  for (std::size_t i = 0; in.left() > 0 && !in.cut_off(); ++i) {
    const std::string severity = hex_text(in.number(1), 1);
    const std::string unit = hex_text(in.number(1), 1);
    const std::string name = dtc_name(in.number(3));
    const std::string status = hex_text(in.number(1), 1);
    if (i < dtcs_shown) in.add(name + ' ' + status + " severity " + severity + " unit " + unit);
  }
}

void add_count(message_text& in) {
  in.add("format " + hex_text(in.number(1), 1));
  const std::uint32_t count = in.number(2);
  in.add(std::to_string(count) + (count == 1 ? " DTC" : " DTCs"));
}

void add_part(message_text& in, char part) {
  const auto byte = [&in](const char* label) { in.add(label + hex_text(in.number(1), 1)); };
  switch (part) {
    case 'm':
      return byte("status mask ");
    case 'v':
      return byte("severity mask ");
    case 'd':
      return in.add(dtc_name(in.number(3)));
    case 's':
      return byte("status ");
    case 'r':
      return byte("record ");
    case 'u':
      return byte("memory ");
    case 'g':
      return byte("group ");
    case 'a':
      return byte("available ");
    case 'c':
      return add_count(in);
    case 'L':
      return add_dtcs(in);
    case 'S':
      return add_dtcs_with_byte(in);
    default:
      return add_dtcs_with_severity(in);
  }
}

void add_parts(message_text& in, const char* shape::*which) {
  const auto* found = std::find_if(std::begin(shapes), std::end(shapes), [&in](const shape& entry) {
    return entry.subfunction == in.subfunction();
  });
  if (found == std::end(shapes)) return;
  for (const char* part = found->*which; *part != '\0' && !in.cut_off(); ++part) add_part(in, *part);
}

void read_dtcs_request(message_text& in) { add_parts(in, &shape::request); }
void read_dtcs_answer(message_text& in) { add_parts(in, &shape::answer); }

void add_pid(message_text& in) {
  const auto pid = static_cast<std::uint8_t>(in.number(1));
  const std::string_view name = pid_name(pid);
  in.add("PID " + hex_text(pid, 1) + (name.empty() ? "" : " ") + std::string{name});
}

/// In service 02 a number of the freeze frame follows each PID.
void add_pid_of_frame(message_text& in) {
  add_pid(in);
  if (in.left() > 0) in.add("frame " + hex_text(in.number(1), 1));
}

void pids(message_text& in) {
  while (in.left() > 0) add_pid(in);
}

/// How long the data of a PID is depends on the PID: the first is named.
void pid_with_data(message_text& in) {
  add_pid(in);
  in.add_data("", in.rest());
}

void pids_of_frames(message_text& in) {
  while (in.left() > 0) add_pid_of_frame(in);
}

void pid_of_frame_with_data(message_text& in) {
  add_pid_of_frame(in);
  in.add_data("", in.rest());
}

void obd_dtcs(message_text& in) {
  const std::uint32_t count = in.number(1);
  in.add(std::to_string(count) + (count == 1 ? " DTC" : " DTCs"));
  for (std::size_t i = 0; in.left() >= 2; ++i) {
    const auto dtc = static_cast<std::uint16_t>(in.number(2));
    if (i < dtcs_shown) in.add(obd_dtc_name(dtc));
  }
}

void info_types(message_text& in) {
  while (in.left() > 0) {
    const auto type = in.number(1);
    in.add("InfoType " + hex_text(type, 1) + (type == 2 ? " VIN" : ""));
  }
}

void info_answer(message_text& in) {
  const auto type = in.number(1);
  in.add("InfoType " + hex_text(type, 1) + (type == 2 ? " VIN" : ""));
  constexpr std::uint32_t bitmaps = 0x20;                  // 00, 20 and so on: which there are
  if (type % bitmaps != 0 && in.left() > 1) in.number(1);  // how many items follow
  in.add_data("", in.rest());
}

constexpr description descriptions[] = {
    {0x01, pids, pid_with_data},     {0x02, pids_of_frames, pid_of_frame_with_data},
    {0x03, nullptr, obd_dtcs},       {0x07, nullptr, obd_dtcs},
    {0x09, info_types, info_answer}, {0x0A, nullptr, obd_dtcs},
    {0x14, clear, nullptr},          {0x19, read_dtcs_request, read_dtcs_answer},
};

}  // namespace

const description* find_dtc_description(std::uint8_t sid) {
  const auto* found = std::find_if(std::begin(descriptions), std::end(descriptions),
                                   [sid](const description& entry) { return entry.sid == sid; });
  return found != std::end(descriptions) ? found : nullptr;
}

}  // namespace canstage::uds
