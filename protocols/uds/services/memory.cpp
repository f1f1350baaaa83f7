#include "protocols/uds/services/memory.hpp"

#include <algorithm>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/service_row.hpp"

namespace canstage::uds {

namespace {

constexpr std::uint64_t page_size = 256;
constexpr std::size_t longest_field = 8;  ///< of an address or a size, in bytes

bool any_area(const server_config& config, permission memory_area::*use) {
  const auto& areas = config.memory.areas;
  return std::any_of(areas.begin(), areas.end(), [&](const memory_area& one) { return (one.*use).allowed; });
}

bool with_read(const server_config& config) { return any_area(config, &memory_area::read); }
bool with_write(const server_config& config) { return any_area(config, &memory_area::write); }

bool is_inside(const memory_area& area, memory_range range) {
  return range.address >= area.address && range.address - area.address <= area.size &&
         range.size <= area.size - (range.address - area.address);
}

/// What an address holds as configured.
std::uint8_t configured(const memory_area* area, std::uint64_t address) {
  if (area == nullptr) return 0;
  const std::uint64_t offset = address - area->address;
  return offset < area->data.size() ? area->data[offset] : area->fill;
}

bytes configured_page(const server_config& config, std::uint64_t begin) {
  bytes page;
  page.reserve(page_size);
  for (std::uint64_t i = 0; i < page_size; ++i) {
    page.push_back(configured(find_area(config, memory_range{begin + i, 1}), begin + i));
  }
  return page;
}

service_result read_by_address(server_state& state, const service_request& request) {
  memory_reference what;
  if (request.message.size() < 2) return service_result::negative(nrc::incorrect_message_length);
  if (const auto code = parse_memory_reference(*state.config, request.message, 1, what))
    return service_result::negative(*code);
  if (request.message.size() != 1 + what.length)
    return service_result::negative(nrc::incorrect_message_length);
  if (const auto code = check_memory(state, what.range, &memory_area::read))
    return service_result::negative(*code);
  if (what.range.size >= state.config->max_response) return service_result::negative(nrc::response_too_long);
  return service_result::positive(read_memory(state, what.range));
}

// 0x3D: likewise; the length is checked with the size that the request says.
service_result write_by_address(server_state& state, const service_request& request) {
  memory_reference what;
  if (request.message.size() < 2) return service_result::negative(nrc::incorrect_message_length);
  if (const auto code = parse_memory_reference(*state.config, request.message, 1, what))
    return service_result::negative(*code);
  const std::size_t header = 1 + what.length;
  if (request.message.size() - header != what.range.size)
    return service_result::negative(nrc::incorrect_message_length);
  if (const auto code = check_memory(state, what.range, &memory_area::write))
    return service_result::negative(*code);
  write_memory(state, what.range.address, request.message.subspan(header));
  const byte_view echo = request.message.subspan(1, what.length);
  return service_result::positive({echo.begin(), echo.end()});
}

constexpr service rows[] = {
    {.id = sid::read_memory_by_address,
     .present = with_read,
     .order = "13 shorter than 2, 31 ALFID, 13 length by ALFID, 31 range, 34 or 33 locked, 14",
     .handle = read_by_address},
    {.id = sid::write_memory_by_address,
     .present = with_write,
     .order = "13 shorter than 2, 31 ALFID, 13 length by ALFID and size, 31 range, 34 or 33 locked",
     .handle = write_by_address},
};

}  // namespace

std::optional<nrc> parse_memory_reference(const server_config& config, byte_view request, std::size_t offset,
                                          memory_reference& out) {
  if (offset >= request.size()) return nrc::incorrect_message_length;
  const std::uint8_t alfid = request[offset];
  const std::size_t sizes = alfid >> 4;
  const std::size_t addresses = alfid & 0xF;
  const bool valid = sizes > 0 && sizes <= longest_field && addresses > 0 && addresses <= longest_field;
  if (!valid || (config.memory.alfids.any() && !config.memory.alfids.test(alfid)))
    return nrc::request_out_of_range;
  out.length = 1 + addresses + sizes;
  if (request.size() < offset + out.length) return nrc::incorrect_message_length;
  out.range = {read_number(request, offset + 1, addresses),
               read_number(request, offset + 1 + addresses, sizes)};
  return std::nullopt;
}

std::optional<nrc> check_memory(const server_state& state, memory_range range, permission memory_area::*use) {
  const memory_area* area = find_area(*state.config, range);
  if (area == nullptr || range.size == 0) return nrc::request_out_of_range;
  const permission& wanted = area->*use;
  if (!wanted.allowed || !wanted.needs.in(state.diagnostic_session)) return nrc::request_out_of_range;
  return check_rights(state, wanted.needs);
}

const memory_area* find_area(const server_config& config, memory_range range) {
  const auto& areas = config.memory.areas;
  const auto after =
      std::upper_bound(areas.begin(), areas.end(), range.address,
                       [](std::uint64_t address, const memory_area& one) { return address < one.address; });
  if (after == areas.begin()) return nullptr;
  const memory_area& area = *std::prev(after);
  return is_inside(area, range) ? &area : nullptr;
}

const memory_area* find_area(const server_config& config, const std::string& name) {
  const auto& areas = config.memory.areas;
  const auto found =
      std::find_if(areas.begin(), areas.end(), [&](const auto& one) { return one.name == name; });
  return found == areas.end() ? nullptr : &*found;
}

bytes read_memory(const server_state& state, memory_range range) {
  bytes result;
  result.reserve(range.size);
  const memory_area* area = find_area(*state.config, range);
  const auto& pages = state.seldom->memory->pages;
  auto page = pages.end();
  std::uint64_t page_begin = ~std::uint64_t{0};
  for (std::uint64_t i = 0; i < range.size; ++i) {
    const std::uint64_t address = range.address + i;
    if (const std::uint64_t begin = address - address % page_size; begin != page_begin) {
      page_begin = begin;
      page = pages.find(begin);
    }
    result.push_back(page != pages.end() ? page->second[address % page_size] : configured(area, address));
  }
  return result;
}

void write_memory(server_state& state, std::uint64_t address, byte_view data) {
  auto& pages = state.seldom.change().memory.change().pages;
  while (!data.empty()) {
    const std::uint64_t begin = address - address % page_size;
    auto& page = pages[begin];
    if (page.empty()) page = configured_page(*state.config, begin);
    const std::size_t count = std::min<std::size_t>(data.size(), page_size - address % page_size);
    std::copy_n(data.begin(), count, page.begin() + static_cast<std::ptrdiff_t>(address % page_size));
    address += count;
    data = data.subspan(count);
  }
}

void erase_memory(server_state& state, memory_range range) {
  const memory_area* area = find_area(*state.config, range);
  if (area == nullptr) return;
  const bytes erased(page_size, area->fill);
  for (std::uint64_t done = 0; done < range.size;) {
    const std::uint64_t count = std::min(page_size, range.size - done);
    write_memory(state, range.address + done, byte_view{erased}.first(count));
    done += count;
  }
}

void forget_volatile_memory(server_state& state) {
  if (state.seldom->memory.is_fresh()) return;
  for (const memory_area& area : state.config->memory.areas) {
    if (!area.is_volatile) continue;
    for (std::uint64_t done = 0; done < area.size;) {
      const std::uint64_t address = area.address + done;
      const std::uint64_t count = std::min(page_size - address % page_size, area.size - done);
      const auto& pages = state.seldom->memory->pages;
      if (pages.contains(address - address % page_size)) {
        bytes old;
        for (std::uint64_t i = 0; i < count; ++i) old.push_back(configured(&area, address + i));
        write_memory(state, address, old);
      }
      done += count;
    }
  }
}

std::span<const service> memory_services() { return rows; }

}  // namespace canstage::uds
