// The shapes of table rows as parts of a JSON Schema.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>

namespace canstage::scenarios {

/// Turns shapes into schemas and remembers what they refer to.
class shape_schemas {
 public:
  /// `suffix` is added to the names of maps that are referred to.
  explicit shape_schemas(std::string suffix) : suffix_(std::move(suffix)) {}

  /// Throws std::logic_error if it is no shape.
  nlohmann::ordered_json of(std::string_view shape);

  /// Maps that shapes referred to, without the suffix.
  const std::set<std::string>& maps() const { return maps_; }

 private:
  nlohmann::ordered_json alternative(std::string_view text, bool alone);
  nlohmann::ordered_json by(std::string_view keys, std::string_view values);
  nlohmann::ordered_json list_of(std::string_view items);

  std::string suffix_;
  std::set<std::string> maps_;
};

/// The name of a map or form as a part of a URI.
std::string definition_id(std::string_view name);

nlohmann::ordered_json reference_to(std::string_view name);

/// Definitions of what scalars look like, by the id of the form.
nlohmann::ordered_json form_definitions();

}  // namespace canstage::scenarios
