// HMAC-SHA-256 (RFC 2104, FIPS 180-4), for proofs by a shared secret.
#pragma once

#include <array>
#include <cstdint>

#include "protocols/bytes.hpp"

namespace canstage::uds {

using sha256_digest = std::array<std::uint8_t, 32>;

sha256_digest sha256(byte_view message);
sha256_digest hmac_sha256(byte_view secret, byte_view message);

}  // namespace canstage::uds
