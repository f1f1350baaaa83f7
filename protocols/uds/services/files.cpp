#include "protocols/uds/services/files.hpp"

#include <set>
#include <utility>

#include "protocols/uds/numbers.hpp"
#include "protocols/uds/server_state.hpp"
#include "protocols/uds/services/service_row.hpp"
#include "protocols/uds/services/transfer.hpp"

namespace canstage::uds {

namespace {

using kind = transfer_state::kind;

enum class mode : std::uint8_t { add = 1, remove = 2, replace = 3, read = 4, read_folder = 5, resume = 6 };

bool with_files(const server_config& config) { return config.files.present; }

bool has_data_format(mode what) { return what != mode::remove && what != mode::read_folder; }
bool has_sizes(mode what) { return what == mode::add || what == mode::replace || what == mode::resume; }

/// A request taken apart.
struct file_request {
  mode what = mode::add;
  std::string path;
  std::uint8_t data_format = 0;
  std::uint64_t size = 0;  ///< uncompressed
};

/// 31 for an unknown mode, 13 for a wrong length.
std::optional<nrc> parse(byte_view message, file_request& out) {
  constexpr std::size_t path_begin = 4;
  if (message.size() <= path_begin) return nrc::incorrect_message_length;
  if (message[1] < static_cast<std::uint8_t>(mode::add) ||
      message[1] > static_cast<std::uint8_t>(mode::resume)) {
    return nrc::request_out_of_range;
  }
  out.what = mode{message[1]};
  std::size_t at = path_begin;
  const auto has = [&](std::size_t count) { return message.size() - at >= count; };
  const std::size_t path_length = read_u16(message, 2);
  if (path_length == 0 || !has(path_length)) return nrc::incorrect_message_length;
  const byte_view path = message.subspan(at, path_length);
  out.path.assign(path.begin(), path.end());
  at += path_length;
  if (has_data_format(out.what)) {
    if (!has(1)) return nrc::incorrect_message_length;
    out.data_format = message[at++];
  }
  if (has_sizes(out.what)) {
    if (!has(1)) return nrc::incorrect_message_length;
    const std::size_t size_length = message[at++];
    if (size_length == 0 || size_length > 8 || !has(2 * size_length)) return nrc::incorrect_message_length;
    out.size = read_number(message, at, size_length);
    at += 2 * size_length;
  }
  return at == message.size() ? std::nullopt : std::optional{nrc::incorrect_message_length};
}

/// The names in a folder, one per line: files, and folders with a slash behind.
std::optional<bytes> list_folder(const server_state& state, std::string folder) {
  if (!folder.ends_with('/')) folder += '/';
  std::set<std::string> names;
  const auto look_at = [&](const std::string& path) {
    if (!path.starts_with(folder) || find_file(state, path) == nullptr) return;
    const std::string rest = path.substr(folder.size());
    const std::size_t slash = rest.find('/');
    names.insert(slash == std::string::npos ? rest : rest.substr(0, slash + 1));
  };
  for (const auto& [path, content] : state.config->files.files) look_at(path);
  for (const auto& [path, content] : state.seldom->files->changed) look_at(path);
  if (names.empty()) return std::nullopt;
  bytes list;
  for (const std::string& name : names) {
    list.insert(list.end(), name.begin(), name.end());
    list.push_back('\n');
  }
  return list;
}

/// What an answer says of a size: its length as u16, then one or two of it.
void append_sizes(bytes& data, std::uint64_t size, int times) {
  const std::size_t length = size > 0xFFFF'FFFF ? 8 : 4;
  append_u16(data, static_cast<std::uint16_t>(length));
  for (int i = 0; i < times; ++i) append_number(data, size, length);
}

service_result give(server_state& state, const file_request& wanted, bytes content) {
  bytes answer{static_cast<std::uint8_t>(wanted.what)};
  append(answer, block_length_field(*state.config, false));
  answer.push_back(wanted.data_format);
  append_sizes(answer, content.size(), wanted.what == mode::read ? 2 : 1);
  auto& transfer = state.seldom.change().transfer.change();
  transfer = {};
  transfer.what = kind::from_bytes;
  transfer.range.size = content.size();
  transfer.content = std::move(content);
  return service_result::positive(std::move(answer));
}

service_result take(server_state& state, const file_request& wanted) {
  const bytes* old = find_file(state, wanted.path);
  const std::uint64_t there = old != nullptr && wanted.what == mode::resume ? old->size() : 0;
  if (there > wanted.size) return service_result::negative(nrc::request_out_of_range);
  if (wanted.what != mode::resume) state.seldom.change().files.change().changed[wanted.path] = bytes{};
  auto& transfer = state.seldom.change().transfer.change();
  transfer = {};
  transfer.what = kind::to_file;
  transfer.path = wanted.path;
  transfer.range.size = wanted.size;
  transfer.done = there;
  bytes answer{static_cast<std::uint8_t>(wanted.what)};
  append(answer, block_length_field(*state.config, false));
  answer.push_back(wanted.data_format);
  if (wanted.what == mode::resume) append_number(answer, there, 8);
  return service_result::positive(std::move(answer));
}

service_result request_file(server_state& state, const service_request& request) {
  file_request wanted;
  if (const auto code = parse(request.message, wanted)) return service_result::negative(*code);
  const bool known = find_file(state, wanted.path) != nullptr;
  const bool new_file = wanted.what == mode::add;
  std::optional<bytes> folder;
  if (wanted.what == mode::read_folder) folder = list_folder(state, wanted.path);
  const bool path_right = wanted.what == mode::read_folder ? folder.has_value() : known != new_file;
  const bool format_right =
      !has_data_format(wanted.what) || state.config->transfer.data_formats.test(wanted.data_format);
  if (!path_right || !format_right) return service_result::negative(nrc::request_out_of_range);
  if (const auto code = check_no_transfer(state)) return service_result::negative(*code);
  switch (wanted.what) {
    case mode::remove:
      state.seldom.change().files.change().changed[wanted.path] = std::nullopt;
      return service_result::positive({request.message[1]});
    case mode::read:
      return give(state, wanted, *find_file(state, wanted.path));
    case mode::read_folder:
      return give(state, wanted, std::move(*folder));
    default:
      return take(state, wanted);
  }
}

constexpr service rows[] = {
    {.id = sid::request_file_transfer,
     .present = with_files,
     .where = available_in::not_in_default,
     .order = "13 length, 31 mode, path or data format, 22 another transfer",
     .handle = request_file},
};

}  // namespace

const bytes* find_file(const server_state& state, const std::string& path) {
  const auto& changed = state.seldom->files->changed;
  if (const auto found = changed.find(path); found != changed.end()) {
    return found->second ? &*found->second : nullptr;
  }
  const auto& files = state.config->files.files;
  const auto found = files.find(path);
  return found == files.end() ? nullptr : &found->second;
}

void append_to_file(server_state& state, const std::string& path, byte_view data) {
  auto& changed = state.seldom.change().files.change().changed;
  if (!changed.contains(path)) {
    const bytes* old = find_file(state, path);
    changed[path] = old != nullptr ? *old : bytes{};
  }
  auto& content = changed[path];
  if (!content) content.emplace();
  append(*content, data);
}

std::span<const service> file_services() { return rows; }

}  // namespace canstage::uds
