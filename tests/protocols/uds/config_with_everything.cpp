#include "tests/protocols/uds/config_with_everything.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace canstage::uds::testing {

namespace {

using namespace std::chrono_literals;

key_rule rule_of(std::string_view text) {
  text_error error;
  return key_rule::parse(text, error).value();
}

routine_action action_of(std::string_view reply, std::optional<time_range> takes = {}) {
  text_error error;
  return {
      .options = {}, .reply = reply_template::parse(reply, error).value(), .nrc_code = {}, .takes = takes};
}

dtc_table fault_memory() {
  dtc_table table;
  table.present = table.mirror = true;
  table.dtcs.resize(3);
  table.dtcs[0].number = 0x012317;
  table.dtcs[0].functional_group = emissions_group;
  table.dtcs[0].warns = true;
  table.dtcs[0].snapshots = {{1, {{0x0100, {0}, true}}}};
  table.dtcs[0].extended_data = {{1, {{extended_data_part::kind::occurrences, {}}}}};
  table.dtcs[1].number = 0xC10000;
  table.dtcs[1].status = 0x2F;
  table.dtcs[1].severity = 0x40;
  table.dtcs[2].number = 0x420011;
  table.dtcs[2].readiness_group = 1;
  table.groups = {{0x400000, {2}}};
  table.memories = {{0x10, {0, 2}}};
  return table;
}

}  // namespace

server_config config_with_everything() {
  server_config config;
  access unlocked;
  unlocked.security_levels.set(1);
  config.response_time = {0ms, 2ms};
  config.max_response = 64;
  config.data = {true, {{0x0100, {0}, true}, {0xF18C, {1, 2}, true, unlocked}, {0xF190, {3, 4, 5}}}};
  config.memory.areas = {
      {.name = "ram", .address = 0x1000, .size = 300, .write = {true}, .download = {true}, .upload = {true}},
      {.name = "rom", .address = 0x2000, .size = 64, .download = {true, unlocked}}};
  config.security.levels = {
      {.level = 1, .seed = {{0x11}, 4}, .key = rule_of("not"), .attempts = 2, .delay = 1s}};
  config.communication.present = true;
  config.authentication = {
      .present = true, .challenge = {{0x22}, 4}, .proof = rule_of("not"), .answer = rule_of("not")};
  config.routines = {true,
                     {{.id = 1,
                       .start = action_of("01", time_range{100ms, 100ms}),
                       .stop = action_of("02"),
                       .results = action_of("03")},
                      {.id = 2, .start = action_of("00"), .effect = {routine_effect::kind::erase, ""}},
                      {.id = 3, .start = action_of("00"), .effect = {routine_effect::kind::checksum, ""}}}};
  config.transfer.max_block = 10;
  config.files = {true, {{"/a", {1, 2, 3}}}};
  config.access_timing.present = true;
  config.link = {.present = true, .fixed = {0x8}, .most_rate = 1'000'000};
  config.secured.present = true;
  config.data.records.push_back({0xF201, {6, 7}});
  config.data.records[0].scaling = {0x01};
  config.dtcs = fault_memory();
  config.obd.present = true;
  config.obd.pids = {{0x0C, {0x1A, 0xF8}}};
  config.obd.captured = {0x0C};
  config.obd.infos = {{0x02, {{0x41}}}};
  config.io.records = {{.did = 0x0100, .reset_value = {9}, .parameters = {4, 4}}};
  config.dynamic_data.present = true;
  config.periodic.present = true;
  config.events = {.present = true, .windows = {{0x03, 2s}}};
  config.reset.power_down = {0ms, 50ms};
  config.reset.types.set(4);
  config.reset.types.set(5);
  return config;
}

}  // namespace canstage::uds::testing
