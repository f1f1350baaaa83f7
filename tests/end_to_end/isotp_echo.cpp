// Sends every message back that the kernel's own ISO-TP receives: a stack that is not ours.
//
//   isotp_echo INTERFACE RX TX [TX_DL]    (identifiers in hex, as the stack sees them)
#include <linux/can.h>
#include <linux/can/isotp.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

canid_t identifier(const char* text) {
  constexpr canid_t longest_standard = 0x7FF;
  const auto number = static_cast<canid_t>(std::strtoul(text, nullptr, 16));
  return number > longest_standard ? number | CAN_EFF_FLAG : number;
}

bool use_fd(int stack, const char* tx_dl) {
  can_isotp_ll_options options{};
  options.mtu = CANFD_MTU;
  options.tx_dl = static_cast<std::uint8_t>(std::strtoul(tx_dl, nullptr, 10));
  return setsockopt(stack, SOL_CAN_ISOTP, CAN_ISOTP_LL_OPTS, &options, sizeof options) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return EXIT_FAILURE;
  const int stack = socket(PF_CAN, SOCK_DGRAM, CAN_ISOTP);
  sockaddr_can where{};
  where.can_family = AF_CAN;
  where.can_ifindex = static_cast<int>(if_nametoindex(argv[1]));
  where.can_addr.tp.rx_id = identifier(argv[2]);
  where.can_addr.tp.tx_id = identifier(argv[3]);
  if (stack < 0 || (argc > 4 && !use_fd(stack, argv[4])) ||
      bind(stack, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
    std::perror("isotp_echo");
    return EXIT_FAILURE;
  }
  std::puts("ready");
  std::fflush(stdout);
  static std::array<char, 66'000> message;
  while (true) {
    // An error is that of a message that broke off: the next one comes.
    const auto length = read(stack, message.data(), message.size());
    if (length > 0 && write(stack, message.data(), static_cast<std::size_t>(length)) < 0) continue;
  }
}
