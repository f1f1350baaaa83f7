// Steps that are several exchanges with one ECU: `unlock`, `download`, `upload`, `read_dtcs`; and
// TesterPresent in the background.
#pragma once

#include "scenarios/load_requests.hpp"

namespace canstage::scenarios {

void read_download_step(reader& in, const node& value, const request_extras& extras, step& out);
void read_upload_step(reader& in, const node& value, const request_extras& extras, step& out);
void read_dtcs_step(reader& in, const node& value, const request_extras& extras, step& out);
void read_unlock_step(reader& in, const node& value, const request_extras& extras, step& out);
void read_tester_present_step(reader& in, const node& value, step& out);

/// `expect: { nrc: "33" }`, all that can be expected of several exchanges but that they succeed.
void read_refusal(reader& in, const node* expect, procedure_step& out);

/// `tester_present:` of a tester.
std::optional<tester_present> read_tester_present(reader& in, const node& value);

void describe_procedures(std::vector<map_doc>& maps);
void describe_unlock(std::vector<map_doc>& maps);
void describe_tester_present(std::vector<map_doc>& maps);

}  // namespace canstage::scenarios
