#include "protocols/uds/services/authentication.hpp"

#include <algorithm>
#include <utility>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/draw_seed.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

enum task : std::uint8_t {
  de_authenticate = 0x00,
  request_challenge = 0x05,
  verify_unidirectional = 0x06,
  verify_bidirectional = 0x07,
  report_configuration = 0x08,
};

// authenticationReturnParameter.
constexpr std::uint8_t request_accepted = 0x00;
constexpr std::uint8_t de_authenticated = 0x10;
constexpr std::uint8_t ownership_verified = 0x12;

bool with_authentication(const server_config& config) { return config.authentication.present; }

std::optional<nrc> check_task(const server_state&, std::uint8_t value) {
  const bool known =
      value == de_authenticate || (value >= request_challenge && value <= report_configuration);
  if (known) return std::nullopt;
  return nrc::subfunction_not_supported;
}

bool is_verification(std::uint8_t value) {
  return value == verify_unidirectional || value == verify_bidirectional;
}

std::optional<nrc> check_challenge_given(const server_state& state, const service_request& request) {
  if (!is_verification(request.subfunction) || !state.seldom->authentication->challenge.empty())
    return std::nullopt;
  return nrc::request_sequence_error;
}

/// u16 length and bytes.
void append_block(bytes& data, byte_view block) {
  append_u16(data, static_cast<std::uint16_t>(block.size()));
  append(data, block);
}

/// Takes blocks out of a request.
class block_reader {
 public:
  block_reader(byte_view message, std::size_t begin) : message_(message), at_(begin) {}

  /// False: the request is too short.
  bool read(byte_view& block) {
    if (message_.size() - at_ < 2) return false;
    const std::size_t length = read_u16(message_, at_);
    if (message_.size() - at_ - 2 < length) return false;
    block = message_.subspan(at_ + 2, length);
    at_ += 2 + length;
    return true;
  }
  bool at_end() const { return at_ == message_.size(); }

 private:
  byte_view message_;
  std::size_t at_;
};

bool is_own_algorithm(const authentication_config& config, byte_view message, std::size_t offset) {
  return std::equal(config.algorithm.begin(), config.algorithm.end(),
                    message.begin() + static_cast<std::ptrdiff_t>(offset));
}

service_result give_challenge(server_state& state, const service_request& request) {
  constexpr std::size_t algorithm = 3;  // behind SID, sub-function and communicationConfiguration
  const auto& config = state.config->authentication;
  if (request.message.size() != algorithm + algorithm_indicator_length)
    return service_result::negative(nrc::incorrect_message_length);
  if (!is_own_algorithm(config, request.message, algorithm))
    return service_result::negative(nrc::request_out_of_range);
  auto& authentication = state.seldom.change().authentication.change();
  authentication.challenge = draw_seed(config.challenge, *request.randomness);
  bytes answer{request_accepted};
  append(answer, config.algorithm);
  append_block(answer, authentication.challenge);
  append_block(answer, config.additional);
  return service_result::positive(std::move(answer));
}

service_result verify(server_state& state, const service_request& request) {
  constexpr std::size_t algorithm = 2;
  const auto& config = state.config->authentication;
  const byte_view message = request.message;
  if (message.size() < algorithm + algorithm_indicator_length)
    return service_result::negative(nrc::incorrect_message_length);
  block_reader blocks{message, algorithm + algorithm_indicator_length};
  byte_view proof;
  byte_view challenge;
  byte_view additional;
  const bool whole =
      blocks.read(proof) && blocks.read(challenge) && blocks.read(additional) && blocks.at_end();
  const bool bidirectional = request.subfunction == verify_bidirectional;
  if (!whole || (bidirectional && challenge.empty()))
    return service_result::negative(nrc::incorrect_message_length);
  if (!is_own_algorithm(config, message, algorithm) ||
      !std::equal(additional.begin(), additional.end(), config.additional.begin(), config.additional.end())) {
    return service_result::negative(nrc::request_out_of_range);
  }
  auto& authentication = state.seldom.change().authentication.change();
  const bytes right = config.proof(std::exchange(authentication.challenge, {}));
  if (!std::equal(proof.begin(), proof.end(), right.begin(), right.end())) {
    return service_result::negative(nrc::ownership_verification_failed);
  }
  authentication.authenticated = true;
  bytes answer{ownership_verified};
  append(answer, config.algorithm);
  if (bidirectional) append_block(answer, config.answer(challenge));
  append_block(answer, {});  // sessionKeyInfo
  return service_result::positive(std::move(answer));
}

service_result authenticate(server_state& state, const service_request& request) {
  if (request.subfunction == request_challenge) return give_challenge(state, request);
  if (is_verification(request.subfunction)) return verify(state, request);
  if (request.message.size() != 2) return service_result::negative(nrc::incorrect_message_length);
  if (request.subfunction == report_configuration)
    return service_result::positive({state.config->authentication.configuration});
  state.seldom.change().authentication.forget();
  return service_result::positive({de_authenticated});
}

constexpr service rows[] = {
    {.id = sid::authentication,
     .present = with_authentication,
     .subfunction = subfunction_kind::checked,
     .check_subfunction = check_task,
     .check_sequence = check_challenge_given,
     .order = "13 length, 31 algorithm or additional parameter, 58 wrong proof",
     .handle = authenticate},
};

}  // namespace

std::span<const service> authentication_services() { return rows; }

}  // namespace canstage::uds
