#include "bench/memory.hpp"

#include <malloc.h>
#include <unistd.h>

#include <fstream>

namespace canstage::bench {

std::size_t resident_bytes() {
  malloc_trim(0);  // what earlier cases have left behind is not this one's
  std::ifstream statm{"/proc/self/statm"};
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace canstage::bench
