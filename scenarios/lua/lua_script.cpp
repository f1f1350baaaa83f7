#include "scenarios/lua/lua_script.hpp"

#include <algorithm>
#include <array>
#include <lua.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "scenarios/lua/lua_sandbox.hpp"

namespace canstage::scenarios {

namespace {

std::string chunk_name(const lua_source& source) { return "=" + source.file; }

/// Lua counts lines from the begin of what it is given.
std::string placed(const lua_source& source) { return std::string(source.line - 1, '\n') + source.text; }

constexpr const char* context_name = "context";

/// ctx.random(n) gives 1 to n, ctx.random(m, n) gives m to n.
int draw(lua_State* state) {
  auto* randomness = static_cast<random_stream*>(lua_touserdata(state, lua_upvalueindex(1)));
  const lua_Integer low = lua_gettop(state) > 1 ? luaL_checkinteger(state, 1) : 1;
  const lua_Integer high = luaL_checkinteger(state, lua_gettop(state) > 1 ? 2 : 1);
  if (high < low) return luaL_error(state, "random needs a range that is not empty");
  lua_pushinteger(state, randomness->between(low, high));
  return 1;
}

}  // namespace

/// One call into Lua, all of it plain: Lua may jump over it.
struct lua_script::call {
  const char* function = nullptr;
  const uds::script_context* at = nullptr;
  random_stream* randomness = nullptr;
  const char* ecu = nullptr;
  int number = -1;                     ///< security level or DID; -1: no such argument
  const std::uint8_t* data = nullptr;  ///< null: no such argument
  std::size_t size = 0;

  static int enter(lua_State* state) {
    const auto& what = *static_cast<const call*>(lua_touserdata(state, 1));
    if (lua_getglobal(state, what.function) != LUA_TFUNCTION) {
      lua_pushnil(state);
      return 1;
    }
    int arguments = 1;
    if (what.number >= 0) {
      lua_pushinteger(state, what.number);
      ++arguments;
    }
    if (what.data != nullptr) {
      lua_pushlstring(state, reinterpret_cast<const char*>(what.data), what.size);
      ++arguments;
    }
    push_context(state, what);
    lua_call(state, arguments, 1);
    return 1;
  }

  /// The line in which the function begins.
  static int find(lua_State* state) {
    const auto& what = *static_cast<const call*>(lua_touserdata(state, 1));
    lua_Debug about{};
    if (lua_getglobal(state, what.function) == LUA_TFUNCTION) lua_getinfo(state, ">S", &about);
    lua_pushinteger(state, about.linedefined);
    return 1;
  }

