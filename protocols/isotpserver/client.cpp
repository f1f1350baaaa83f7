#include "protocols/isotpserver/client.hpp"

#include <algorithm>
#include <utility>

namespace canstage::isotpserver {

instant client::deadline() const {
  const auto patience = writing_ || waiting_.empty() ? never : waiting_.front().until;
  return std::min(patience, input_.deadline());
}

void client::request(instant now, bytes sdu) {
  waiting_.push_back({std::move(sdu), now + patience_});
  write_next();
}

void client::on_connected() {
  connected_ = true;
  input_ = {};
  write_next();
}

void client::on_bytes(instant now, std::string_view input) {
  input_.on_bytes(input);
  while (auto message = input_.next(now)) events_.emplace_back(indication{*std::move(message)});
  if (!input_.problem().empty()) events_.emplace_back(give_up{input_.problem()});
}

void client::on_written() {
  if (std::exchange(writing_, false)) end(isotp::n_result::n_ok);
  write_next();
}

void client::on_lost() {
  connected_ = false;
  input_ = {};
  if (std::exchange(writing_, false)) end(isotp::n_result::n_timeout_a);
}

void client::on_time(instant now) {
  input_.on_time(now);
  if (!input_.problem().empty()) events_.emplace_back(give_up{input_.problem()});
  while (!writing_ && !waiting_.empty() && now >= waiting_.front().until) end(isotp::n_result::n_timeout_a);
  write_next();
}

void client::reset() {
  waiting_.clear();
  writing_ = false;
  std::erase_if(events_, [](const client_event& one) { return std::holds_alternative<confirm>(one); });
}

void client::write_next() {
  while (!writing_ && !waiting_.empty()) {
    const auto& sdu = waiting_.front().sdu;
    if (sdu.empty() || sdu.size() > longest_message) {
      end(isotp::n_result::n_error);
      continue;
    }
    if (!connected_) return;
    std::string text;
    append_message(text, sdu);
    writing_ = true;
    events_.emplace_back(say{std::move(text)});
  }
}

void client::end(isotp::n_result result) {
  waiting_.pop_front();
  events_.emplace_back(confirm{result});
}

std::optional<client_event> client::poll() {
  if (events_.empty()) return std::nullopt;
  auto next = std::move(events_.front());
  events_.pop_front();
  return next;
}

}  // namespace canstage::isotpserver
