// Scripts of ECUs: what they can, what they cannot, and how they end.
#include "scenarios/lua/lua_script.hpp"

#include <chrono>
#include <vector>

#include "catch2/catch.hpp"

namespace canstage::scenarios {
namespace {

using namespace std::chrono_literals;

/// One ECU's script, and what was complained about.
struct scripted {
  std::vector<std::string> errors;
  lua_script script;

  explicit scripted(std::string text, std::uint64_t seed = 1, unsigned line = 1)
      : script{std::make_shared<lua_source>(lua_source{std::move(text), "engine.lua", line}), "engine",
               random_stream{seed, "script engine"},
               [this](instant, const std::string& error) { errors.push_back(error); }} {}

  static uds::script_context at(duration time = 5ms) { return {instant{time}, 3, 1, false}; }

  /// "62 F1 90", "NRC 31" or "nil".
  std::string ask(const bytes& request = {0x22, 0xF1, 0x90}, const uds::script_context& context = at()) {
    const auto answer = script.on_request(request, context);
    if (!answer) return "nil";
    return answer->nrc_code != 0 ? "NRC " + to_hex(bytes{answer->nrc_code}) : to_hex(answer->reply);
  }
};

std::string error_of(const std::string& text) {
  scripted engine{text};
  CHECK(engine.ask() == "nil");
  REQUIRE(engine.errors.size() == 1);
  return engine.errors.front();
}

TEST_CASE("bytes are an answer, a number is an NRC, nil leaves it to the tables", "[lua]") {
  scripted engine{R"(
function on_request(request, ctx)
  if request == hex("22 F1 90") then return hex("62 F1 90 41") end
  if request:byte(1) == 0x31 then return 0x22 end
  if request:byte(1) == 0x3E then return "" end
end)"};
  CHECK(engine.ask() == "62 F1 90 41");
  CHECK(engine.ask({0x31, 0x01}) == "NRC 22");
  CHECK(engine.ask({0x3E, 0x00}).empty());
  CHECK(engine.ask({0x10, 0x01}) == "nil");
  CHECK(engine.errors.empty());
}

TEST_CASE("globals are what an ECU remembers, and each has its own", "[lua]") {
  const char* text = "n = 0 function on_request() n = n + 1 return string.char(n) end";
  scripted one{text};
  scripted other{text};
  CHECK(one.ask() == "01");
  CHECK(one.ask() == "02");
  CHECK(other.ask() == "01");
}

TEST_CASE("the context says what time it is, who asks, and draws numbers", "[lua]") {
  scripted engine{R"(
function on_request(request, ctx)
  return string.format("%s %d %d %d %s", ctx.ecu, ctx.ns, ctx.diagnostic_session, ctx.security_level, ctx.functional)
end)"};
  const auto answer = engine.script.on_request(bytes{0x22}, scripted::at(1500us));
  REQUIRE(answer);
  CHECK(std::string(answer->reply.begin(), answer->reply.end()) == "engine 1500000 3 1 false");

  const char* draws = "function on_request(r, ctx) return string.char(ctx.random(10, 20), ctx.random(3)) end";
  scripted first{draws, 1};
  scripted again{draws, 1};
  scripted otherwise{draws, 2};
  std::string of_first, of_again, of_otherwise;
  for (int i = 0; i < 20; ++i) {
    of_first += first.ask();
    of_again += again.ask();
    of_otherwise += otherwise.ask();
  }
  CHECK(of_first == of_again);
  CHECK(of_first != of_otherwise);
}

TEST_CASE("seeds and keys can be computed", "[lua]") {
  scripted engine{R"(
function seed(level, ctx) if level == 1 then return hex("11 22") end end
function key(level, seed, ctx) return seed:reverse() end)"};
  CHECK(to_hex(engine.script.seed(1, scripted::at()).value()) == "11 22");
  CHECK_FALSE(engine.script.seed(3, scripted::at()));
  CHECK(to_hex(engine.script.key(1, bytes{0x11, 0x22}, scripted::at()).value()) == "22 11");
}

TEST_CASE("a script hears of power-on", "[lua]") {
  scripted engine{"n = 5 function on_power_on() n = 0 end function on_request() return string.char(n) end"};
  CHECK(engine.ask() == "05");
  engine.script.power_on(scripted::at());
  CHECK(engine.ask() == "00");
}

TEST_CASE("an error is told with its line, and the tables answer", "[lua]") {
  CHECK(error_of("function on_request(r)\n local x = nil\n return x.y\nend") ==
        "engine.lua:3: attempt to index a nil value (local 'x')");
  CHECK(error_of("function on_request(r)\n error('no way')\nend") == "engine.lua:2: no way");
  CHECK(error_of("function on_request() return {} end") ==
        "engine.lua:1: on_request gives bytes as a string, an NRC from 1 to 255 or nil, not a table");
  CHECK(error_of("\nfunction on_request() return hex('6') end") ==
        "engine.lua:2: on_request: a byte in hex has two digits");
  CHECK(error_of("\n\nx.y = 1") == "engine.lua:3: attempt to index a nil value (global 'x')");
  scripted inside{"function on_request() error('here') end", 1, 17};
  inside.ask();
  CHECK(inside.errors.at(0) == "engine.lua:17: here");
}

TEST_CASE("a script that runs away is stopped, and the next request is answered", "[lua]") {
  scripted engine{"function on_request(r)\n if r:byte(1) == 1 then while true do end end\n return 'x' end"};
  CHECK(engine.ask({0x01}) == "nil");
  CHECK(engine.errors.at(0) == "engine.lua:2: stopped, it does not come to an end");
  CHECK(engine.ask({0x02}) == "78");
  CHECK(error_of("while true do end") == "engine.lua:1: stopped, it does not come to an end");
}

TEST_CASE("a script that takes too much memory is stopped, and gets it back", "[lua]") {
  scripted engine{
      "function on_request(r)\n if r:byte(1) == 2 then return 'x' end\n local t = {}\n"
      " for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end end"};
  CHECK(engine.ask({0x01}) == "nil");
  CHECK(engine.errors.at(0) == "engine.lua:1: on_request: not enough memory");
  CHECK(engine.ask({0x02}) == "78");
  CHECK(error_of("function on_request() return ('x'):rep(1e9) end") ==
        "engine.lua:1: on_request: not enough memory");
}

TEST_CASE("nothing of the world outside is there", "[lua]") {
  for (const char* name : {"io",     "os",          "require",         "package",        "debug",
                           "load",   "loadstring",  "dofile",          "loadfile",       "print",
                           "pcall",  "xpcall",      "coroutine",       "collectgarbage", "setmetatable",
                           "rawset", "math.random", "math.randomseed", "string.dump",    "string.find",
                           "next",   "_G"}) {
    CAPTURE(name);
    scripted engine{std::string{"function on_request() if "} + name +
                    " == nil then return 'ok' end return 1 end"};
    CHECK(engine.ask() == "6F 6B");
  }
}

TEST_CASE("what a script sees is the same in every run", "[lua]") {
  scripted engine{R"(
function on_request()
  local text = ""
  for key in pairs({ b = 1, a = 2, [3] = 1, [1] = 5, [true] = 1 }) do text = text .. tostring(key) .. " " end
  return text .. tostring({}) .. string.format(" %s", {})
end)"};
  const auto answer = engine.script.on_request(bytes{0x22}, scripted::at());
  REQUIRE(answer);
  CHECK(std::string(answer->reply.begin(), answer->reply.end()) == "true 1 3 a b table table");
  CHECK(error_of("function on_request() local t = string.format('%p', {}) return t end") ==
        "engine.lua:1: %p prints an address, which is another one in every run");
}

TEST_CASE("a script that does not compile is told at its place", "[lua]") {
  const auto problem = check_syntax({"x = 1\ny = = 2", "engine.lua", 1});
  REQUIRE(problem);
  CHECK(problem->line == 2);
  CHECK(problem->text == "unexpected symbol near '='");
  CHECK(check_syntax({"y = = 2", "scenario.yaml", 17})->line == 17);
  CHECK_FALSE(check_syntax({"x = 1", "engine.lua", 1}));
}

}  // namespace
}  // namespace canstage::scenarios
