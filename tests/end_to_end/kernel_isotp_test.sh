#!/bin/sh
# The program over the kernel's ISO-TP: runs in the machine of tools/vcan-machine, as root, with vcan0,
# vcan1 and can-utils.
. tests/support/machine.sh

run() {
  wanted_status=$1
  shift
  ends "$wanted_status" run "$@"
}

# outcomes FILE: who did what in which step, out of a JSON report, by the places of the steps: which branch ends first
# may be another one in real time.
outcomes() {
  grep -E '"(path|status|who|outcome)"' "$1" | awk '/"path"/ { path = $2 } { print path "|" $0 }' | sort -s -t '|' -k 1,1
}

# as_on_virtual_buses STATUS FILE LINKS...: the same verdicts.
as_on_virtual_buses() {
  status=$1
  file=$2
  shift 2
  run "$status" --json /tmp/virtual.json "$file" && run "$status" --json /tmp/real.json "$@" "$file" &&
    outcomes /tmp/virtual.json > /tmp/virtual.txt && outcomes /tmp/real.json > /tmp/real.txt &&
    [ "$(wc -l < /tmp/real.txt)" -gt 5 ] && diff /tmp/virtual.txt /tmp/real.txt
}

vin=scenarios/functional_vin.yaml
on_kernel='--bus powertrain=isotp:vcan0 --bus body=isotp:vcan1'
strict='--bus powertrain=isotp:vcan0?fallback=no --bus body=isotp:vcan1?fallback=no'

# The times are the kernel's, and `within` counts from the end of the request to the begin of an answer.
as_on_virtual_buses 0 $vin $on_kernel && [ ! -s /tmp/err.txt ]
verdict 'everybody answers as expected, and nothing falls back' $?
as_on_virtual_buses 1 scenarios/functional_vin_wrong.yaml $on_kernel
verdict 'what is wrong is wrong there, too' $?
as_on_virtual_buses 0 $vin $strict && grep -q 'bus powertrain: who answers without being known is not heard' /tmp/err.txt
verdict 'nothing may fall back, and nothing has to' $?

# All address formats and CAN FD. What the kernel cannot do is done by our own ISO-TP, and said.
as_on_virtual_buses 0 scenarios/isotp_formats.yaml --bus can=isotp:vcan0 &&
  grep -q 'the connection of ecu slow has our own ISO-TP over CAN_RAW on vcan0, because the kernel cannot do flow_control' /tmp/err.txt &&
  grep -q 'the connection of ecu full has our own' /tmp/err.txt && [ "$(grep -c 'our own' /tmp/err.txt)" = 2 ]
verdict 'every address format, CAN FD, and two ECUs that fall back' $?

# A tester of the kernel, and ECUs that misbehave: each error of the socket is an N_Result.
sed -e 's/ accepted_waits: 5 //' -e '/name: wait, wait, wait/,+2d' scenarios/isotp_faults.yaml > /tmp/faults.yaml
as_on_virtual_buses 0 /tmp/faults.yaml --bus can=isotp:vcan0 && ! grep -q 'connection of tester' /tmp/err.txt &&
  grep -q 'the connection of ecu losing has our own ISO-TP over CAN_RAW on vcan0, because the kernel cannot do faults' /tmp/err.txt
verdict 'what breaks off breaks off with the same result' $?

cat > /tmp/two.yaml << 'YAML'
canstage: 1
buses:
  can: {}
ecus:
  engine:
    address: { request: "7E0", response: "7E8" }
    isotp: { n_bs: 500ms }
    uds: { dids: { F190: "WVWZZZ1JZXW000001" } }
testers:
  tester: {}
steps:
  - functional: { from: tester, request: "22 F1 90" }
    expect: { engine: "62 F1 90 *" }
YAML
run 2 --bus can='isotp:vcan0?fallback=no' /tmp/two.yaml &&
  grep -q '^canstage: /tmp/two.yaml:5:3: isotp:vcan0?fallback=no cannot play the connection of ecu engine: n_bs 500 ms$' /tmp/err.txt
