// The page itself, as page/embed.py puts it together when the program is built: style, script, D3 and the
// licences. The data belongs between the two parts.
#pragma once

#include <string_view>

namespace canstage::scenarios::html {

extern const std::string_view page_before_data;
extern const std::string_view page_after_data;

}  // namespace canstage::scenarios::html
