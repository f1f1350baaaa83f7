// Who writes and reads each file format; `make_writer` and `make_reader` choose.
#pragma once

#include <memory>
#include <string_view>

#include "protocols/trace/reader.hpp"
#include "protocols/trace/writer.hpp"

namespace canstage::trace {

std::unique_ptr<writer> make_candump_writer();
std::unique_ptr<writer> make_asc_writer();
std::unique_ptr<writer> make_pcapng_writer();

std::unique_ptr<reader> make_candump_reader(std::string_view content);
std::unique_ptr<reader> make_asc_reader(std::string_view content);
std::unique_ptr<reader> make_pcapng_reader(std::string_view content);

}  // namespace canstage::trace
