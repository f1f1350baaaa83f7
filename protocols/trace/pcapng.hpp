// The parts of pcapng that traces of CAN need (IETF draft opsawg-pcapng), and the packets in them:
// LINKTYPE_CAN_SOCKETCAN, where the identifier is big endian in any file.
//
//   section header block    byte order, version, who wrote it
//   interface description   one per bus: link type, name, resolution of its times
//   enhanced packet         interface, time, frame, and a comment: who sent it
//                           and what happened before it: there are no packets without a frame
//
// A block: type, total length, body padded to 4 bytes, total length again.
#pragma once

#include <cstddef>
#include <cstdint>

namespace canstage::trace::pcapng {

inline constexpr std::uint32_t section_header = 0x0A0D'0D0A;
inline constexpr std::uint32_t interface_description = 1;
inline constexpr std::uint32_t simple_packet = 3;
inline constexpr std::uint32_t enhanced_packet = 6;

inline constexpr std::uint32_t byte_order_magic = 0x1A2B'3C4D;
inline constexpr std::uint16_t link_type_socketcan = 227;

inline constexpr std::uint16_t option_end = 0;
inline constexpr std::uint16_t option_comment = 1;
inline constexpr std::uint16_t option_application = 4;      ///< of the section header
inline constexpr std::uint16_t option_name = 2;             ///< of an interface
inline constexpr std::uint16_t option_time_resolution = 9;  ///< of an interface: 9 is nanoseconds

inline constexpr std::size_t block_overhead = 12;  ///< type and both lengths

/// Flags of a frame, in its byte 5.
inline constexpr std::uint8_t flag_brs = 0x01;
inline constexpr std::uint8_t flag_esi = 0x02;
inline constexpr std::uint8_t flag_fdf = 0x04;

/// Flags of the identifier, as in SocketCAN.
inline constexpr std::uint32_t remote_flag = 0x4000'0000;
inline constexpr std::uint32_t error_flag = 0x2000'0000;

inline constexpr std::size_t frame_header = 8;  ///< identifier, length, flags, reserved, raw DLC

}  // namespace canstage::trace::pcapng
