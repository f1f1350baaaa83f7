#!/bin/sh
# The program on real CAN interfaces: runs in the machine of tools/vcan-machine, as root, with vcan0,
# vcan1 and can-utils.
. tests/support/machine.sh

run() {
  wanted_status=$1
  shift
  ends "$wanted_status" run "$@"
}

# outcomes FILE: who did what in which step, out of a JSON report.
outcomes() { grep -E '"(path|status|who|outcome)"' "$1"; }

vin=scenarios/functional_vin.yaml
wrong=scenarios/functional_vin_wrong.yaml
on_sockets='--bus powertrain=socketcan:vcan0 --bus body=socketcan:vcan1'

candump -L vcan0 > /tmp/vcan0.log &
candump -L vcan1 > /tmp/vcan1.log &
sleep 0.5
run 0 --json /tmp/real.json --trace /tmp/trace.log $on_sockets $vin
verdict 'everybody answers on real buses as expected' $?
sleep 0.5
run 0 --json /tmp/virtual.json $vin && outcomes /tmp/virtual.json > /tmp/virtual.txt &&
  outcomes /tmp/real.json > /tmp/real.txt && cmp /tmp/virtual.txt /tmp/real.txt &&
  [ "$(wc -l < /tmp/real.txt)" -gt 30 ] && grep -q '"time": "real"' /tmp/real.json
verdict 'the verdicts are those of virtual buses' $?

# Times differ: what arrives in the kernel first is first everywhere.
cut -d ' ' -f 3 /tmp/vcan0.log > /tmp/vcan0.frames
grep ' powertrain ' /tmp/trace.log | cut -d ' ' -f 3 > /tmp/trace0.frames
cmp /tmp/vcan0.frames /tmp/trace0.frames && [ "$(wc -l < /tmp/vcan0.frames)" = 72 ] &&
  [ "$(wc -l < /tmp/vcan1.log)" = 26 ] && grep -q '18DB33F1#0322F190' /tmp/vcan1.log
verdict 'candump sees the frames of the trace, in its order' $?

run 1 --json /tmp/real.json $on_sockets $wrong && run 1 --json /tmp/virtual.json $wrong &&
  outcomes /tmp/virtual.json > /tmp/virtual.txt && outcomes /tmp/real.json > /tmp/real.txt &&
  cmp /tmp/virtual.txt /tmp/real.txt
verdict 'what is wrong is wrong on real buses, too' $?

cat > /tmp/two.yaml << 'YAML'
canstage: 1
buses:
  can: { link: "socketcan:vcan0" }
ecus:
  engine:
    address: { request: "7E0", response: "7E8" }
    uds: { response_time: 2ms, dids: { F190: "WVWZZZ1JZXW000001" } }
testers:
  tester: {}
steps:
  - functional: { from: tester, request: "22 F1 90", window: 500ms }
    expect: { engine: "62 F1 90 *" }
YAML
# An answer from an identifier that no ECU has, by a program that is not ours.
candump -n 1 vcan0,7DF:7FF > /dev/null && cansend vcan0 7ED#0462F190AA &
run 1 --json - /tmp/two.yaml && grep -q '"outcome": "unknown_responder"' /tmp/out.txt && grep -q '"who": "7ED"' /tmp/out.txt
verdict 'an unknown responder outside of the process is found' $?

# Nobody acknowledges on an interface that is down, but the run goes on, and later all is well.
cat > /tmp/down.yaml << 'YAML'
canstage: 1
buses:
  can: { link: "socketcan:vcan0" }
ecus:
  engine: { address: { request: "7E0", response: "7E8" } }
testers:
  tester: {}
steps:
  - { send_frame: { bus: can, id: "123", data: "01" } }
  - { advance: 1s }
  - { request: { from: tester, to: engine, bytes: "3E 00" }, expect: "7E 00" }
  - { send_frame: { bus: can, id: "123", data: "02" } }
  - { advance: 3s }
  - { request: { from: tester, to: engine, bytes: "3E 00" }, expect: "7E 00" }
YAML
# away SENTENCE COMMAND: something takes the interface away after the first frame, for 4 s.
away() {
  (candump -n 1 vcan0,123:7FF > /dev/null && eval "$2") &
  run 1 --json /tmp/down.json /tmp/down.yaml && outcomes /tmp/down.json > /tmp/down.txt &&
    [ "$(grep status /tmp/down.txt | tr -d ' \n')" = \
      '"status":"passed","status":"passed","status":"failed","status":"failed","status":"passed","status":"passed",' ] &&
    grep -q '"outcome": "not_sent"' /tmp/down.txt && grep -q "bus can: $1" /tmp/err.txt &&
    grep -q 'bus can: vcan0 is back' /tmp/err.txt && grep -q '"text": "bus can: vcan0 is back"' /tmp/down.json &&
    grep -q 'the frame was not sent within 1 s' /tmp/down.json && return
  cat /tmp/down.txt /tmp/err.txt
  return 1
}
away 'vcan0 is down' 'ip link set vcan0 down; sleep 4; ip link set vcan0 up'
verdict 'an interface that is down during a run' $?
# What is deleted is down first.
away 'vcan0 is down' 'ip link del vcan0; sleep 4; ip link add vcan0 type vcan; ip link set vcan0 mtu 72 up'
verdict 'an interface that is gone during a run' $?

ip link set vcan1 down
canstage_cli links > /tmp/links.txt
grep -q '^socketcan:vcan0 *classic CAN and CAN FD$' /tmp/links.txt &&
  grep -q '^socketcan:vcan1 *no: vcan1 is down; `ip link set vcan1 up` starts it$' /tmp/links.txt
verdict 'links' $?
run 3 $on_sockets $vin && [ ! -s /tmp/out.txt ] && grep -q '^canstage: vcan1 is down' /tmp/err.txt &&
  run 3 --bus body=socketcan:lo $vin && grep -q '^canstage: lo is not a CAN interface$' /tmp/err.txt &&
  run 3 --bus body=socketcan:nope $vin && grep -q '^canstage: there is no interface nope' /tmp/err.txt
verdict 'what the machine lacks is said before anything runs' $?
ip link set vcan1 mtu 16 up
sed 's/"socketcan:vcan0"/"socketcan:vcan1", bitrate: 500k, data_bitrate: 2M/' /tmp/two.yaml > /tmp/fd.yaml
run 3 /tmp/fd.yaml && grep -q '^canstage: vcan1 carries no CAN FD' /tmp/err.txt
verdict 'a classic interface is not enough for a bus with CAN FD' $?

run 0 --cast ensemble --bus powertrain=socketcan:vcan0 $vin && grep -q 'bus powertrain plays with an actor per node' /tmp/err.txt
verdict 'only the virtual bus becomes an ensemble' $?

closing
