// The codes and names of values: STmin, N_Result, and the set of unconfirmed tokens.
#include "catch2/catch.hpp"
#include "protocols/isotp/deadline.hpp"
#include "protocols/isotp/result.hpp"
#include "protocols/isotp/st_min.hpp"
#include "protocols/isotp/token_window.hpp"

namespace canstage::isotp {

using namespace std::chrono_literals;

TEST_CASE("STmin codes 00-7F are milliseconds, F1-F9 hundreds of microseconds, others 127 ms") {
  for (unsigned code = 0; code <= 0xFF; ++code) {
    const st_min value = st_min::from_code(static_cast<std::uint8_t>(code));
    const bool in_us = code >= 0xF1 && code <= 0xF9;
    const duration expected = code <= 0x7F ? duration{code * 1ms}
                              : in_us      ? duration{(code - 0xF0) * 100us}
                                           : duration{127ms};
    REQUIRE(value.time() == expected);
    REQUIRE(value.code() == (code <= 0x7F || in_us ? code : 0x7F));
    REQUIRE(st_min::from_time(value.time()) == value);
  }
}

TEST_CASE("STmin has no code for other times") {
  for (const duration time : {duration{-1ms}, duration{128ms}, duration{1ns}, duration{50us},
                              duration{1100us}, duration{1500us}, duration{127ms + 1ns}}) {
    REQUIRE_FALSE(st_min::from_time(time));
  }
  REQUIRE(st_min::from_time(1ms)->code() == 0x01);
  REQUIRE(st_min::from_time(900us)->code() == 0xF9);
}

TEST_CASE("N_Result is spelled as in the standard") {
  REQUIRE(to_string(n_result::n_ok) == "N_OK");
  REQUIRE(to_string(n_result::n_timeout_a) == "N_TIMEOUT_A");
  REQUIRE(to_string(n_result::n_timeout_bs) == "N_TIMEOUT_Bs");
  REQUIRE(to_string(n_result::n_timeout_cr) == "N_TIMEOUT_Cr");
  REQUIRE(to_string(n_result::n_wrong_sn) == "N_WRONG_SN");
  REQUIRE(to_string(n_result::n_invalid_fs) == "N_INVALID_FS");
  REQUIRE(to_string(n_result::n_unexp_pdu) == "N_UNEXP_PDU");
  REQUIRE(to_string(n_result::n_wft_ovrn) == "N_WFT_OVRN");
  REQUIRE(to_string(n_result::n_buffer_ovflw) == "N_BUFFER_OVFLW");
  REQUIRE(to_string(n_result::n_error) == "N_ERROR");
}

TEST_CASE("Tokens are told apart across the wrap and in any order") {
  token_window window;
  REQUIRE(window.reaches(7));
  for (std::uint32_t t = 0xFFFF'FFFE; t != 2; ++t) window.add(t);
  REQUIRE(window.size() == 4);
  REQUIRE(window.oldest() == 0xFFFF'FFFE);
  REQUIRE_FALSE(window.remove(2));
  REQUIRE(window.remove(0));
  REQUIRE_FALSE(window.remove(0));
  REQUIRE(window.remove(0xFFFF'FFFE));
  REQUIRE(window.oldest() == 0xFFFF'FFFF);
  REQUIRE(window.remove(0xFFFF'FFFF));
  REQUIRE(window.oldest() == 1);
  REQUIRE(window.reaches(1 + 63));
  REQUIRE_FALSE(window.reaches(1 + 64));
  window.add(1 + 63);
  REQUIRE(window.remove(1));
  REQUIRE(window.oldest() == 1 + 63);
  REQUIRE(window.remove(1 + 63));
  REQUIRE(window.empty());
}

TEST_CASE("A deadline beyond the end of time is never") {
  const instant now{5s};
  REQUIRE(after(now, 1s) == instant{6s});
  REQUIRE(after(now, duration::max()) == never);
  REQUIRE(after(now, never - now) == never);
  REQUIRE(after(now, never - now - 1ns) == never - 1ns);
}

}  // namespace canstage::isotp
