#include "scenarios/load_procedures.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "fmt/format.h"
#include "protocols/uds/names.hpp"

namespace canstage::scenarios {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t longest_transfer = 64 * 1024 * 1024;
constexpr std::size_t longest_address = 8;
constexpr std::uint64_t longest_block = 4'294'967'295;

/// Who asks whom, and for how long.
struct parties_draft {
  const node* from = nullptr;
  const node* to = nullptr;
  std::optional<duration> window;
};

struct transfer_draft : parties_draft {
  bool upload = false;
  std::optional<bytes> address;
  std::optional<std::uint64_t> size;
  std::optional<bytes> data;
  std::shared_ptr<const bytes> file;
  const node* file_node = nullptr;
  const node* data_node = nullptr;
  const node* save_node = nullptr;
  std::string save;
  std::uint8_t data_format = 0;
  std::uint8_t size_bytes = 4;
  std::optional<std::uint32_t> block;
  bytes exit_record;
};

/// Seen from the folder of the scenario.
std::filesystem::path path_of(reader& in, const std::string& name) {
  return std::filesystem::path(in.names().play.file).parent_path() / name;
}

/// What is to be written, in a folder that is there.
void read_save(reader& in, const node& value, transfer_draft& out) {
  out.save_node = &value;
  const auto name = in.text(value);
  if (!name) return;
  const auto path = path_of(in, *name);
  std::error_code none;
  const auto folder = path.parent_path();
  if (name->empty() || std::filesystem::is_directory(path, none)) {
    in.refuse_value(value, "a file");
  } else if (!folder.empty() && !std::filesystem::is_directory(folder, none)) {
    in.refuse(value.where, fmt::format("there is no folder {}", shown(folder.string())));
  } else {
    out.save = path.string();
  }
}

std::shared_ptr<const bytes> read_file(reader& in, const node& value) {
  const auto name = in.text(value);
  if (!name) return nullptr;
  const auto path = path_of(in, *name);
  std::ifstream file{path, std::ios::binary};
  std::error_code none;
  if (!file || std::filesystem::is_directory(path, none)) {
    in.refuse(value.where, fmt::format("{} cannot be read", shown(path.string())));
    return nullptr;
  }
  auto content = std::make_shared<bytes>();
  std::array<char, 65536> part{};
  while (file.read(part.data(), part.size()) || file.gcount() > 0) {
    content->insert(content->end(), part.data(), part.data() + file.gcount());
    if (content->size() <= longest_transfer) continue;
    in.refuse(value.where, fmt::format("{} has more than 64 MiB", shown(path.string())));
    return nullptr;
  }
  if (content->empty()) {
    in.refuse(value.where, fmt::format("{} is empty", shown(path.string())));
    return nullptr;
  }
  return content;
}

void read_address(reader& in, const node& value, transfer_draft& out) {
  auto address = in.hex_bytes(value);
  if (!address) return;
  if (address->empty() || address->size() > longest_address) {
    in.refuse_value(value, "an address of 1 to 8 bytes like \"00100000\"");
    return;
  }
  out.address = std::move(address);
}

void read_block(reader& in, const node& value, transfer_draft& out) {
  if (value.is_scalar() && value.text == "auto") return;
  const auto count = in.count(value, 3, longest_block);
  if (count) out.block = static_cast<std::uint32_t>(*count);
}

constexpr field_doc from_doc{"from", "name", "The tester that asks.", "the only tester that reaches 'to'"};
constexpr field_doc to_doc{"to", "name", "The ECU that is asked.", required};
constexpr field_doc window_doc{"window", "time", "How long each answer may take to begin.",
                               "the tester's p2, or 1s"};

constexpr std::array transfer_fields = std::to_array<field<transfer_draft>>({
    {from_doc, [](reader&, const node& value, transfer_draft& out) { out.from = &value; }},
    {to_doc, [](reader&, const node& value, transfer_draft& out) { out.to = &value; }},
    {window_doc,
     [](reader& in, const node& value, transfer_draft& out) { out.window = in.time_above_zero(value); }},
    {{"address", "hex bytes", "memoryAddress, as many bytes as are written.", required}, &read_address},
    {{"file", "file name", "The data: a file, seen from the folder of the scenario.", "none"},
     [](reader& in, const node& value, transfer_draft& out) {
       out.file_node = &value;
       out.file = read_file(in, value);
     }},
    {{"data", "hex bytes", "The data itself, in place of 'file'; with 'size' repeated until it is so long.",
      "none"},
     [](reader& in, const node& value, transfer_draft& out) {
       out.data_node = &value;
       out.data = in.hex_bytes(value);
     }},
    {{"save", "file name", "Upload: the file that gets the data, seen from the folder of the scenario.",
      "none"},
     &read_save},
    {{"size", "count", "How many bytes, up to 64 MiB.", "those of 'file' or 'data'"},
     [](reader& in, const node& value, transfer_draft& out) {
       out.size = in.count(value, 1, longest_transfer);
     }},
    {{"size_bytes", "count", "How many bytes memorySize has, 1 to 8.", "4"},
     [](reader& in, const node& value, transfer_draft& out) {
       out.size_bytes = static_cast<std::uint8_t>(in.count(value, 1, 8).value_or(4));
     }},
    {{"block", "count | auto", "The longest TransferData request in bytes, if the ECU takes longer ones.",
      "auto, what the ECU takes"},
     &read_block},
    {{"data_format", "hex byte", "dataFormatIdentifier: compression and encryption.", "00"},
     [](reader& in, const node& value, transfer_draft& out) {
       out.data_format = in.hex_byte(value).value_or(0);
     }},
    {{"exit", "hex bytes", "transferRequestParameterRecord of RequestTransferExit.", "\"\""},
     [](reader& in, const node& value, transfer_draft& out) {
       out.exit_record = in.hex_bytes(value).value_or(bytes{});
     }},
});

struct dtcs_draft : parties_draft {
  std::uint8_t mask = 0xFF;
};

constexpr std::array dtcs_fields = std::to_array<field<dtcs_draft>>({
    {from_doc, [](reader&, const node& value, dtcs_draft& out) { out.from = &value; }},
    {to_doc, [](reader&, const node& value, dtcs_draft& out) { out.to = &value; }},
    {window_doc,
     [](reader& in, const node& value, dtcs_draft& out) { out.window = in.time_above_zero(value); }},
    {{"mask", "hex byte", "DTCStatusMask: which status bits to ask for.", "FF"},
     [](reader& in, const node& value, dtcs_draft& out) { out.mask = in.hex_byte(value).value_or(0xFF); }},
});

/// `expect: { nrc: "33" }`, all that can be expected of a transfer but that it succeeds.
struct refusal_draft {
  std::optional<std::uint8_t> nrc;
};

constexpr std::array refusal_fields = std::to_array<field<refusal_draft>>({
    {{"nrc", "hex byte", "The ECU has to refuse one of the requests with this code.", required},
     [](reader& in, const node& value, refusal_draft& out) { out.nrc = in.hex_byte(value); }},
});

/// Who asks whom. False after a refusal.
bool finish(reader& in, const parties_draft& draft, position where, procedure_step made,
            std::string_view what, step& out) {
  if (draft.to == nullptr) return false;
  const auto parties = read_tester_and_ecu(in, draft.from, draft.to, where);
  if (!parties) return false;
  made.from = parties->first;
  made.to = parties->second;
  made.window = draft.window.value_or(usual_window(in, parties->first));
  if (out.name.empty()) out.name = fmt::format("{} {}", what, in.names().play.ecus[made.to].name);
  out.what = std::move(made);
  return true;
}

/// `data`, again and again until it is `size` long.
std::shared_ptr<const bytes> repeated(const bytes& data, std::uint64_t size) {
  auto whole = std::make_shared<bytes>(size);
  for (std::size_t i = 0; i < size; ++i) (*whole)[i] = data[i % data.size()];
  return whole;
}

/// What is moved. False after a refusal.
bool read_content(reader& in, const transfer_draft& draft, position where, uds::transfer_spec& out) {
  if (draft.file_node != nullptr && draft.data_node != nullptr) {
    in.refuse(draft.data_node->where, "a transfer has 'file' or 'data', not both");
    return false;
  }
  if ((draft.file_node != nullptr && draft.file == nullptr) || (draft.data_node != nullptr && !draft.data))
    return false;
  out.data = draft.file;
  if (draft.data && !draft.data->empty())
    out.data = repeated(*draft.data, draft.size.value_or(draft.data->size()));
  if (out.data == nullptr && !draft.upload) {
    in.refuse(where, "a download needs 'file' or 'data'");
    return false;
  }
  if (out.data == nullptr && !draft.size) {
    in.refuse(where, "an upload needs 'size', or 'file' or 'data' to compare with");
    return false;
  }
  out.size = out.data != nullptr ? out.data->size() : *draft.size;
  if (draft.size && out.size != *draft.size) {
    in.refuse(draft.file_node->where,
              fmt::format("the file has {} bytes, 'size' says {}", out.size, *draft.size));
    return false;
  }
  if (out.size_bytes < 8 && out.size >> (8 * out.size_bytes) != 0) {
    in.refuse(where, fmt::format("{} bytes do not fit a memorySize of {} byte{}", out.size, out.size_bytes,
                                 out.size_bytes == 1 ? "" : "s"));
    return false;
  }
  return true;
}

void read_transfer(reader& in, const node& value, const request_extras& extras, bool upload, step& out) {
  transfer_draft draft;
  draft.upload = upload;
  const std::string_view what = upload ? "upload" : "download";
  const bool complete = read_fields(in, value, value.where, what, transfer_fields, draft);
  procedure_step made;
  read_refusal(in, extras.expect, made);
  uds::transfer_spec spec;
  spec.upload = upload;
  spec.size_bytes = draft.size_bytes;
  if (draft.save_node != nullptr && !upload) {
    in.refuse(draft.save_node->where, "a download has nothing to save");
    return;
  }
  if (!complete || !draft.address || !read_content(in, draft, value.where, spec)) return;
  spec.data_format = draft.data_format;
  spec.address = *draft.address;
  spec.longest = draft.block;
  spec.exit_record = draft.exit_record;
  spec.keeps = !draft.save.empty();
  made.save = draft.save;
  made.what = std::move(spec);
  finish(in, draft, value.where, std::move(made), upload ? "upload from" : "download to", out);
}

std::optional<uds::expected_dtc> read_expected_dtc(reader& in, const map_entry& entry) {
  uds::expected_dtc wanted;
  std::string problem;
  if (!uds::parse_dtc(entry.key, wanted.dtc, problem)) {
    in.refuse(entry.where, fmt::format("{}: {}", shown(entry.key), problem));
    return std::nullopt;
  }
  if (entry.value->is_scalar() && entry.value->text == "any") {
    wanted.status_mask = 0;
    return wanted;
  }
  const auto status = in.hex_byte(*entry.value);
  if (!status) return std::nullopt;
  wanted.status = *status;
  return wanted;
}

void read_expected_dtcs(reader& in, const node& value, uds::dtc_reading_spec& out) {
  const reader::scope inside{in, "expect"};
  if (value.what != node::kind::map) {
    in.refuse_value(value, "a map by DTC like { P0123-17: \"2F\", others: any }");
    return;
  }
  out.judged = true;
  for (const map_entry& entry : value.entries) {
    if (entry.key == "others") {
      out.others = in.word(*entry.value, {"any"}).has_value();
    } else if (const auto wanted = read_expected_dtc(in, entry)) {
      out.expected.push_back(*wanted);
    }
  }
}

bool is_refusal(const node& expect) {
  return expect.what == node::kind::map && expect.entries.size() == 1 && expect.entries.front().key == "nrc";
}

}  // namespace

