// `uds:`: one file per family of services. Each reads its keys into its part of the configuration.
#pragma once

#include <optional>

#include "scenarios/load_parts.hpp"

namespace canstage::scenarios {

/// The value of `read_diagnostic_sessions`.
inline constexpr std::string_view diagnostic_session_shape =
    "default | programming | extended | safety | hex byte | "
    "list of (default | programming | extended | safety | hex byte)";

// What many families have in common. Diagnostic sessions and security levels that are mentioned are
// remembered; `check_mentions` refuses those that the ECU has not. Likewise authentication.

/// A diagnostic session by its name or number.
std::optional<std::uint8_t> read_diagnostic_session(reader& in, const node& value);
/// One or a list of them.
void read_diagnostic_sessions(reader& in, const node& value, uds::subfunction_set& out);
/// One security level (an odd number) or a list.
void read_security_levels(reader& in, const node& value, uds::subfunction_set& out);
/// Whether the tester has to be authenticated.
void read_authentication_need(reader& in, const node& value, bool& out);
/// `diagnostic_session`, `security` and `authentication`.
void read_access(reader& in, const node& value, uds::access& out);
/// `true`, `false` or what is needed for it.
void read_permission(reader& in, const node& value, bool& allowed, uds::access& out);
/// As `uds::key_rule::parse` reads it.
void read_key_rule(reader& in, const node& value, uds::key_rule& out);
/// A code of a negative response: not 00, which is none.
std::optional<std::uint8_t> read_nrc(reader& in, const node& value);
/// Bytes, or "random:4".
void read_seed(reader& in, const node& value, uds::seed_source& out);
/// A key of so many hexadecimal digits; `what` begins the sentence, as "a DID".
std::optional<std::uint32_t> read_hex_key(reader& in, const map_entry& entry, std::size_t digits,
                                          std::string_view what, std::string_view example);
/// A time that the answer to 0x10 has to say: 16 bits for P2 in ms and for P2* in steps of 10 ms.
std::optional<duration> read_reported_time(reader& in, const node& value, duration most);
/// True after having refused what is no map.
bool refuse_no_map(reader& in, const node& value, std::string_view wish);

// The families: each reads the value of one key.

void read_dids(reader& in, const node& value, uds::server_config& out);
void read_own_diagnostic_sessions(reader& in, const node& value, uds::server_config& out);
void read_reset(reader& in, const node& value, uds::server_config& out);
void read_services(reader& in, const node& value, uds::server_config& out);
void read_uds_compatibility(reader& in, const node& value, uds::server_config& out);
void read_memory_areas(reader& in, const node& value, uds::server_config& out);
void read_alfid(reader& in, const node& value, uds::server_config& out);
void read_transfer(reader& in, const node& value, uds::server_config& out);
void read_files(reader& in, const node& value, uds::server_config& out);
void read_security(reader& in, const node& value, uds::server_config& out);
void read_authentication(reader& in, const node& value, uds::server_config& out);
void read_routines(reader& in, const node& value, uds::server_config& out);
void read_communication(reader& in, const node& value, uds::server_config& out);
void read_link_control(reader& in, const node& value, uds::server_config& out);
void read_access_timing(reader& in, const node& value, uds::server_config& out);
void read_secured(reader& in, const node& value, uds::server_config& out);

void read_dynamic_dids(reader& in, const node& value, uds::server_config& out);
void read_periodic(reader& in, const node& value, uds::server_config& out);
void read_events(reader& in, const node& value, uds::server_config& out);

// These need what was read before: the DIDs, and whether there is OBD. `memory` may be null.

void read_obd(reader& in, const node& value, uds::server_config& out);
void read_dtcs(reader& in, const node& value, const node* memory, uds::server_config& out);
void read_dtc_memory(reader& in, const node& value, uds::server_config& out);
void read_io(reader& in, const node& value, uds::server_config& out);

/// The key of a map by DTC.
std::optional<uds::dtc_number> read_dtc_key(reader& in, const map_entry& entry);

/// After everything of one ECU was read.
void check_mentions(reader& in, const uds::server_config& made);

void describe_uds_access(std::vector<map_doc>& maps);
void describe_uds_data(std::vector<map_doc>& maps);
void describe_uds_diagnostic_sessions(std::vector<map_doc>& maps);
void describe_uds_services(std::vector<map_doc>& maps);
void describe_uds_compatibility(std::vector<map_doc>& maps);
void describe_uds_memory(std::vector<map_doc>& maps);
void describe_uds_security(std::vector<map_doc>& maps);
void describe_uds_routines(std::vector<map_doc>& maps);
void describe_uds_link(std::vector<map_doc>& maps);
void describe_uds_dtcs(std::vector<map_doc>& maps);
void describe_uds_dtc_memory(std::vector<map_doc>& maps);
void describe_uds_io(std::vector<map_doc>& maps);
void describe_uds_spontaneous(std::vector<map_doc>& maps);
void describe_uds_obd(std::vector<map_doc>& maps);

}  // namespace canstage::scenarios
