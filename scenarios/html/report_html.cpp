#include "scenarios/html/report_html.hpp"

#include <ostream>

#include "scenarios/html/page.hpp"
#include "scenarios/html/page_data.hpp"

namespace canstage::scenarios::html {

void write_html(std::ostream& out, const std::vector<reported_run>& runs) {
  out << page_before_data << "{\"outcomes\":";
  write_outcomes(out);
  out << ",\n\"runs\":[";
  const char* comma = "";
  for (const reported_run& one : runs) {
    out << comma;
    write_run(out, one.result, one.log);
    comma = ",\n";
  }
  out << "]}" << page_after_data;
}

}  // namespace canstage::scenarios::html
