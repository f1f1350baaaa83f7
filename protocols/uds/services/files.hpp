// Files of an ECU: 0x38 RequestFileTransfer.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "protocols/bytes.hpp"

namespace canstage::uds {

struct server_config;
struct server_state;
struct service;

struct file_config {
  bool present = false;                ///< with it come 36, 37 and 38
  std::map<std::string, bytes> files;  ///< by path; a folder is what begins like its path and a slash
};

/// Survives resets.
struct file_state {
  std::map<std::string, std::optional<bytes>> changed;  ///< none: deleted
};

/// Null if there is none.
const bytes* find_file(const server_state& state, const std::string& path);
void append_to_file(server_state& state, const std::string& path, byte_view data);

std::span<const service> file_services();

}  // namespace canstage::uds
