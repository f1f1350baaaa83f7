#include "protocols/isotp/misbehaviour.hpp"

#include "protocols/isotp/st_min.hpp"

namespace canstage::isotp {

namespace {

constexpr std::array<std::string_view, fault_count> names = {
    "wrong_sn",    "repeated_sn", "drop_cf",     "early_cf",       "late_cf",
    "wrong_ff_dl", "withhold_fc", "reserved_fs", "reserved_stmin", "short_frames"};

void check(const trigger& when, fault what, std::vector<std::string>& problems) {
  const std::string name{to_string(what)};
  if (when.nth == 0) problems.push_back(name + ": nth counts from 1");
  if (when.times == 0) problems.push_back(name + ": times is 0, which is never");
}

}  // namespace

std::string_view to_string(fault what) { return names[static_cast<std::size_t>(what)]; }

std::vector<std::string> validate(const misbehaviour& options) {
  std::vector<std::string> problems;
  const auto check_all = [&](const auto& option, fault what) {
    if (!option) return;
    if constexpr (requires { option->when; }) {
      check(option->when, what, problems);
    } else {
      check(*option, what, problems);
    }
  };
  check_all(options.wrong_sn, fault::wrong_sn);
  check_all(options.repeated_sn, fault::repeated_sn);
  check_all(options.drop_cf, fault::drop_cf);
  check_all(options.early_cf, fault::early_cf);
  check_all(options.late_cf, fault::late_cf);
  check_all(options.wrong_ff_dl, fault::wrong_ff_dl);
  check_all(options.withhold_fc, fault::withhold_fc);
  check_all(options.reserved_fs, fault::reserved_fs);
  check_all(options.reserved_stmin, fault::reserved_stmin);
  check_all(options.short_frames, fault::short_frames);

  if (options.late_cf && options.late_cf->delay <= duration::zero()) {
    problems.emplace_back("late_cf: the delay is not above 0");
  }
  if (options.reserved_fs && (options.reserved_fs->code < 3 || options.reserved_fs->code > 0xF)) {
    problems.push_back("reserved_fs: FS " + std::to_string(options.reserved_fs->code) +
                       " is none of the reserved 3 to 15");
  }
  if (options.reserved_stmin && !st_min::is_reserved(options.reserved_stmin->code)) {
    problems.push_back("reserved_stmin: code " + std::to_string(options.reserved_stmin->code) +
                       " is none of the reserved 128 to 240 and 250 to 255");
  }
  if (options.wrong_ff_dl && !options.wrong_ff_dl->value && options.wrong_ff_dl->delta == 0) {
    problems.emplace_back("wrong_ff_dl: neither a value nor a delta");
  }
  if (options.short_frames && options.short_frames->length >= 64) {
    problems.emplace_back("short_frames: no frame is longer than 64 bytes");
  }
  return problems;
}

namespace {

/// Calls `use` with the option of that name.
template <class Misbehaviour, class Use>
auto with_option(Misbehaviour& of, fault what, Use use) {
  switch (what) {
    case fault::wrong_sn:
      return use(of.wrong_sn);
    case fault::repeated_sn:
      return use(of.repeated_sn);
    case fault::drop_cf:
      return use(of.drop_cf);
    case fault::early_cf:
      return use(of.early_cf);
    case fault::late_cf:
      return use(of.late_cf);
    case fault::wrong_ff_dl:
      return use(of.wrong_ff_dl);
    case fault::withhold_fc:
      return use(of.withhold_fc);
    case fault::reserved_fs:
      return use(of.reserved_fs);
    case fault::reserved_stmin:
      return use(of.reserved_stmin);
    case fault::short_frames:
      break;
  }
  return use(of.short_frames);
}

}  // namespace

bool has(const misbehaviour& of, fault what) {
  return with_option(of, what, [](const auto& option) { return option.has_value(); });
}

void leave_out(misbehaviour& of, fault what) {
  with_option(of, what, [](auto& option) { option.reset(); });
}

}  // namespace canstage::isotp
