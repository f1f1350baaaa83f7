// A state of Lua 5.4 in which a script can compute and nothing else.
//
// Rules:
//  - No files, no modules, no debug library, no clock, no random numbers of Lua's own, no coroutines and
//    no pcall: what a script does is bounded by `limits` and depends on nothing but its inputs.
//  - `pairs` goes through a table in the order of its keys, and `tostring` prints no address: Lua's own
//    do not give the same in every run.
//  - No patterns (string.find, match, gmatch, gsub): a bad one runs for ever where no limit can see it.
#pragma once

#include <cstddef>
#include <lua.hpp>
#include <memory>
#include <string>

namespace canstage::scenarios {

struct lua_limits {
  int instructions = 1'000'000;          ///< of the virtual machine, per call from outside
  std::size_t memory = 8 * 1024 * 1024;  ///< bytes, all that the state holds
};

class lua_sandbox {
 public:
  explicit lua_sandbox(const lua_limits& limits);
  lua_sandbox(const lua_sandbox&) = delete;
  lua_sandbox& operator=(const lua_sandbox&) = delete;

  lua_State* state() { return state_.get(); }

  /// Calls `what` with `argument` in protected mode. True: one value is on the stack. False: nothing
  /// is, and `problem` says what was wrong, with chunk and line where Lua knows them.
  bool call(lua_CFunction what, void* argument, std::string& problem);

  /// Compiles and runs a chunk; `name` as Lua wants it ("=engine.lua").
  bool run(const std::string& text, const std::string& name, std::string& problem);

 private:
  struct closer {
    void operator()(lua_State* state) const { lua_close(state); }
  };

  static void* allocate(void* self, void* block, std::size_t old_size, std::size_t new_size);
  static void count(lua_State* state, lua_Debug* where);
  std::string take_error();

  lua_limits limits_;
  std::size_t used_ = 0;
  std::unique_ptr<lua_State, closer> state_;
};

}  // namespace canstage::scenarios
