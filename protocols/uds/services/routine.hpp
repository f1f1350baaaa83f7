// 0x31 RoutineControl.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/access.hpp"
#include "protocols/uds/pattern.hpp"
#include "protocols/uds/service.hpp"
#include "protocols/uds/varying_time.hpp"

namespace canstage::uds {

struct server_config;
struct server_state;
struct service;

/// What a routine really does when it is started.
struct routine_effect {
  enum class kind : std::uint8_t { none, erase, checksum };

  kind what = kind::none;
  /// The memory area by its name. Empty: what ALFID, address and size in the option record say (erase),
  /// or the latest download (checksum).
  std::string area{};
};

/// One of start, stop and results.
struct routine_action {
  std::optional<pattern> options;        ///< what the option record has to look like; none: anything
  reply_template reply;                  ///< behind the RID; bytes of the request count from its SID
  std::optional<std::uint8_t> nrc_code;  ///< in place of the reply
  std::optional<varying_time> takes;     ///< working time
};

struct routine_config {
  std::uint16_t id = 0;
  access needs{};
  std::optional<routine_action> start{};
  std::optional<routine_action> stop{};
  std::optional<routine_action> results{};
  std::optional<reply_template> results_while_running{};
  /// How long it runs on after the answer to its start. None: until it is stopped, where it can be, else
  /// not at all.
  std::optional<duration> runs{};
  routine_effect effect{};
  reply_template mismatch{};  ///< the reply to a start whose checksum is another
};

struct routines_config {
  bool present = false;
  std::vector<routine_config> routines;  ///< ascending by RID
};

/// Volatile; also gone with the return to the default diagnostic session.
struct routine_state {
  struct run {
    std::uint16_t id = 0;
    instant until;  ///< never: until it is stopped
  };
  std::vector<run> runs;  ///< of routines that were started since
};

std::span<const service> routine_services();

/// CRC-32 as in Ethernet and ZIP.
std::uint32_t crc32(byte_view data);

}  // namespace canstage::uds
