// Messages in words: a table, and any bytes at all.
#include "protocols/uds/describe.hpp"

#include "catch2/catch.hpp"
#include "tests/protocols/uds/server_stage.hpp"

namespace canstage::uds::testing {

TEST_CASE("every message has a line") {
  const auto [message, line] = GENERATE(table<const char*, const char*>({
      {"", "no bytes"},
      {"7F 22 31", "ReadDataByIdentifier refused: requestOutOfRange (31)"},
      {"7F 31 78", "RoutineControl pending: requestCorrectlyReceived-ResponsePending (78)"},
      {"7F BA 11", "SID 0xBA refused: serviceNotSupported (11)"},
      {"7F 22 EE", "ReadDataByIdentifier refused: NRC 0xEE (EE)"},
      {"7F", "negative response of 1 byte, it has 3"},
      {"7F 22 31 00", "negative response of 4 bytes, it has 3"},
      {"BA 01 02", "SID 0xBA: with 01 02"},
      {"FA 01", "SID 0xBA answered: with 01"},
      {"10 03", "DiagnosticSessionControl: extendedDiagnosticSession"},
      {"10 83", "DiagnosticSessionControl: extendedDiagnosticSession, positive answer suppressed"},
      {"10 45", "DiagnosticSessionControl: sub-function 45"},
      {"10", "DiagnosticSessionControl: too short"},
      {"50 03 00 32 01 F4",
       "DiagnosticSessionControl answered: extendedDiagnosticSession, P2 50 ms, P2* 5000 ms"},
      {"50 03 00", "DiagnosticSessionControl answered: extendedDiagnosticSession, too short"},
      {"11 01", "ECUReset: hardReset"},
      {"51 04 0A", "ECUReset answered: enableRapidPowerShutDown, powerDownTime 10 s"},
      {"14 FF FF FF", "ClearDiagnosticInformation: FFFFFF all groups"},
      {"14 01 23 17", "ClearDiagnosticInformation: P0123-17"},
      {"54", "ClearDiagnosticInformation answered"},
      {"19 02 09", "ReadDTCInformation: reportDTCByStatusMask, status mask 09"},
      {"59 02 FF", "ReadDTCInformation answered: reportDTCByStatusMask, available FF, no DTC"},
      {"59 02 FF 01 23 17 09",
       "ReadDTCInformation answered: reportDTCByStatusMask, available FF, P0123-17 09 (testFailed, "
       "confirmedDTC)"},
      {"59 02 FF 01 23 17 09 C1 00 87 50",
       "ReadDTCInformation answered: reportDTCByStatusMask, available FF, P0123-17 09, U0100-87 50"},
      {"59 01 FF 01 00 03",
       "ReadDTCInformation answered: reportNumberOfDTCByStatusMask, available FF, format 01, 3 DTCs"},
      {"19 04 01 23 17 FF", "ReadDTCInformation: reportDTCSnapshotRecordByDTCNumber, P0123-17, record FF"},
      {"59 06 01 23 17 09 01 AA",
       "ReadDTCInformation answered: reportDTCExtDataRecordByDTCNumber, P0123-17, status 09, with 01 AA"},
      {"59 03 01 23 17 01", "ReadDTCInformation answered: reportDTCSnapshotIdentification, P0123-17 01"},
      {"59 08 FF 20 10 01 23 17 09",
       "ReadDTCInformation answered: reportDTCBySeverityMaskRecord, available FF, P0123-17 09 severity 20 "
       "unit 10"},
      {"22 F1 90", "ReadDataByIdentifier: F190 VIN"},
      {"22 F1 90 01 02", "ReadDataByIdentifier: F190 VIN, 0102"},
      {"22 F1", "ReadDataByIdentifier: too short"},
      {"62 F1 90 57 56 57 5A", "ReadDataByIdentifier answered: F190 VIN \"WVWZ\""},
      {"62 01 02 03", "ReadDataByIdentifier answered: 0102 03"},
      {"62 01 02 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10",
       "ReadDataByIdentifier answered: 0102 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F .. (17 bytes)"},
      {"23 24 00 10 00 00 01 00", "ReadMemoryByAddress: address 00100000, 256 bytes"},
      {"27 01", "SecurityAccess: requestSeed (level 1)"},
      {"67 01 11 22", "SecurityAccess answered: requestSeed (level 1), 11 22"},
      {"27 02 EE DD", "SecurityAccess: sendKey (level 1), EE DD"},
      {"28 03 01", "CommunicationControl: disableRxAndTx, normal messages"},
      {"28 01 F3",
       "CommunicationControl: enableRxAndDisableTx, normal and network management messages, of the "
       "subnet it came from"},
      {"2A 01 E3 E4", "ReadDataByPeriodicIdentifier: sendAtSlowRate, F2E3, F2E4"},
      {"2C 03 F3 01",
       "DynamicallyDefineDataIdentifier: clearDynamicallyDefinedDataIdentifier, F301 "
       "dynamicallyDefinedDataIdentifier"},
      {"2E F1 99 26 11 28", "WriteDataByIdentifier: F199 programmingDate 26 11 28"},
      {"6E F1 99", "WriteDataByIdentifier answered: F199 programmingDate"},
      {"2F 01 02 03 FF", "InputOutputControlByIdentifier: 0102, shortTermAdjustment, state FF"},
      {"31 01 FF 00", "RoutineControl: startRoutine, FF00 eraseMemory"},
      {"71 03 02 03 00", "RoutineControl answered: requestRoutineResults, 0203, with 00"},
      {"34 00 44 00 10 00 00 00 04 00 00", "RequestDownload: address 00100000, 262144 bytes"},
      {"34 11 12 10 00 01", "RequestDownload: compression 1, encryption 1, address 1000, 1 byte"},
      {"74 20 0F FA", "RequestDownload answered: maxNumberOfBlockLength 4090"},
      {"36 01 AA BB", "TransferData: block 01, 2 bytes"},
      {"76 01", "TransferData answered: block 01"},
      {"37", "RequestTransferExit"},
      {"38 04 00 03 61 2E 62 00", "RequestFileTransfer: readFile, \"a.b\", with 00"},
      {"3E 80", "TesterPresent: zeroSubFunction, positive answer suppressed"},
      {"7E 00", "TesterPresent answered: zeroSubFunction"},
      {"85 02", "ControlDTCSetting: off"},
      {"87 01 12", "LinkControl: verifyModeTransitionWithFixedParameter, mode 12"},
      {"01 0C 0D", "OBD current data: PID 0C engine speed, PID 0D vehicle speed"},
      {"41 0D 32", "OBD current data answered: PID 0D vehicle speed, 32"},
      {"02 0C 00 05 00",
       "OBD freeze frame data: PID 0C engine speed, frame 00, PID 05 engine coolant temperature, frame 00"},
      {"42 0C 00 1A F8", "OBD freeze frame data answered: PID 0C engine speed, frame 00, 1A F8"},
      {"03", "OBD emission-related DTCs"},
      {"43 02 01 71 C1 00", "OBD emission-related DTCs answered: 2 DTCs, P0171, U0100"},
      {"09 02", "OBD vehicle information: InfoType 02 VIN"},
      {"49 00 54 40 00 00", "OBD vehicle information answered: InfoType 00, 54 40 00 00"},
      {"49 02 01 57 56 57 5A", "OBD vehicle information answered: InfoType 02 VIN, \"WVWZ\""},
  }));
  CAPTURE(message);
  CHECK(describe(from_hex(message)) == line);
}

TEST_CASE("an answer to several DIDs is taken apart by the request") {
  CHECK(describe_answer(from_hex("62 F1 86 03 01 02 AA BB"), from_hex("22 F1 86 01 02")) ==
        "ReadDataByIdentifier answered: F186 activeDiagnosticSession 03, 0102 AA BB");
  // One that the ECU does not have is left out.
  CHECK(describe_answer(from_hex("62 01 02 AA BB"), from_hex("22 01 02 F1 90")) ==
        "ReadDataByIdentifier answered: 0102 AA BB");
  CHECK(describe_answer(from_hex("7F 22 31"), from_hex("22 01 02 F1 90")) ==
        "ReadDataByIdentifier refused: requestOutOfRange (31)");
}

TEST_CASE("any bytes have a line of printable characters") {
  for (int sid = 0; sid < 0x100; ++sid) {
    bytes message{static_cast<std::uint8_t>(sid)};
    for (int length = 0; length < 40; ++length) {
      for (const std::uint8_t filler : bytes{0x00, 0x01, 0x06, 0x24, 0x41, 0xFF}) {
        bytes longer = message;
        longer.push_back(filler);
        const std::string line = describe(longer);
        CHECK_FALSE(line.empty());
        for (const char c : line) {
          if (c >= 0x20 && c < 0x7F) continue;
          FAIL("not printable in " << line);
        }
      }
      message.push_back(static_cast<std::uint8_t>(length * 37 + sid));
    }
  }
}

}  // namespace canstage::uds::testing
