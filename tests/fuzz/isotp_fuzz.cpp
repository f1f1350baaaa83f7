// An endpoint under junk: frames, confirmations, time and requests as the input says. The contract of
// an endpoint is checked by `dialogue`, which throws when it is broken; that ends the fuzzer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "tests/fuzz/fuzz_input.hpp"
#include "tests/protocols/isotp/dialogue.hpp"

namespace canstage::isotp::test {

namespace {

dialogue start(fuzz_input& in) {
  parameters settings;
  settings.bs = in.byte();
  settings.stmin = st_min::from_code(in.byte());
  const std::uint8_t flags = in.byte();
  if (flags & 1) settings.padding.reset();
  if (flags & 2) settings.accepted_waits = 2;
  if (flags & 4) settings.n_br = 20ms;
  if (flags & 8) settings.n_cs = 20ms;
  if (flags & 16) settings.max_sdu = 0xFFFF'FFFF;
  const std::uint8_t more = in.byte();
  if (more & 2) settings.tx_dl = more & 4 ? 64 : 12;
  if (more & 8) settings.duplex = duplex_mode::half;
  if (more & 16) settings.flow_control.answers = {flow_status::wait, flow_status::cts, flow_status::wait};
  if (more & 32) settings.compat = more & 64 ? compatibility::python_can_isotp() : compatibility::iso();
  addressing address = usual_address();
  if (more & 128) address.rx_address_byte = address.tx_address_byte = 0x11;
  dialogue d{settings, std::max<unsigned>(1, flags >> 5), address};
  if (more & 1) d.hold_confirmations();
  return d;
}

void step(dialogue& d, fuzz_input& in) {
  const std::uint8_t what = in.byte();
  switch (what & 7) {
    case 0:
      return d.advance(in.byte() * 10ms);
    case 1:
      return d.advance_unpunctually(in.byte() * 10ms);
    case 2:
      return d.confirm();
    case 3:
      return d.request(counting(in.byte()), what & 8 ? target_type::functional : target_type::physical);
    case 4:
      return d.receive(can::data_frame(functional_id, in.some(what >> 4 & 7)));
    case 5:
      return what == 0xFD ? d.reset() : d.wake();
    case 6:
      if (what & 0x80) return d.receive(can::fd_frame(rx_id, in.some(what & 8 ? 64 : what >> 3 & 31), false));
      [[fallthrough]];
    default:
      return d.receive(can::data_frame(rx_id, in.some(what & 8 ? 8 : what >> 4 & 7)));
  }
}

}  // namespace

}  // namespace canstage::isotp::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace canstage::isotp::test;
  canstage::fuzz_input in{{data, size}};
  dialogue d = start(in);
  while (!in.empty()) step(d, in);
  for (std::size_t i = 0; i <= d.requests(); ++i) d.advance(2s * 256);
  if (d.confirms() != d.requests() || d.begun() != d.ended()) std::abort();
  return 0;
}
