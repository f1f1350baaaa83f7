#include "protocols/trace/formats.hpp"

#include <algorithm>

namespace canstage::trace {

namespace {

bool ends_with(std::string_view text, std::string_view ending) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  return text.size() >= ending.size() &&
         std::equal(ending.begin(), ending.end(), text.end() - static_cast<std::ptrdiff_t>(ending.size()),
                    [&](char b, char a) { return same(a, b); });
}

}  // namespace

std::optional<file_format> format_of(std::string_view file_name) {
  if (ends_with(file_name, ".log")) return file_format::candump_log;
  if (ends_with(file_name, ".asc")) return file_format::asc;
  if (ends_with(file_name, ".pcapng")) return file_format::pcapng;
  return std::nullopt;
}

std::unique_ptr<writer> make_writer(file_format format) {
  switch (format) {
    case file_format::candump_log:
      return make_candump_writer();
    case file_format::asc:
      return make_asc_writer();
    case file_format::pcapng:
      break;
  }
  return make_pcapng_writer();
}

std::unique_ptr<reader> make_reader(file_format format, std::string_view content) {
  switch (format) {
    case file_format::candump_log:
      return make_candump_reader(content);
    case file_format::asc:
      return make_asc_reader(content);
    case file_format::pcapng:
      break;
  }
  return make_pcapng_reader(content);
}

}  // namespace canstage::trace
