#include "protocols/socketcand/server.hpp"

#include <algorithm>
#include <utility>

#include "protocols/socketcand/message.hpp"

namespace canstage::socketcand {

namespace {

/// Identifiers that a client may subscribe to.
constexpr std::size_t most_subscriptions = 4096;

/// Characters of frames that are held back at most; then the client has to live with what it reads.
constexpr std::size_t most_held = 1 << 16;

}  // namespace

server::server(std::shared_ptr<const std::vector<std::string>> buses)
    : buses_(std::move(buses)), splitter_(longest_text) {
  say("< hi >");
}

instant server::deadline() const { return std::min(hold_until_, unfinished_until_); }

void server::on_bytes(instant now, std::string_view input) {
  while (mode_ != mode::ended) {
    const auto text = splitter_.next(input);
    if (splitter_.astray() != 0) return end("what it sends is not socketcand");
    if (!text) break;
    unfinished_until_ = never;
    on_command(now, *text);
  }
  if (mode_ == mode::ended) return;  // nothing is awaited any more
  if (!splitter_.unfinished()) {
    unfinished_until_ = never;
  } else if (unfinished_until_ == never) {
    unfinished_until_ = now + patience;
  }
}

void server::on_command(instant now, std::string_view text) {
  release_frames();
  answered_ = true;
  const auto words = words_of(text);
  const auto command = words.empty() ? std::string_view{} : words[0];
  if (mode_ == mode::no_bus) return on_command_without_bus(words);
  if (command == "rawmode") return on_mode(now, mode::raw);
  if (command == "bcmmode") return on_mode(now, mode::broadcast_manager);
  if (command == "echo") return say("< echo >");
  if (command == "send") {
    std::string problem;
    if (const auto f = parse_send(words, problem)) {
      events_.emplace_back(transmit_frame{*f});
    } else {
      events_.emplace_back(remark{std::move(problem)});
    }
    return;
  }
  const bool subscribes = command == "subscribe" || command == "unsubscribe";
  if (subscribes && mode_ == mode::broadcast_manager) return on_subscription(words);
  refuse(command);
}

void server::refuse(std::string_view command) {
  say("< error unknown command >");
  events_.emplace_back(remark{"'" + std::string{command.substr(0, 40)} + "' is no command here"});
}

void server::on_command_without_bus(const std::vector<std::string_view>& words) {
  if (words.size() == 2 && words[0] == "open") {
    const auto found = std::ranges::find(*buses_, words[1]);
    if (found == buses_->end()) {
      say("< error could not open bus >");
      return end("it wants the bus '" + std::string{words[1].substr(0, 40)} + "', which is not here");
    }
    mode_ = mode::broadcast_manager;
    bus_ = static_cast<std::size_t>(found - buses_->begin());
    events_.emplace_back(join_bus{*bus_});
    return say("< ok >");
  }
  // Bit timing and modes of the controller: these buses have their own.
  if (words.size() > 2 && (words[1] == "B" || words[1] == "C") && std::ranges::count(*buses_, words[0]) != 0)
    return say("< ok >");
  refuse(words.empty() ? std::string_view{} : words[0]);
}

void server::on_mode(instant now, mode wanted) {
  // socketcand knows a change of mode, but not a mode that it is in.
  if (mode_ == wanted) return say("< error unknown command >");
  mode_ = wanted;
  subscribed_.clear();
  say("< ok >");
  if (wanted == mode::raw) hold_until_ = now + hold;
}

void server::on_subscription(const std::vector<std::string_view>& words) {
  const bool begins = words[0] == "subscribe";
  // The identifier is read as that of a frame; the times limit how often a frame is told, and are ignored.
  std::vector<std::string_view> as_send = {"send", words.back(), "0"};
  std::string problem;
  const auto f = parse_send(as_send, problem);
  if (words.size() != (begins ? 4U : 2U) || !f) {
    events_.emplace_back(remark{begins ? "'subscribe' wants seconds, microseconds and an identifier"
                                       : "'unsubscribe' wants an identifier"});
  } else if (!begins) {
    subscribed_.erase(f->id.raw());
  } else if (subscribed_.size() < most_subscriptions) {
    subscribed_.insert(f->id.raw());
  }
}

void server::on_frame(const can::frame& f, duration since_1970) {
  const bool wanted =
      mode_ == mode::raw || (mode_ == mode::broadcast_manager && subscribed_.contains(f.id.raw()));
  if (!wanted) return;
  // python-can 4.1 loses the first character of what it has read only in part, unless it is a blank:
  // a line end in front of a frame saves it. The first one after a command comes without, for clients
  // that compare what they read with what they expect.
  if (!std::exchange(answered_, false)) frames_ += '\n';
  append_frame(frames_, f, since_1970, mode_ == mode::raw ? "" : " ");
  if (frames_.size() > most_held) hold_until_ = never;
}

void server::on_time(instant now) {
  if (now >= unfinished_until_) end("half a command, and then nothing for 10 s");
  if (now >= hold_until_) release_frames();
}

void server::release_frames() {
  hold_until_ = never;
  if (!frames_.empty()) events_.emplace_back(write_text{std::exchange(frames_, {})});
}

std::optional<server_event> server::poll() {
  if (events_.empty() && hold_until_ == never) release_frames();
  if (events_.empty()) return std::nullopt;
  auto next = std::move(events_.front());
  events_.pop_front();
  return next;
}

void server::say(std::string_view text) { events_.emplace_back(write_text{std::string{text}}); }

void server::end(std::string reason) {
  if (mode_ == mode::ended) return;
  mode_ = mode::ended;
  hold_until_ = unfinished_until_ = never;
  frames_.clear();
  events_.emplace_back(hang_up{std::move(reason)});
}

}  // namespace canstage::socketcand