verdict 'what the kernel cannot do is an error where nothing may fall back' $?
run 2 --trace /tmp/t.log $strict $vin && grep -q 'there is no trace of bus powertrain' /tmp/err.txt
verdict 'there are no frames where nothing may fall back' $?

# One ECU of the kernel, the others ours.
run 0 --bus powertrain=socketcan:vcan0 --bus body=virtual --time real --link engine=isotp:vcan0 $vin && [ ! -s /tmp/err.txt ]
verdict 'a single connection' $?

# Trace and frames go beside the kernel.
run 0 --trace /tmp/trace.log $on_kernel $vin && grep -q 'frames of steps and of --trace go over CAN_RAW on vcan0' /tmp/err.txt &&
  [ "$(grep -c ' powertrain ' /tmp/trace.log)" = 72 ]
verdict 'the trace has all frames' $?

# The ECUs in one process, the tester in another: of the kernel on both sides, on one of them, or where a
# single connection is the kernel's.
# apart ECUS TESTER: the words of serve and of run.
apart() {
  rm -f /tmp/ready.txt
  canstage_cli serve $1 $vin > /tmp/ready.txt 2> /tmp/serve.txt &
  cast=$!
  until [ -s /tmp/ready.txt ]; do sleep 0.1; done
  run 0 --real '*' $2 $vin
  passed=$?
  kill -INT $cast
  wait $cast
  [ $? = 130 ] && [ ! -s /tmp/serve.txt ] && return $passed
  cat /tmp/serve.txt
  return 1
}
on_sockets='--bus powertrain=socketcan:vcan0 --bus body=socketcan:vcan1'
apart "$on_kernel" "$on_kernel"
verdict 'the ECUs in another process' $?
apart "$on_kernel" "$on_sockets" && apart "$on_sockets" "$on_kernel"
verdict 'the kernel on one side, our own ISO-TP on the other' $?
apart "$on_sockets --link engine=isotp:vcan0" "$on_sockets --link gearbox=isotp:vcan0?fallback=no"
verdict 'single connections of the kernel in two processes' $?

# One request.
rm -f /tmp/ready.txt
canstage_cli serve $on_kernel $vin > /tmp/ready.txt 2> /tmp/serve.txt &
cast=$!
until [ -s /tmp/ready.txt ]; do sleep 0.1; done
vin_bytes='62 F1 90 57 56 57 5A 5A 5A 31 4A 5A 58 57 30 30 30 30 30 31'
ends 0 request --bus isotp:vcan0 --tx 7E0 --rx 7E8 22 F1 90 &&
  shows /tmp/out.txt "^7E8  [0-9.]+ \.\. [0-9.]+ ms  $vin_bytes$" && [ ! -s /tmp/err.txt ]
verdict 'a request and its answer' $?
ends 0 request --bus isotp:vcan0 --functional 7DF 22 F1 90 &&
  [ "$(cut -c 1-3 /tmp/out.txt | grep 7 | sort | tr '\n' ' ')" = '7E8 7E9 7EA 7EB 7EE 7EF ' ]
verdict 'a request to all' $?
ends 2 request --bus 'isotp:vcan0?fallback=no' --n-bs 100ms --tx 7E0 --rx 7E8 22 F1 90 &&
  shows /tmp/err.txt '^canstage: isotp:vcan0.fallback=no cannot play the connection of tester .*: n_bs 100 ms$' &&
  ends 0 request --bus isotp:vcan0 --n-bs 100ms --tx 7E0 --rx 7E8 -q 22 F1 90 &&
  shows /tmp/err.txt '^canstage: .* has our own ISO-TP over CAN_RAW on vcan0, because the kernel cannot do n_bs 100 ms$'
verdict 'a request that the kernel cannot play' $?
kill -INT $cast
wait $cast

