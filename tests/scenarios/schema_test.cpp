// The JSON Schema as a whole; what it allows is held against files by tests/end_to_end/schema_test.py.
#include "scenarios/schema.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "catch2/catch.hpp"
#include "scenarios/fields.hpp"
#include "scenarios/schema_forms.hpp"

namespace canstage::scenarios {
namespace {

using json = nlohmann::json;

json shape(std::string_view text) { return shape_schemas{""}.of(text); }

TEST_CASE("every row of every table is in the schema, with its sentence", "[schema]") {
  const json schema = json::parse(schema_text());
  for (const map_doc& map : format_maps()) {
    json found = schema.at("$defs").at(definition_id(map.name));
    if (found.contains("else")) found = found.at("else");
    CAPTURE(map.name);
    CHECK(found.at("properties").size() == map.fields.size());
    for (const field_doc& field : map.fields) {
      CAPTURE(field.key);
      const std::string about = found.at("properties").at(std::string(field.key)).at("description");
      CHECK(about.starts_with(field.meaning));
    }
  }
}

TEST_CASE("shapes become schemas", "[schema]") {
  CHECK(shape("time") == json{{"$ref", "#/$defs/time"}});
  CHECK(shape("<tester address>") == json{{"$ref", "#/$defs/tester_address"}});
  CHECK(shape("none | 8").at("anyOf").at(0) == json{{"enum", {"none", "8", 8}}});
  CHECK(shape("on | off").at("anyOf").at(0) == json{{"enum", {"on", true, "off", false}}});
  CHECK(shape("list of (time | none)").at("items").contains("anyOf"));
  CHECK(shape("<bus> by name").at("additionalProperties") == json{{"$ref", "#/$defs/bus"}});
  CHECK(shape("virtual | socketcan:INTERFACE").at("anyOf").at(2).at("pattern") == "^socketcan:");
}

TEST_CASE("what is no shape is refused, so that no row of a table has one", "[schema]") {
  for (const std::string_view wrong :
       {"teim", "list of names", "<bus", "<bus> by colour", "time; or none", ""})
    CHECK_THROWS_AS(shape(wrong), std::logic_error);
}

}  // namespace
}  // namespace canstage::scenarios
