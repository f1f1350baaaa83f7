// The script of an ECU, in Lua: computed answers, seeds and keys.
//
//   function on_request(request, ctx)      -- bytes as a string, an NRC as a number, or nil: the tables
//   function read_did(did, ctx)            -- bytes, or nil: as configured
//   function seed(level, ctx)              -- bytes, or nil: as configured
//   function key(level, seed, ctx)         -- bytes, or nil: as configured
//   function on_power_on(ctx)              -- after power-on and every reset
//
// Globals live as long as the ECU. An error is reported and the ECU behaves as without a script for that
// request; nothing that a script does ends the program.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "protocols/random.hpp"
#include "protocols/uds/script.hpp"
#include "scenarios/lua/lua_source.hpp"

namespace canstage::scenarios {

class lua_sandbox;

struct lua_problem {
  unsigned line = 0;  ///< of the file; 0: unknown
  std::string text;
};

/// What is wrong with a script that does not compile.
std::optional<lua_problem> check_syntax(const lua_source& source);

/// What is wrong with a script that compiles, but has no function that anybody calls, or one whose name looks
/// as if it were called. A script that does not even begin is told when it is played.
std::optional<lua_problem> check_functions(const lua_source& source);

class lua_script final : public uds::script {
 public:
  /// "engine.lua:3: attempt to index a nil value"
  using report_error = std::function<void(instant now, const std::string& text)>;

  lua_script(std::shared_ptr<const lua_source> source, std::string ecu, random_stream randomness,
             report_error report);
  ~lua_script() override;

  void power_on(const uds::script_context& at) override;
  std::optional<uds::script_answer> on_request(byte_view request, const uds::script_context& at) override;
  std::optional<bytes> read_did(std::uint16_t did, const uds::script_context& at) override;
  std::optional<bytes> seed(std::uint8_t level, const uds::script_context& at) override;
  std::optional<bytes> key(std::uint8_t level, byte_view seed, const uds::script_context& at) override;

 private:
  struct call;

  bool invoke(call& what);
  std::optional<bytes> bytes_of(call& what);
  void complain(call& what, const std::string& text, bool placed_already);

  std::shared_ptr<const lua_source> source_;
  std::string ecu_;
  random_stream randomness_;
  report_error report_;
  std::unique_ptr<lua_sandbox> lua_;  ///< null: the script does not even begin
};

}  // namespace canstage::scenarios
