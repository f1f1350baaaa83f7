// The format as a JSON Schema (draft 2020-12), made of the tables by which the loader reads: what is a
// key there is one here, and nothing else is.
#pragma once

#include <string>

namespace canstage::scenarios {

/// The schema as JSON text that ends with a newline. Throws std::logic_error for a row of a table whose
/// shape is none, or whose map there is not; a test looks that there is no such row.
std::string schema_text();

}  // namespace canstage::scenarios