void read_refusal(reader& in, const node* expect, procedure_step& out) {
  if (expect == nullptr) return;
  const reader::scope inside{in, "expect"};
  refusal_draft draft;
  if (read_fields(in, *expect, expect->where, "an expectation of this step", refusal_fields, draft))
    out.refused_with = draft.nrc;
}

void read_download_step(reader& in, const node& value, const request_extras& extras, step& out) {
  read_transfer(in, value, extras, false, out);
}

void read_upload_step(reader& in, const node& value, const request_extras& extras, step& out) {
  read_transfer(in, value, extras, true, out);
}

void read_dtcs_step(reader& in, const node& value, const request_extras& extras, step& out) {
  dtcs_draft draft;
  const bool complete = read_fields(in, value, value.where, "read_dtcs", dtcs_fields, draft);
  procedure_step made;
  uds::dtc_reading_spec spec;
  spec.status_mask = draft.mask;
  if (extras.expect != nullptr && is_refusal(*extras.expect)) {
    read_refusal(in, extras.expect, made);
  } else if (extras.expect != nullptr) {
    read_expected_dtcs(in, *extras.expect, spec);
  }
  if (!complete) return;
  made.what = std::move(spec);
  finish(in, draft, value.where, std::move(made), "read_dtcs from", out);
}

void describe_procedures(std::vector<map_doc>& maps) {
  maps.push_back(describe("data_transfer", transfer_fields));
  maps.push_back(describe("read_dtcs", dtcs_fields));
}

}  // namespace canstage::scenarios
