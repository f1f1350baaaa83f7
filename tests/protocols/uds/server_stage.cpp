#include "tests/protocols/uds/server_stage.hpp"

#include <algorithm>
#include <stdexcept>

#include "catch2/catch.hpp"

namespace canstage::uds::testing {

namespace {

std::string since(instant begin, instant now) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now - begin).count();
  if (micros % 1000 == 0) return "+" + std::to_string(micros / 1000) + "ms ";
  return "+" + std::to_string(micros) + "us ";
}

bool has_subfunction(std::uint8_t sid) { return sid == 0x10 || sid == 0x11 || sid == 0x3E; }

}  // namespace

bytes from_hex(std::string_view text) {
  text_error error;
  const auto data = parse_hex(text, error);
  if (!data) throw std::invalid_argument(error.message);
  return *data;
}

pattern pattern_of(std::string_view text) {
  text_error error;
  const auto parsed = pattern::parse(text, error);
  if (!parsed) throw std::invalid_argument(error.message);
  return *parsed;
}

reply_template template_of(std::string_view text) {
  text_error error;
  const auto parsed = reply_template::parse(text, error);
  if (!parsed) throw std::invalid_argument(error.message);
  return *parsed;
}

rule rule_reply(std::string_view request, std::string_view reply) {
  rule result;
  result.request = pattern_of(request);
  result.action = rule::kind::reply;
  result.reply = template_of(reply);
  return result;
}

rule rule_nrc(std::string_view request, std::uint8_t code) {
  rule result;
  result.request = pattern_of(request);
  result.action = rule::kind::nrc;
  result.nrc_code = code;
  return result;
}

rule rule_silence(std::string_view request) {
  rule result;
  result.request = pattern_of(request);
  return result;
}

server_config usual_config() {
  server_config config;
  config.response_time = {2ms, 2ms};
  config.data.present = true;
  access in_extended;
  in_extended.diagnostic_sessions.set(extended_diagnostic_session);
  config.data.records = {
      {0x0100, {0x00}, true},
      {0xF18C, {0x01, 0x02}, true, in_extended},
      {0xF190, {0x41, 0x42, 0x43}},
  };
  return config;
}

server_config working_config() {
  auto config = usual_config();
  const auto add = [&](rule r, duration takes) {
    r.takes = time_range{takes, takes};
    config.rules.push_back(std::move(r));
  };
  add(rule_reply("31 01 *", "71 01"), 12s);
  add(rule_reply("31 02 *", "71 02"), 30ms);
  add(rule_nrc("31 03 *", 0x31), 12s);
  add(rule_nrc("31 04 *", 0x31), 30ms);
  add(rule_silence("31 05 *"), 100ms);
  add(rule_reply("3E 80", "7E 00"), 100ms);
  return config;
}

server_stage::server_stage(server_config config, std::uint64_t seed)
    : config_(config),
      server_(std::make_shared<const server_config>(std::move(config)), random_stream{seed, "ecu"}) {}

void server_stage::request(byte_view message, isotp::target_type target) {
  const bool functional = target == isotp::target_type::functional;
  const bool was_busy = server_.busy();
  asked_ = now_;
  if (!functional) receiving_ = false;
  const bool is_request = !message.empty() && (message[0] & 0x40) == 0;
  if (was_busy) {
    const bool kept_alive = functional && message.size() == 2 && message[0] == 0x3E && message[1] == 0x80;
    if (is_request && !kept_alive) ++refused_;
  } else {
    // Rules answer whatever they like; what services may not say is known from the request alone.
    const bool ruled = std::any_of(config_.rules.begin(), config_.rules.end(),
                                   [&](const rule& r) { return r.request.matches(message); });
    outstanding next;
    next.accepted = true;
    next.sid = message.empty() ? std::uint8_t{0} : message[0];
    next.suppressed = !is_request && !ruled;
    if (!ruled && is_request) {
      const bool known = has_subfunction(next.sid) || next.sid == 0x22 || next.sid == 0x2E;
      const bool silent_well = has_subfunction(next.sid) && message.size() == 2 && message[1] >= 0x80 &&
                               (functional || message[1] == 0x80 + (next.sid == 0x3E ? 0 : 1));
      next.suppressed = (functional && !known) || silent_well;
    }
    present_ = next;
  }
  server_.on_request(now_, message, target);
  drain();
}

void server_stage::reception_started() {
  receiving_ = true;
  server_.on_reception_started(now_);
  drain();
}

void server_stage::reception_failed() {
  receiving_ = false;
  server_.on_reception_failed(now_);
  drain();
}

void server_stage::confirm() {
  if (unconfirmed_ > 0) --unconfirmed_;
  server_.on_response_sent(now_);
  drain();
}

void server_stage::time() {
  server_.on_time(now_);
  CHECK(server_.deadline() > now_);
  drain();
}

void server_stage::reset() {
  server_.reset(now_);
  left_bus();
  present_.reset();
  CHECK(server_.diagnostic_session() == default_diagnostic_session);
  drain();
}

/// Nothing below the server remembers anything.
void server_stage::left_bus() {
  unconfirmed_ = 0;
  refused_ = 0;
  receiving_ = false;
}

void server_stage::run(duration time) { run_to(now_ + time); }

void server_stage::run_to(instant end) {
  while (server_.deadline() <= end) {
    now_ = std::max(now_, server_.deadline());
    time();
  }
  now_ = end;
}

std::string server_stage::ask(std::string_view text, isotp::target_type target) {
  log_.clear();
  request(from_hex(text), target);
  const instant end = now_ + 1s;
  while (server_.busy() && server_.deadline() <= end) run_to(server_.deadline());
  std::string all;
  for (const std::string& line : log()) all += (all.empty() ? "" : " | ") + line.substr(line.find(' ') + 1);
  return all;
}

std::vector<std::string> server_stage::log() { return std::exchange(log_, {}); }

void server_stage::drain() {
  check();
  while (auto next = server_.poll()) {
    if (const auto* sent = std::get_if<respond>(&*next)) {
      note(*sent);
      ++unconfirmed_;
    } else if (std::holds_alternative<leave_bus>(*next)) {
      log_.push_back(since(asked_, now_) + "off");
      left_bus();
    } else if (const auto* again = std::get_if<restart>(&*next)) {
      log_.push_back(since(asked_, now_) + "restart " + to_hex(bytes{again->reset_type}));
      CHECK(server_.diagnostic_session() == default_diagnostic_session);
      CHECK_FALSE(server_.busy());
      left_bus();
    }
  }
  CHECK_FALSE(server_.poll());
  if (confirms_ && unconfirmed_ > 0) confirm();
}

void server_stage::note(const respond& sent) {
  const bytes& message = sent.message;
  log_.push_back(since(asked_, now_) + to_hex(message));
  REQUIRE_FALSE(message.empty());
  if (message.size() == 3 && message[0] == 0x7F && message[2] == 0x21 && refused_ > 0) {
    --refused_;
    return;
  }
  REQUIRE(present_);
  if (is_response_pending(message, present_->sid)) {
    CHECK(present_->answers == 0);
    present_->pending = true;
    return;
  }
  CHECK(++present_->answers == 1);
  CHECK((!present_->suppressed || present_->pending));
}

void server_stage::check() {
  if (server_.busy()) return;
  const bool s3_runs = server_.deadline() != never;
  CHECK(s3_runs == (server_.diagnostic_session() != default_diagnostic_session && !receiving_));
}

void go_extended(server_stage& s) {
  s.request("10 83");
  s.log();
  REQUIRE(s.machine().diagnostic_session() == 0x03);
}

}  // namespace canstage::uds::testing
