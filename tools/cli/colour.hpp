// Whether what a command prints on stdout is painted.
#pragma once

namespace canstage::tools {

/// On a terminal that knows colours, unless NO_COLOR is set and not empty (no-color.org).
bool wants_colour();

}  // namespace canstage::tools
