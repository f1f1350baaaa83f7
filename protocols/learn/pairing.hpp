// Which streams of a recording are the two directions of one connection, and who asks whom.
//
// In this order:
//  1. names: the ways that are known say who sends to whom;
//  2. identifiers: those of ISO 15765-4 (7E0 and 7E8 ..), normal fixed and 29-bit mixed addressing;
//  3. what was seen: flow controls that followed first frames, answers that fitted requests.
// A stream whose requests had answers on several streams is functional, and so are 7DF, 18DBttss, 18CDttss
// and what is known as the way to "all".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "protocols/learn/overheard.hpp"

namespace canstage::learn {

/// One direction of a connection.
struct n_ai {
  can::identifier id;
  std::optional<std::uint8_t> byte{};
  friend bool operator==(const n_ai&, const n_ai&) = default;
};

/// An ECU's connection, seen from its tester.
struct connection {
  std::string bus;
  n_ai request;
  n_ai response;
  std::optional<std::size_t> request_stream{};   ///< none: it was never asked alone
  std::optional<std::size_t> response_stream{};  ///< none: it never answered
  bool request_is_made_up = false;               ///< nobody knows where it is asked alone
};

struct pairing {
  std::vector<connection> connections;  ///< by bus and response, ascending
  std::vector<std::size_t> functional;  ///< streams of functional requests
  std::vector<std::size_t> unpaired;    ///< streams with messages that belong to nobody
};

pairing pair_up(const overheard& all);

}  // namespace canstage::learn
