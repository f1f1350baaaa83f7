#include "protocols/isotp/kernel_service.hpp"

#include <algorithm>
#include <utility>

#include "protocols/isotp/n_pdu.hpp"

namespace canstage::isotp {

namespace {

using namespace std::chrono_literals;

/// The socket's N_Cr and N_Bs.
constexpr duration socket_timeout = 1s;

/// It says the same of a flow control that is missing for 1 s and of an own frame that did not get onto the
/// bus within 2 s.
constexpr duration longest_n_bs = 1500ms;

/// A full queue of the interface has room again after about this time.
constexpr duration retry_interval = 1ms;

parameters as_the_kernel(parameters settings) {
  settings.compat = compatibility::linux_6_1();
  settings.check_padding = padding_check::none;
  return settings;
}

using address_byte = std::optional<std::uint8_t>;

/// Whether a frame has that address, and something behind it.
bool is_for(const can::frame& f, can::identifier id, address_byte byte) {
  if (f.id != id || f.flags.remote) return false;
  const auto data = f.payload();
  return data.size() > (byte ? 1U : 0U) && (!byte || data[0] == *byte);
}

received_frame behind(const can::frame& f, address_byte byte) {
  return {f.payload(), byte ? std::size_t{1} : 0};
}

}  // namespace

kernel_service::kernel_service(const addressing& address, const parameters& settings)
    : address_(address), settings_(as_the_kernel(settings)) {
  if (address.functional_rx) functional_.emplace(address, std::make_shared<const parameters>(settings), 1U);
}

instant kernel_service::deadline() const {
  auto next = receiving_ ? receiving_->latest + socket_timeout + n_cr_margin : never;
  if (!requests_.empty() && !under_way_ && retry_at_ != instant::min()) next = std::min(next, retry_at_);
  return next;
}

void kernel_service::request(instant now, bytes sdu, target_type target) {
  if (target == target_type::functional && !address_.functional_tx) {
    outputs_.push_back({confirm{n_result::n_error, target}, now});
    return;
  }
  requests_.push_back({std::move(sdu), target, now});
}

void kernel_service::on_written(instant now, write_end how) {
  switch (how) {
    case write_end::taken:
      under_way_ = true;
      latest_own_.reset();
      failure_.reset();
      break;
    case write_end::busy:
      blocked_ = true;
      break;
    case write_end::full:
      retry_at_ = now + retry_interval;
      if (now - requests_.front().since >= settings_.n_as) end_request(now, n_result::n_timeout_a);
      break;
    case write_end::failed:
      end_request(now, n_result::n_error);
      break;
  }
}

void kernel_service::on_frame(instant at, const can::frame& f) {
  if (functional_ && is_for(f, *address_.functional_rx, address_.functional_rx_address_byte)) {
    on_functional_frame(at, f);
  } else if (const auto own = own_frame(f)) {
    on_own_frame(at, *own);
  } else if (is_for(f, address_.rx, address_.rx_address_byte)) {
    on_peer_frame(at, behind(f, address_.rx_address_byte));
  }
}

bool kernel_service::is_own_data(const can::frame& f) const {
  const auto own = own_frame(f);
  return own && own->type() != pci_type::flow_control;
}

std::optional<received_frame> kernel_service::own_frame(const can::frame& f) const {
  if (address_.functional_tx && is_for(f, *address_.functional_tx, address_.functional_tx_address_byte))
    return behind(f, address_.functional_tx_address_byte);
  if (is_for(f, address_.tx, address_.tx_address_byte)) return behind(f, address_.tx_address_byte);
  return std::nullopt;
}

void kernel_service::on_own_frame(instant at, const received_frame& f) {
  if (f.type() != pci_type::flow_control) {
    if (under_way_) latest_own_ = at;
    return;
  }
  const bool refused = (f.pdu()[0] & 0x0F) == static_cast<std::uint8_t>(flow_status::ovflw);
  const auto begun = std::exchange(offered_, std::nullopt);
  if (!begun || refused) return;
  // The socket drops the old message without a word (ISOTP-031).
  break_off(begun->began, n_result::n_unexp_pdu);
  receiving_ = begun;
  outputs_.push_back({first_frame_indication{begun->length}, begun->began});
}

void kernel_service::on_peer_frame(instant at, const received_frame& f) {
  if (f.type() == pci_type::consecutive && receiving_) receiving_->latest = at;
  if (f.type() != pci_type::first) return;
  offered_.reset();
  if (const auto first = read_first(f, settings_)) offered_ = reception{at, at, first->ff_dl};
}

void kernel_service::on_functional_frame(instant at, const can::frame& f) {
  functional_->on_frame(at, f);
  for (event next; functional_->poll(at, next);) {
    if (auto* message = next.get_if<indication>()) outputs_.push_back({std::move(*message), at});
  }
}

void kernel_service::on_message(instant at, bytes sdu) {
  // A single frame in the middle of a message has ended that.
  if (receiving_ && receiving_->length != sdu.size()) break_off(at, n_result::n_unexp_pdu);
  if (offered_ && offered_->length == sdu.size()) offered_.reset();
  receiving_.reset();
  outputs_.push_back({indication{std::move(sdu), n_result::n_ok, target_type::physical}, at});
}

error_side kernel_service::concerned(error_side side, bool idle) const {
  if (side != error_side::either) return side;
  return under_way_ && idle ? error_side::sending : error_side::receiving;
}

void kernel_service::on_error(instant now, error_side side, n_result result) {
  if (side == error_side::receiving)
    return break_off(now, result == n_result::n_invalid_fs ? n_result::n_error : result);
  if (!under_way_) return;
  const bool too_late = !latest_own_ || now - *latest_own_ > longest_n_bs;
  failure_ = result == n_result::n_timeout_bs && too_late ? n_result::n_timeout_a : result;
}

void kernel_service::on_idle(instant now) {
  blocked_ = false;
  if (!under_way_) return;
  under_way_ = false;
  const auto result = std::exchange(failure_, std::nullopt).value_or(n_result::n_ok);
  end_request(result == n_result::n_ok ? latest_own_.value_or(now) : now, result);
}

void kernel_service::on_down(instant now) {
  under_way_ = blocked_ = false;
  offered_.reset();
  break_off(now, n_result::n_timeout_cr);
  while (!requests_.empty()) end_request(now, n_result::n_timeout_a);
}

void kernel_service::on_time(instant now) {
  if (receiving_ && now >= receiving_->latest + socket_timeout + n_cr_margin)
    break_off(now, n_result::n_timeout_cr);
}

void kernel_service::reset() {
  requests_.clear();
  outputs_.clear();
  under_way_ = blocked_ = false;
  retry_at_ = instant::min();
  offered_.reset();
  receiving_.reset();
  if (functional_) functional_->reset();
}

void kernel_service::end_request(instant at, n_result result) {
  outputs_.push_back({confirm{result, requests_.front().target}, at});
  requests_.pop_front();
  retry_at_ = instant::min();
}

void kernel_service::break_off(instant at, n_result result) {
  if (!receiving_) return;
  receiving_.reset();
  outputs_.push_back({indication{{}, result, target_type::physical}, at});
}

bool kernel_service::may_write(instant now) const {
  if (requests_.empty() || under_way_ || blocked_ || now < retry_at_) return false;
  return settings_.duplex == duplex_mode::full || !receiving_;
}

bool kernel_service::poll(instant now, service_event& next, instant& at) {
  if (!outputs_.empty()) {
    auto first = std::move(outputs_.front());
    outputs_.pop_front();
    at = first.at;
    std::visit([&](auto& what) { next = std::move(what); }, first.what);
    return true;
  }
  if (!may_write(now)) return false;
  at = now;
  next = socket_write{requests_.front().sdu};
  return true;
}

}  // namespace canstage::isotp