# can-utils on the other side.
cat > /tmp/echo.yaml << 'YAML'
canstage: 1
buses: { can: { link: "isotp:vcan0?fallback=no" } }
endpoints: { echo: { rx: "7E0", tx: "7E8", do: echo } }
steps: [ { advance: 6s } ]
YAML
bytes=$(for i in $(seq 1 300); do printf '%02X ' $((i % 256)); done)
isotprecv -s 7E0 -d 7E8 vcan0 > /tmp/echoed.txt &
(sleep 3; echo "$bytes" | isotpsend -s 7E0 -d 7E8 vcan0) &
run 0 /tmp/echo.yaml && [ "$(tr -d ' \n' < /tmp/echoed.txt)" = "$(echo "$bytes" | tr -d ' \n')" ]
verdict 'isotpsend is echoed to isotprecv' $?

# A power cycle in the middle of a long answer, that asks for a long pause: nothing waits for its end.
cat > /tmp/reset.yaml << 'YAML'
canstage: 1
buses: { can: { link: "isotp:vcan0?fallback=no" } }
ecus:
  engine: { address: { request: "7E0", response: "7E8" }, uds: { dids: { F190: "WVWZZZ1JZXW000001WVWZZZ1JZXW000001" } } }
testers: { tester: { isotp: { stmin: 127ms } } }
steps:
  - parallel:
      - - { request: { from: tester, to: engine, bytes: "22 F1 90" }, expect: { breaks_off: N_TIMEOUT_Cr } }
      - - { advance: 200ms }
        - { reset: engine }
  - { request: { from: tester, to: engine, bytes: "3E 00" }, expect: { reply: "7E 00", within: 100ms } }
YAML
run 0 /tmp/reset.yaml
verdict 'a power cycle in the middle of an answer' $?

cat > /tmp/down.yaml << 'YAML'
canstage: 1
buses: { can: { link: "isotp:vcan0" } }
ecus:
  engine: { address: { request: "7E0", response: "7E8" } }
testers: { tester: {} }
steps:
  - { request: { from: tester, to: engine, bytes: "3E 00" }, expect: "7E 00" }
  - { advance: 2s }
  - { request: { from: tester, to: engine, bytes: "3E 00" }, expect: "7E 00" }
  - { advance: 3s }
  - { request: { from: tester, to: engine, bytes: "3E 00" }, expect: "7E 00" }
YAML
# away SENTENCE COMMAND: something takes the interface away after the first answer, for 4 s.
away() {
  (candump -n 1 vcan0,7E8:7FF > /dev/null && eval "$2") &
  run 1 --json /tmp/down.json /tmp/down.yaml
  [ "$(grep '"status"' /tmp/down.json | tr -d ' \n')" = \
    '"status":"passed","status":"passed","status":"failed","status":"passed","status":"passed",' ] &&
    grep -q '"outcome": "not_sent"' /tmp/down.json && [ "$(grep -c "$1" /tmp/err.txt)" = 1 ] && grep -q 'vcan0 is back' /tmp/err.txt && return
  cat /tmp/down.json /tmp/err.txt
  return 1
}
away 'vcan0 is down' 'ip link set vcan0 down; sleep 4; ip link set vcan0 up'
verdict 'an interface that is down during a run' $?
# What is deleted is down first.
away 'vcan0 is down' 'ip link del vcan0; sleep 4; ip link add vcan0 type vcan; ip link set vcan0 mtu 72 up'
verdict 'an interface that is gone during a run' $?

canstage_cli links > /tmp/links.txt
grep -q '^isotp:vcan0  *the kernel.s ISO-TP, messages up to 66000 bytes$' /tmp/links.txt
verdict 'links' $?

rmmod can_isotp
run 0 $on_kernel $vin && grep -q 'bus powertrain has our own ISO-TP on socketcan:vcan0, because this kernel has none' /tmp/err.txt
verdict 'without the module everything falls back' $?
run 3 $strict $vin && grep -q '^canstage: vcan0: this kernel has no ISO-TP; `modprobe can-isotp` loads it' /tmp/err.txt &&
  canstage_cli links | grep -q '^isotp:vcan0  *no: vcan0: this kernel has no ISO-TP'
verdict 'without the module, where nothing may fall back' $?

closing
