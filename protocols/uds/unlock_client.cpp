#include "protocols/uds/unlock_client.hpp"

#include <algorithm>

#include "protocols/uds/message_text.hpp"

namespace canstage::uds {

namespace {

constexpr std::uint8_t security_access = 0x27;
constexpr std::uint64_t exchanges = 2;

}  // namespace

unlock_client::unlock_client(const unlock_spec& spec) : spec_(spec) {
  bytes request{security_access, spec.level};
  request.insert(request.end(), spec.record.begin(), spec.record.end());
  ask(std::move(request), "the seed");
  count(0, exchanges);
}

void unlock_client::take(byte_view answer) {
  const std::uint8_t sent = request()[1];
  if (answer.size() < 2 || answer[1] != sent) {
    fail(stage() + ": expected sub-function " + hex_text(sent, 1) + ", got " + data_text(answer));
  } else if (!key_sent_) {
    take_seed(answer.subspan(2));
  } else if (answer.size() > 2) {
    fail("the key: nothing is expected behind the sub-function, got " + data_text(answer.subspan(2)));
  } else {
    count(exchanges, exchanges);
    succeed("level " + std::to_string(spec_.level) + " unlocked");
  }
}

void unlock_client::take_seed(byte_view seed) {
  if (seed.empty()) return fail("the answer has no seed");
  if (std::all_of(seed.begin(), seed.end(), [](std::uint8_t byte) { return byte == 0; })) {
    count(exchanges, exchanges);
    return succeed("level " + std::to_string(spec_.level) + " was unlocked already");
  }
  std::string problem;
  const auto key = spec_.key(seed, problem);
  if (!key) return fail("no key for the seed " + data_text(seed) + ": " + problem);
  bytes request{security_access, static_cast<std::uint8_t>(spec_.level + 1)};
  request.insert(request.end(), key->begin(), key->end());
  key_sent_ = true;
  count(1, exchanges);
  ask(std::move(request), "the key");
}

}  // namespace canstage::uds
