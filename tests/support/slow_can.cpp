// A CAN interface whose other end does not listen for a while: slcan on a pseudo terminal. As root, with the
// module slcan.
//
//   slow_can PAUSE_MS FILE    writes the name of the interface to FILE, and reads nothing for PAUSE_MS after
//   the
//                             first frame; when no more come, prints how many there were
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>

namespace {

constexpr int slcan_discipline = 17;  // N_SLCAN
constexpr int patience_ms = 5'000;

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

std::string interface_on(int terminal) {
  if (ioctl(terminal, TIOCSETD, &slcan_discipline) != 0) fail("TIOCSETD");
  ifreq request{};
  if (ioctl(terminal, SIOCGIFNAME, request.ifr_name) != 0) fail("SIOCGIFNAME");
  const int any = socket(AF_CAN, SOCK_RAW, 1);
  if (any < 0 || ioctl(any, SIOCGIFFLAGS, &request) != 0) fail("SIOCGIFFLAGS");
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  if (ioctl(any, SIOCSIFFLAGS, &request) != 0) fail("SIOCSIFFLAGS");
  close(any);
  return request.ifr_name;
}

/// Frames in what was read: lines that begin with t.
class frame_count {
 public:
  void read(const char* text, std::size_t length) {
    for (std::size_t i = 0; i < length; ++i) {
      if (line_begins_ && text[i] == 't') ++frames_;
      line_begins_ = text[i] == '\r' || text[i] == '\n';
    }
  }
  unsigned frames() const { return frames_; }

 private:
  bool line_begins_ = true;
  unsigned frames_ = 0;
};

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  mkdir("/dev/pts", 0755);
  mount("none", "/dev/pts", "devpts", 0, nullptr);
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) fail("posix_openpt");
  const int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
  if (terminal < 0) fail("ptsname");
  termios raw{};
  cfmakeraw(&raw);
  raw.c_cflag |= CREAD | CLOCAL;
  tcsetattr(terminal, TCSANOW, &raw);
  tcsetattr(master, TCSANOW, &raw);
  const auto name = interface_on(terminal);
  std::ofstream{words[2]} << name << '\n';

  frame_count seen;
  bool paused = false;
  std::array<char, 4096> text;
  pollfd wait{master, POLLIN, 0};
  while (poll(&wait, 1, paused ? patience_ms : -1) == 1) {
    const auto length = read(master, text.data(), text.size());
    if (length <= 0) break;
    seen.read(text.data(), static_cast<std::size_t>(length));
    if (paused || seen.frames() == 0) continue;
    paused = true;
    std::this_thread::sleep_for(std::chrono::milliseconds{std::atoi(words[1])});
  }
  std::printf("%u\n", seen.frames());
  return 0;
}
