#include "protocols/uds/procedure.hpp"

#include <utility>

#include "protocols/uds/dtc_reading.hpp"
#include "protocols/uds/message_text.hpp"
#include "protocols/uds/names.hpp"
#include "protocols/uds/service.hpp"
#include "protocols/uds/transfer_client.hpp"
#include "protocols/uds/unlock_client.hpp"

namespace canstage::uds {

void procedure::on_answer(byte_view answer) {
  if (state_ != state::running) return;
  if (request_.empty() || !answers_request(answer, request_[0])) {
    fail(stage_ + ": the answer belongs to another request: " + data_text(answer));
  } else if (answer[0] != negative_response) {
    busy_ = 0;
    take(answer);
  } else if (answer[2] == static_cast<std::uint8_t>(nrc::busy_repeat_request) && busy_ < busy_repetitions) {
    ++busy_;  // and asks again
  } else {
    fail(stage_ + " refused: " + nrc_name(answer[2]) + " (" + hex_text(answer[2], 1) + ')');
    refused_with_ = answer[2];
  }
}

void procedure::ask(bytes request, std::string stage) {
  request_ = std::move(request);
  stage_ = std::move(stage);
}

void procedure::succeed(std::string text) {
  state_ = state::succeeded;
  text_ = std::move(text);
}

void procedure::fail(std::string text) {
  state_ = state::failed;
  text_ = std::move(text);
}

void procedure::count(std::uint64_t done, std::uint64_t total) {
  done_ = done;
  total_ = total;
}

std::unique_ptr<procedure> make_procedure(const procedure_spec& what) {
  struct maker {
    std::unique_ptr<procedure> operator()(const unlock_spec& spec) const {
      return std::make_unique<unlock_client>(spec);
    }
    std::unique_ptr<procedure> operator()(const transfer_spec& spec) const {
      return std::make_unique<transfer_client>(spec);
    }
    std::unique_ptr<procedure> operator()(const dtc_reading_spec& spec) const {
      return std::make_unique<dtc_reading>(spec);
    }
  };
  return std::visit(maker{}, what);
}

}  // namespace canstage::uds
