// Lua is C and leaves its functions by longjmp: nothing with a destructor lives in a function that it
// calls.
#include "scenarios/lua/lua_sandbox.hpp"

#include <cstdlib>
#include <stdexcept>

namespace canstage::scenarios {

namespace {

/// How often the instructions are counted.
constexpr int count_interval = 1000;

/// What of Lua's libraries is safe, deterministic, and over soon.
constexpr const char* prelude = R"lua(
local next, type, sort, raw_tostring, raw_format = next, type, table.sort, tostring, string.format
local find, select, pack, unpack, error = string.find, select, table.pack, table.unpack, error
local ranks = { boolean = 1, number = 2, string = 3 }

local function before(a, b)
  local ta, tb = type(a), type(b)
  if ta ~= tb then return ranks[ta] < ranks[tb] end
  if ta == "boolean" then return not a and b end
  return a < b
end

local function plain(value)
  local kind = type(value)
  if kind == "nil" or ranks[kind] then return raw_tostring(value) end
  return kind
end

local allowed = {
  assert = assert, error = error, ipairs = ipairs, select = select, tonumber = tonumber, type = type,
  tostring = plain,
  pairs = function(t)
    local keys = {}
    for key in next, t do
      if not ranks[type(key)] then error("pairs goes through keys that are numbers, strings or booleans", 2) end
      keys[#keys + 1] = key
    end
    sort(keys, before)
    local i = 0
    return function()
      i = i + 1
      local key = keys[i]
      if key ~= nil then return key, t[key] end
    end
  end,
  math = {}, utf8 = utf8, table = {}, string = {},
}
for _, name in ipairs { "abs", "ceil", "floor", "fmod", "huge", "max", "maxinteger", "min", "mininteger", "modf",
                        "pi", "sqrt", "tointeger", "type", "ult", "exp", "log", "sin", "cos", "tan" } do
  allowed.math[name] = math[name]
end
for _, name in ipairs { "concat", "insert", "pack", "remove", "sort", "unpack" } do
  allowed.table[name] = table[name]
end
for _, name in ipairs { "byte", "char", "len", "lower", "pack", "packsize", "rep", "reverse", "sub", "unpack",
                        "upper" } do
  allowed.string[name] = string[name]
end
allowed.string.format = function(format, ...)
  if find(format, "%p", 1, true) then error("%p prints an address, which is another one in every run", 2) end
  local values = pack(...)
  for i = 1, values.n do
    if type(values[i]) == "table" or type(values[i]) == "function" then values[i] = plain(values[i]) end
  end
  return raw_format(format, unpack(values, 1, values.n))
end
utf8.gmatch = nil
function allowed.hex(text)
  local digits, result = "", {}
  for i = 1, #text do
    local c = text:sub(i, i)
    if c ~= " " then digits = digits .. c end
    if #digits == 2 then
      local value = tonumber(digits, 16)
      if not value then error("'" .. digits .. "' is no byte in hex", 2) end
      result[#result + 1] = string.char(value)
      digits = ""
    end
  end
  if digits ~= "" then error("a byte in hex has two digits", 2) end
  return table.concat(result)
end
function allowed.tohex(data)
  local result = {}
  for i = 1, #data do result[i] = raw_format("%02X", data:byte(i)) end
  return table.concat(result, " ")
end
getmetatable("").__index = allowed.string
for name in next, _G do if name ~= "_G" then _G[name] = nil end end
for name, value in next, allowed do _G[name] = value end
_G._G = nil
)lua";

int open_libraries(lua_State* state) {
  for (const luaL_Reg& library : {luaL_Reg{LUA_GNAME, luaopen_base},
                                  {LUA_TABLIBNAME, luaopen_table},
                                  {LUA_STRLIBNAME, luaopen_string},
                                  {LUA_MATHLIBNAME, luaopen_math},
                                  {LUA_UTF8LIBNAME, luaopen_utf8}}) {
    luaL_requiref(state, library.name, library.func, 1);
    lua_pop(state, 1);
  }
  if (luaL_loadbufferx(state, prelude, std::char_traits<char>::length(prelude), "=prelude", "t") != LUA_OK)
    return lua_error(state);
  lua_call(state, 0, 0);
  lua_pushnil(state);
  return 1;
}

struct chunk {
  const char* text;
  std::size_t length;
  const char* name;
};

int run_chunk(lua_State* state) {
  const auto* what = static_cast<const chunk*>(lua_touserdata(state, 1));
  if (luaL_loadbufferx(state, what->text, what->length, what->name, "t") != LUA_OK) return lua_error(state);
  lua_call(state, 0, 0);
  lua_pushnil(state);
  return 1;
}

/// The instructions that are left, beside the state.
int& left(lua_State* state) { return *static_cast<int*>(lua_getextraspace(state)); }

static_assert(sizeof(int) <= LUA_EXTRASPACE);

}  // namespace

lua_sandbox::lua_sandbox(const lua_limits& limits) : limits_(limits), state_(lua_newstate(allocate, this)) {
  if (!state_) throw std::runtime_error{"there is no memory for a state of Lua"};
  lua_sethook(state(), count, LUA_MASKCOUNT, count_interval);
  std::string problem;
  if (!call(open_libraries, nullptr, problem)) throw std::runtime_error{"Lua does not begin: " + problem};
  lua_pop(state(), 1);
}

bool lua_sandbox::call(lua_CFunction what, void* argument, std::string& problem) {
  left(state()) = limits_.instructions;
  lua_settop(state(), 0);
  // Without upvalues and for a pointer these two need no memory, so that they cannot fail.
  lua_pushcfunction(state(), what);
  lua_pushlightuserdata(state(), argument);
  if (lua_pcall(state(), 1, 1, 0) == LUA_OK) return true;
  problem = take_error();
  return false;
}

bool lua_sandbox::run(const std::string& text, const std::string& name, std::string& problem) {
  chunk what{text.data(), text.size(), name.c_str()};
  if (!call(run_chunk, &what, problem)) return false;
  lua_pop(state(), 1);
  return true;
}

void* lua_sandbox::allocate(void* self, void* block, std::size_t old_size, std::size_t new_size) {
  auto& box = *static_cast<lua_sandbox*>(self);
  if (block == nullptr) old_size = 0;  // then it says what kind of object it is for
  if (new_size == 0) {
    std::free(block);
    box.used_ -= old_size;
    return nullptr;
  }
  if (new_size > old_size && box.used_ - old_size + new_size > box.limits_.memory) return nullptr;
  void* const moved = std::realloc(block, new_size);
  if (moved != nullptr) box.used_ += new_size - old_size;
  return moved;
}

void lua_sandbox::count(lua_State* state, lua_Debug* where) {
  left(state) -= count_interval;
  if (left(state) > 0) return;
  lua_getinfo(state, "Sl", where);
  lua_pushfstring(state, "%s:%d: stopped, it does not come to an end", where->short_src, where->currentline);
  lua_error(state);
}

std::string lua_sandbox::take_error() {
  // Converting anything else to text could fail in turn.
  std::string text =
      lua_type(state(), -1) == LUA_TSTRING ? lua_tostring(state(), -1) : "an error without text";
  lua_pop(state(), 1);
  return text;
}

}  // namespace canstage::scenarios
