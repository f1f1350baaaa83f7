// A run as one page of HTML that needs nothing else: no server, no network, no other file.
#pragma once

#include <iosfwd>
#include <memory>
#include <vector>

#include "scenarios/html/bus_log.hpp"
#include "scenarios/result.hpp"

namespace canstage::scenarios::html {

struct reported_run {
  const run_result& result;
  bus_log& log;
};

/// Deterministic: nothing but the runs decides a byte.
void write_html(std::ostream& out, const std::vector<reported_run>& runs);

}  // namespace canstage::scenarios::html
