#include "protocols/uds/hmac_sha256.hpp"

#include <algorithm>
#include <bit>

#include "protocols/uds/numbers.hpp"

namespace canstage::uds {

namespace {

constexpr std::size_t block_size = 64;

// FIPS 180-4, 4.2.2.
constexpr std::uint32_t round_constants[block_size] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

using state = std::array<std::uint32_t, 8>;

void add_block(state& hash, byte_view block) {
  std::uint32_t w[block_size];
  for (std::size_t i = 0; i < 16; ++i) w[i] = static_cast<std::uint32_t>(read_number(block, 4 * i, 4));
  for (std::size_t i = 16; i < block_size; ++i) {
    const auto s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
    const auto s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  auto [a, b, c, d, e, f, g, h] = hash;
  for (std::size_t i = 0; i < block_size; ++i) {
    const auto s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const auto t1 = h + s1 + ((e & f) ^ (~e & g)) + round_constants[i] + w[i];
    const auto s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const auto t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
  }
  const state last{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < hash.size(); ++i) hash[i] += last[i];
}

}  // namespace

sha256_digest sha256(byte_view message) {
  state hash{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  bytes padded{message.begin(), message.end()};
  padded.push_back(0x80);
  while (padded.size() % block_size != block_size - 8) padded.push_back(0);
  append_number(padded, std::uint64_t{message.size()} * 8, 8);
  for (std::size_t at = 0; at < padded.size(); at += block_size) {
    add_block(hash, byte_view{padded}.subspan(at, block_size));
  }
  bytes flat;
  for (const std::uint32_t word : hash) append_number(flat, word, 4);
  sha256_digest result{};
  std::copy(flat.begin(), flat.end(), result.begin());
  return result;
}

sha256_digest hmac_sha256(byte_view secret, byte_view message) {
  bytes key{secret.begin(), secret.end()};
  if (key.size() > block_size) {
    const auto digest = sha256(key);
    key.assign(digest.begin(), digest.end());
  }
  key.resize(block_size);
  bytes inner;
  bytes outer;
  for (const std::uint8_t byte : key) {
    inner.push_back(byte ^ 0x36);
    outer.push_back(byte ^ 0x5C);
  }
  append(inner, message);
  append(outer, sha256(inner));
  return sha256(outer);
}

}  // namespace canstage::uds
