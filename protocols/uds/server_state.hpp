// What services read and change. Each family of services has its part in its own header under services/;
// what happens to all of them together (a change of the diagnostic session, power, time) is here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "protocols/bytes.hpp"
#include "protocols/can/identifier.hpp"
#include "protocols/time.hpp"
#include "protocols/uds/access.hpp"
#include "protocols/uds/answer_fault.hpp"
#include "protocols/uds/lazy.hpp"
#include "protocols/uds/script.hpp"
#include "protocols/uds/server_config.hpp"
#include "protocols/uds/server_events.hpp"
#include "protocols/uds/service.hpp"
#include "protocols/uds/services/shared_data.hpp"

namespace canstage::uds {

/// A frame of its own, without N_PCI (UUDT): 1 to 8 bytes.
struct unacknowledged_frame {
  can::identifier id;
  bytes data;
};

/// What no request asked for (periodic data, events); it goes out after the present input.
struct unrequested_state {
  struct announcement {
    tester_number tester = 0;  ///< who asked for it to be sent
    bytes message;
  };
  std::vector<announcement> announcements;   ///< on the physical response address
  std::vector<unacknowledged_frame> frames;  ///< beside the connection
  std::uint32_t unsent = 0;                  ///< announcements handed out that are not on the bus yet

  std::size_t waiting() const { return unsent + announcements.size(); }
};

/// What few ECUs use, and none of them all of it.
struct seldom_state {
  // Non-volatile, but for memory that is said to be volatile.
  lazy<memory_state> memory;
  lazy<file_state> files;
  lazy<download_record> downloads;
  lazy<obd_state> obd;
  lazy<shared_state> shared;
  lazy<answer_faults> faults;  ///< no power loss forgets them

  // Volatile.
  lazy<reset_state> reset;
  lazy<communication_state> communication;
  lazy<authentication_state> authentication;
  lazy<transfer_state> transfer;
  lazy<access_timing_state> access_timing;
  lazy<link_state> link;
  lazy<io_state> io;
  lazy<dynamic_data_state> dynamic_data;
  lazy<periodic_state> periodic;
  lazy<event_state> events;
  lazy<unrequested_state> unrequested;
};

struct server_state {
  explicit server_state(std::shared_ptr<const server_config> made_of) : config(std::move(made_of)) {}

  std::shared_ptr<const server_config> config;
  std::uint8_t diagnostic_session = default_diagnostic_session;
  tester_number tester = 0;  ///< of the present request, or of the one before
  instant now{};             ///< of the present input

  // Non-volatile.
  lazy<data_state> data;
  lazy<security_attempts> security_tries;

  // Volatile.
  lazy<security_state> security;
  lazy<routine_state> routines;
  lazy<dtc_state> dtcs;

  lazy<seldom_state> seldom;

  /// Decides before rules and tables; null: there is none.
  std::shared_ptr<script> scripted;
  /// What it may know now.
  script_context context(bool functional = false) const;

  /// P2 and P2* as they are now, S3.
  server_timing timing() const;

  /// Any transition of the diagnostic session, through 0x10 or S3, also into the same one: all of its side
  /// effects.
  void enter(std::uint8_t next, instant now);

  /// Power loss: volatile things are forgotten.
  void power_off();
  /// Power-on, after `power_off` or for the first time.
  void power_on(instant at);

  /// When a family wants `on_time`, whether a request is being worked on or not; `never` if none does.
  instant deadline() const;
  void on_time();
};

/// 34 or 33 if what is needed was not unlocked; the diagnostic session is the caller's matter.
std::optional<nrc> check_rights(const server_state& state, const access& needs);

}  // namespace canstage::uds
