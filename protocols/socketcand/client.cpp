#include "protocols/socketcand/client.hpp"

#include <charconv>
#include <system_error>
#include <utility>

namespace canstage::socketcand {

namespace {

constexpr const char* not_socketcand = "what it says is not socketcand";

}  // namespace

client::client(instant now, std::string bus) : bus_(std::move(bus)), answer_until_(now + patience) {}

void client::on_bytes(std::string_view input) {
  while (state_ != state::ended) {
    const auto text = splitter_.next(input);
    if (splitter_.astray() != 0) return end(not_socketcand);
    if (!text) return;
    on_text(words_of(*text));
  }
}

void client::on_text(const std::vector<std::string_view>& words) {
  if (words.empty()) return end(not_socketcand);
  if (words[0] == "error") return on_error(words);
  if (state_ != state::open) return on_answer(words[0]);
  if (words[0] == "fdframe") return void(events_.emplace_back(fd_frame{}));
  if (words[0] != "frame") return;  // an echo, statistics
  if (auto f = parse_frame(words)) {
    events_.emplace_back(*f);
  } else {
    end("it sends a frame that is none");
  }
}

void client::on_answer(std::string_view word) {
  if (state_ == state::greeting && word == "hi") {
    state_ = state::opening;
    events_.emplace_back(say{"< open " + bus_ + " >"});
  } else if (state_ == state::opening && word == "ok") {
    state_ = state::changing_mode;
    events_.emplace_back(say{"< rawmode >"});
  } else if (state_ == state::changing_mode && word == "ok") {
    state_ = state::open;
    answer_until_ = never;
    events_.emplace_back(opened{});
  } else if (word != "frame") {
    end(not_socketcand);
  }
}

void client::on_error(const std::vector<std::string_view>& words) {
  if (state_ == state::opening) return end("it has no bus " + bus_);
  if (state_ != state::open) return end("it refuses raw mode");
  // With a time it is an error frame; without one the answer to something that it does not know.
  if (words.size() != 3) return;
  controller_error found;
  const auto* const end = words[1].data() + words[1].size();
  const auto [rest, problem] = std::from_chars(words[1].data(), end, found.classes, 16);
  if (problem == std::errc{} && rest == end) events_.emplace_back(found);
}

void client::on_time(instant now) {
  if (now >= answer_until_) end("it does not answer as socketcand does");
}

void client::end(std::string reason) {
  if (state_ == state::ended) return;
  state_ = state::ended;
  answer_until_ = never;
  events_.emplace_back(give_up{std::move(reason)});
}

std::optional<client_event> client::poll() {
  if (events_.empty()) return std::nullopt;
  auto next = std::move(events_.front());
  events_.pop_front();
  return next;
}

}  // namespace canstage::socketcand
