#include "scenarios/real_nodes.hpp"

#include <string>
#include <utility>
#include <variant>

namespace canstage::scenarios {

namespace {

class search {
 public:
  explicit search(const scenario& play) : play_(play) {}

  std::vector<beyond> all() {
    look_at(play_.steps);
    return std::move(found_);
  }

 private:
  void look_at(const step_list& steps) {
    for (const auto& one : steps) {
      if (const auto* loop = std::get_if<repeat_step>(&one.what)) look_at(loop->steps);
      if (const auto* fork = std::get_if<parallel_step>(&one.what))
        for (const auto& branch : fork->branches) look_at(branch);
      if (const auto* each = std::get_if<for_each_step>(&one.what))
        for (const auto& round : each->rounds) look_at(round);
      if (const auto* power = std::get_if<power_step>(&one.what))
        look_at(one, play_.ecus[power->ecu], "switch");
      if (const auto* wait = std::get_if<wait_answer_step>(&one.what)) look_at(one, wait->ask);
      if (const auto* reset = std::get_if<reset_step>(&one.what))
        look_at(one, play_.ecus[reset->ecu], "reset");
      if (const auto* set = std::get_if<set_step>(&one.what)) look_at(one, play_.ecus[set->ecu], "change");
      if (const auto* change = std::get_if<change_parameter_step>(&one.what)) look_at(one, *change);
      if (const auto* request = std::get_if<request_step>(&one.what)) look_at(one, *request);
    }
  }

  void look_at(const step& one, const ecu& who, const std::string& verb) {
    if (who.real) found_.push_back({one.where, who.name + " is real: nobody here can " + verb + " it"});
  }

  void look_at(const step& one, const change_parameter_step& change) {
    if (change.at.what == party::kind::ecu) return look_at(one, play_.ecus[change.at.index], "change");
    const auto& who = play_.endpoints[change.at.index];
    if (who.real) found_.push_back({one.where, who.name + " is real: nobody here can change it"});
  }

  void look_at(const step& one, const request_step& request) {
    if (request.from.what != party::kind::endpoint) return;
    const auto& who = play_.endpoints[request.from.index];
    if (who.real) found_.push_back({one.where, who.name + " is real: no step can send in its name"});
  }

  const scenario& play_;
  std::vector<beyond> found_;
};

}  // namespace

std::vector<beyond> beyond_reach(const scenario& play) { return search{play}.all(); }

}  // namespace canstage::scenarios