  /// One table for all calls, filled anew for each.
  static void push_context(lua_State* state, const call& what) {
    if (lua_getfield(state, LUA_REGISTRYINDEX, context_name) != LUA_TTABLE) {
      lua_pop(state, 1);
      lua_newtable(state);
      lua_pushvalue(state, -1);
      lua_setfield(state, LUA_REGISTRYINDEX, context_name);
    }
    lua_pushlightuserdata(state, what.randomness);
    lua_pushcclosure(state, draw, 1);
    lua_setfield(state, -2, "random");
    lua_pushstring(state, what.ecu);
    lua_setfield(state, -2, "ecu");
    const auto ns = what.at->now.time_since_epoch().count();
    lua_pushinteger(state, ns);
    lua_setfield(state, -2, "ns");
    lua_pushnumber(state, static_cast<lua_Number>(ns) / 1e6);
    lua_setfield(state, -2, "ms");
    lua_pushinteger(state, what.at->diagnostic_session);
    lua_setfield(state, -2, "diagnostic_session");
    lua_pushinteger(state, what.at->security_level);
    lua_setfield(state, -2, "security_level");
    lua_pushboolean(state, what.at->functional ? 1 : 0);
    lua_setfield(state, -2, "functional");
  }
};

std::optional<lua_problem> check_syntax(const lua_source& source) {
  const std::unique_ptr<lua_State, decltype(&lua_close)> state{luaL_newstate(), lua_close};
  if (!state) throw std::runtime_error{"there is no memory for a state of Lua"};
  const std::string text = placed(source);
  if (luaL_loadbufferx(state.get(), text.data(), text.size(), "=script", "t") == LUA_OK) return std::nullopt;
  const std::string message = lua_tostring(state.get(), -1);
  // "script:12: unexpected symbol near 'end'"
  lua_problem problem{0, message};
  const auto colon = message.find(':');
  const auto second = colon == std::string::npos ? colon : message.find(": ", colon + 1);
  if (second == std::string::npos) return problem;
  unsigned line = 0;
  for (std::size_t at = colon + 1; at < second; ++at)
    if (message[at] >= '0' && message[at] <= '9') line = line * 10 + static_cast<unsigned>(message[at] - '0');
  return lua_problem{line, message.substr(second + 2)};
}

namespace {

constexpr std::array known_functions{"on_request", "read_did", "seed", "key", "on_power_on"};

bool is_function(lua_State* state, const char* name) {
  const bool found = lua_getglobal(state, name) == LUA_TFUNCTION;
  lua_pop(state, 1);
  return found;
}

/// The first by name of the functions that begin like one that is called, but are none; empty: none.
std::string find_stranger(lua_State* state) {
  std::string first;
  lua_pushglobaltable(state);
  for (lua_pushnil(state); lua_next(state, -2) != 0; lua_pop(state, 1)) {
    if (lua_type(state, -2) != LUA_TSTRING || !lua_isfunction(state, -1)) continue;
    const std::string name = lua_tostring(state, -2);
    const bool known =
        std::find(known_functions.begin(), known_functions.end(), name) != known_functions.end();
    if (name.starts_with("on_") && !known && (first.empty() || name < first)) first = name;
  }
  lua_pop(state, 1);
  return first;
}

unsigned line_of_function(lua_State* state, const std::string& name) {
  lua_Debug about{};
  lua_getglobal(state, name.c_str());
  lua_getinfo(state, ">S", &about);
  return static_cast<unsigned>(std::max(about.linedefined, 0));
}

}  // namespace

std::optional<lua_problem> check_functions(const lua_source& source) {
  lua_sandbox lua{lua_limits{}};
  std::string unused;
  if (!lua.run(placed(source), chunk_name(source), unused)) return std::nullopt;
  lua_State* const state = lua.state();
  const std::string all = "on_request, read_did, seed, key and on_power_on";
  if (const std::string stranger = find_stranger(state); !stranger.empty())
    return lua_problem{line_of_function(state, stranger),
                       "nobody calls the function '" + stranger + "'; those that are called are " + all};
  const bool any = std::any_of(known_functions.begin(), known_functions.end(),
                               [state](const char* name) { return is_function(state, name); });
  if (any) return std::nullopt;
  return lua_problem{source.line, "the script has none of the functions that are called: " + all};
}

lua_script::lua_script(std::shared_ptr<const lua_source> source, std::string ecu, random_stream randomness,
                       report_error report)
    : source_(std::move(source)),
      ecu_(std::move(ecu)),
      randomness_(randomness),
      report_(std::move(report)),
      lua_(std::make_unique<lua_sandbox>(lua_limits{})) {
  std::string problem;
  if (lua_->run(placed(*source_), chunk_name(*source_), problem)) return;
  report_(instant{}, problem);
  lua_.reset();
}

lua_script::~lua_script() = default;

void lua_script::power_on(const uds::script_context& at) {
  call what{.function = "on_power_on", .at = &at};
  if (invoke(what)) lua_pop(lua_->state(), 1);
}

std::optional<uds::script_answer> lua_script::on_request(byte_view request, const uds::script_context& at) {
  call what{.function = "on_request", .at = &at, .data = request.data(), .size = request.size()};
  if (!invoke(what)) return std::nullopt;
  lua_State* const state = lua_->state();
  std::optional<uds::script_answer> result;
  if (lua_type(state, -1) == LUA_TSTRING) {
    std::size_t size = 0;
    const auto* data = reinterpret_cast<const std::uint8_t*>(lua_tolstring(state, -1, &size));
    result = uds::script_answer{bytes(data, data + size), 0};
  } else if (lua_isinteger(state, -1) != 0 && lua_tointeger(state, -1) > 0 &&
             lua_tointeger(state, -1) <= 0xFF) {
    result = uds::script_answer{{}, static_cast<std::uint8_t>(lua_tointeger(state, -1))};
  } else if (lua_type(state, -1) != LUA_TNIL) {
    complain(what,
             std::string{"on_request gives bytes as a string, an NRC from 1 to 255 or nil, not a "} +
                 lua_typename(state, lua_type(state, -1)),
             false);
  }
  lua_settop(state, 0);
  return result;
}

std::optional<bytes> lua_script::read_did(std::uint16_t did, const uds::script_context& at) {
  call what{.function = "read_did", .at = &at, .number = did};
  return bytes_of(what);
}

std::optional<bytes> lua_script::seed(std::uint8_t level, const uds::script_context& at) {
  call what{.function = "seed", .at = &at, .number = level};
  return bytes_of(what);
}

std::optional<bytes> lua_script::key(std::uint8_t level, byte_view seed, const uds::script_context& at) {
  call what{.function = "key", .at = &at, .number = level, .data = seed.data(), .size = seed.size()};
  return bytes_of(what);
}

std::optional<bytes> lua_script::bytes_of(call& what) {
  if (!invoke(what)) return std::nullopt;
  lua_State* const state = lua_->state();
  std::optional<bytes> result;
  if (lua_type(state, -1) == LUA_TSTRING) {
    std::size_t size = 0;
    const auto* data = reinterpret_cast<const std::uint8_t*>(lua_tolstring(state, -1, &size));
    result.emplace(data, data + size);
  } else if (lua_type(state, -1) != LUA_TNIL) {
    complain(what,
             std::string{what.function} + " gives bytes as a string or nil, not a " +
                 lua_typename(state, lua_type(state, -1)),
             false);
  }
  lua_settop(state, 0);
  return result;
}

bool lua_script::invoke(call& what) {
  if (!lua_) return false;
  what.randomness = &randomness_;
  what.ecu = ecu_.c_str();
  std::string problem;
  if (lua_->call(call::enter, &what, problem)) return true;
  // Lua does not know the line of an error behind a tail call, or without memory.
  const bool placed_already = problem.starts_with(source_->file + ":");
  complain(what, placed_already ? problem : std::string{what.function} + ": " + problem, placed_already);
  return false;
}

/// With the line of the function unless the text has one.
void lua_script::complain(call& what, const std::string& text, bool placed_already) {
  std::string place;
  std::string unknown;
  if (!placed_already && lua_->call(call::find, &what, unknown)) {
    place = source_->file + ":" + std::to_string(lua_tointeger(lua_->state(), -1)) + ": ";
    lua_pop(lua_->state(), 1);
  }
  report_(what.at->now, place + text);
}

}  // namespace canstage::scenarios
