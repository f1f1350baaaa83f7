#include "protocols/uds/services/security.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/draw_seed.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

constexpr bool is_request_seed(std::uint8_t subfunction) { return subfunction % 2 == 1; }

bool with_levels(const server_config& config) { return !config.security.levels.empty(); }

/// The level of a requestSeed or a sendKey; null if there is none.
const security_level_config* find_level(const server_state& state, std::uint8_t subfunction) {
  const auto& levels = state.config->security.levels;
  const std::uint8_t level =
      is_request_seed(subfunction) ? subfunction : static_cast<std::uint8_t>(subfunction - 1);
  const auto found =
      std::find_if(levels.begin(), levels.end(), [&](const auto& one) { return one.level == level; });
  return found == levels.end() || subfunction == 0 ? nullptr : &*found;
}

security_attempts::count& count_of(server_state& state, std::uint8_t level) {
  auto& counts = state.security_tries.change().counts;
  const auto found =
      std::find_if(counts.begin(), counts.end(), [&](const auto& one) { return one.level == level; });
  return found != counts.end() ? *found : counts.emplace_back(security_attempts::count{level});
}

/// Whether the delay of a level lasts; one that is over gives new attempts.
bool is_delayed(server_state& state, const security_level_config& level, instant now) {
  auto& count = count_of(state, level.level);
  if (count.delayed_until == instant::min()) return false;
  if (now < count.delayed_until) return true;
  count.delayed_until = instant::min();
  if (level.attempts != 0 && count.wrong >= level.attempts) {
    const bool one = state.config->compat.attempts == attempts_after_delay::one;
    count.wrong = one ? level.attempts - 1 : 0;
  }
  return false;
}

bool is_delayed_now(const server_state& state, std::uint8_t level, instant now) {
  const auto& counts = state.security_tries->counts;
  return std::any_of(counts.begin(), counts.end(),
                     [&](const auto& one) { return one.level == level && now < one.delayed_until; });
}

std::optional<nrc> check_level(const server_state& state, std::uint8_t value) {
  const auto* level = find_level(state, value);
  if (level == nullptr) return nrc::subfunction_not_supported;
  if (level->diagnostic_sessions.any() && !level->diagnostic_sessions.test(state.diagnostic_session)) {
    return nrc::subfunction_not_supported_in_active_diagnostic_session;
  }
  return std::nullopt;
}

/// A key needs the seed of its own level before it.
std::optional<nrc> check_seed_given(const server_state& state, const service_request& request) {
  if (is_request_seed(request.subfunction)) return std::nullopt;
  const auto level = static_cast<std::uint8_t>(request.subfunction - 1);
  if (state.security->seeded == level) return std::nullopt;
  if (is_delayed_now(state, level, request.now)) return state.config->compat.key_during_delay;
  return nrc::request_sequence_error;
}

service_result request_seed(server_state& state, const security_level_config& level,
                            const service_request& request) {
  if (request.message.size() != 2 + level.record_length) {
    return service_result::negative(nrc::incorrect_message_length);
  }
  const std::size_t length = level.seed.fixed.empty() ? level.seed.length : level.seed.fixed.size();
  if (state.security->unlocked == level.level) return service_result::positive(bytes(length, 0));
  if (is_delayed(state, level, request.now)) {
    return service_result::negative(nrc::required_time_delay_not_expired);
  }
  auto& security = state.security.change();
  security.seeded = level.level;
  std::optional<bytes> computed;
  if (state.scripted) computed = state.scripted->seed(level.level, state.context());
  security.seed = computed ? *std::move(computed) : draw_seed(level.seed, *request.randomness);
  return service_result::positive(security.seed);
}

service_result send_key(server_state& state, const security_level_config& level,
                        const service_request& request) {
  auto& security = state.security.change();
  std::optional<bytes> computed;
  if (state.scripted) computed = state.scripted->key(level.level, security.seed, state.context());
  const bytes right = computed ? *std::move(computed) : level.key(security.seed);
  const byte_view key = request.message.subspan(2);
  if (key.size() != right.size()) return service_result::negative(nrc::incorrect_message_length);
  security.seeded = 0;
  security.seed.clear();
  auto& count = count_of(state, level.level);
  if (std::equal(key.begin(), key.end(), right.begin())) {
    count.wrong = 0;
    // Only one level is unlocked at a time.
    security.unlocked = level.level;
    return service_result::positive();
  }
  ++count.wrong;
  if (level.attempts == 0 || count.wrong < level.attempts) return service_result::negative(nrc::invalid_key);
  count.delayed_until = request.now + level.delay;
  return service_result::negative(nrc::exceeded_number_of_attempts);
}

service_result access_security(server_state& state, const service_request& request) {
  const auto* level = find_level(state, request.subfunction);
  return is_request_seed(request.subfunction) ? request_seed(state, *level, request)
                                              : send_key(state, *level, request);
}

constexpr service rows[] = {
    {.id = sid::security_access,
     .present = with_levels,
     .where = available_in::not_in_default,
     .subfunction = subfunction_kind::checked,
     .check_subfunction = check_level,
     .check_sequence = check_seed_given,
     .order = "13 length of record or key, 37 delay, 35 wrong key, 36 the last wrong key",
     .handle = access_security},
};

}  // namespace

void lock_security(server_state& state) { state.security.forget(); }

void power_on_security(server_state& state, instant now) {
  const auto before = std::exchange(state.security_tries.change().counts, {});
  for (const auto& level : state.config->security.levels) {
    const auto old =
        std::find_if(before.begin(), before.end(), [&](const auto& one) { return one.level == level.level; });
    security_attempts::count next{level.level};
    duration delay = level.power_on_delay;
    if (level.attempts_survive_reset && old != before.end()) {
      next.wrong = old->wrong;
      // Who used up the attempts waits again.
      if (level.attempts != 0 && next.wrong >= level.attempts) delay = std::max(delay, level.delay);
    }
    if (delay > duration::zero()) next.delayed_until = now + delay;
    if (next.wrong != 0 || delay > duration::zero()) state.security_tries.change().counts.push_back(next);
  }
  if (state.security_tries->counts.empty()) state.security_tries.forget();
}

std::span<const service> security_services() { return rows; }

}  // namespace canstage::uds
