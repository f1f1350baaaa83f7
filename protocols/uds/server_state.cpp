#include "protocols/uds/server_state.hpp"

#include <algorithm>

namespace canstage::uds {

server_timing server_state::timing() const {
  server_timing result = config->timing;
  if (const auto* active = find_diagnostic_session(*config, diagnostic_session)) {
    result.p2 = active->p2.value_or(result.p2);
    result.p2_star = active->p2_star.value_or(result.p2_star);
  }
  result.p2 = seldom->access_timing->p2.value_or(result.p2);
  result.p2_star = seldom->access_timing->p2_star.value_or(result.p2_star);
  return result;
}

void server_state::enter(std::uint8_t next, instant /*now*/) {
  const bool in_default = diagnostic_session == default_diagnostic_session;
  diagnostic_session = next;
  // From the default diagnostic session into itself nothing happens at all.
  if (in_default && next == default_diagnostic_session) return;
  lock_security(*this);
  stop_events(*this);
  if (next == default_diagnostic_session) {
    routines.forget();
    switch_dtcs_on(*this);
  }
  if (seldom.is_fresh()) return;
  auto& rest = seldom.change();
  rest.transfer.forget();
  rest.access_timing.forget();
  if (next != default_diagnostic_session) return;
  rest.communication.forget();
  rest.authentication.forget();
  rest.link.forget();
  rest.io.forget();
  rest.periodic.forget();
  if (config->dynamic_data.ends_with_diagnostic_session) rest.dynamic_data.forget();
}

void server_state::power_off() {
  diagnostic_session = default_diagnostic_session;
  lock_security(*this);
  routines.forget();
  forget_volatile_memory(*this);
  forget_events(*this);
  switch_dtcs_on(*this);
  if (seldom.is_fresh()) return;
  auto& rest = seldom.change();
  if (!rest.faults.is_fresh()) rest.faults.change().forget_extras();
  rest.reset.forget();
  rest.communication.forget();
  rest.authentication.forget();
  rest.transfer.forget();
  rest.access_timing.forget();
  rest.link.forget();
  rest.unrequested.forget();
  rest.io.forget();
  rest.periodic.forget();
  rest.dynamic_data.forget();
}

void server_state::power_on(instant at) {
  now = at;
  power_on_security(*this, now);
}

instant server_state::deadline() const {
  if (seldom.is_fresh()) return never;
  return std::min({periodic_deadline(*this), event_deadline(*this), shared_data_deadline(*this),
                   seldom->faults->deadline()});
}

void server_state::on_time() {
  settle_shared_data(*this, now);
  send_periodic(*this, now);
  pass_event_time(*this, now);
}

script_context server_state::context(bool functional) const {
  return {now, diagnostic_session, security->unlocked, functional};
}

std::optional<nrc> check_rights(const server_state& state, const access& needs) {
  if (needs.authentication && !state.seldom->authentication->authenticated)
    return nrc::authentication_required;
  const std::uint8_t unlocked = state.security->unlocked;
  const bool locked = needs.security_levels.any() && (unlocked == 0 || !needs.security_levels.test(unlocked));
  if (locked) return nrc::security_access_denied;
  return std::nullopt;
}

}  // namespace canstage::uds
