#!/bin/sh
# Connections behind can-utils' isotpserver: the tester's end and the ECU's end. Runs in the machine of
# tools/vcan-machine, as root.
. tests/support/machine.sh

vin=scenarios/functional_vin.yaml
vin_bytes='62 F1 90 57 56 57 5A 5A 5A 31 4A 5A 58 57 30 30 30 30 30 31'
ip link set lo up

# wait_for_port PORT: somebody listens there.
wait_for_port() {
  until grep -q ":$(printf %04X "$1") 00000000:0000 0A" /proc/net/tcp; do sleep 0.05; done
}

# The ECUs in a process of their own; the engine, too, through an isotpserver.
canstage_cli serve --bus powertrain=socketcan:vcan0 --bus body=socketcan:vcan1 $vin > /tmp/cast.txt 2>&1 &
cast=$!
until grep -q '^ready' /tmp/cast.txt 2> /dev/null; do sleep 0.1; done
isotpserver -l 7000 -s 7E0 -d 7E8 vcan0 > /tmp/isotpserver.txt 2>&1 &
server=$!
wait_for_port 7000
ends 0 request --bus isotpserver:127.0.0.1:7000 22 F1 90 &&
  shows /tmp/out.txt "^isotpserver:127.0.0.1:7000  [0-9.]+ ms  $vin_bytes$"
verdict 'a request through isotpserver' $?
ends 0 request --bus isotpserver:127.0.0.1:7000 -q 22F190 && [ "$(cat /tmp/out.txt)" = "$vin_bytes" ]
verdict 'and another one, with a connection of its own' $?
ends 0 links isotpserver:127.0.0.1:7000 && shows /tmp/out.txt 'can be opened$'
verdict 'links tries an isotpserver' $?
cat > /tmp/engine.yaml << 'YAML'
canstage: 1
buses: { can: { link: "socketcan:vcan0" } }
ecus:
  engine: { address: { request: "7E0", response: "7E8" }, real: true }
testers: { tester: {} }
steps:
  - request: { to: engine, bytes: "22 F1 90" }
    expect: "62 F1 90 57 56 57 *"
  - repeat:
      times: 50
      steps: [ { request: { to: engine, bytes: "22 F1 90" }, expect: "62 F1 90 57 56 57 *" } ]
YAML
ends 0 run --link engine=isotpserver:127.0.0.1:7000 /tmp/engine.yaml
verdict 'a scenario asks a real ECU through isotpserver' $?

# The process that serves the connection goes in the middle of a run; another one takes its place.
cat > /tmp/again.yaml << 'YAML'
canstage: 1
buses: { can: {} }
ecus: { engine: { address: { request: "7E0", response: "7E8", functional: none }, real: true } }
testers: { tester: {} }
steps:
  - request: { to: engine, bytes: "22 F1 90" }
    expect: "62 F1 90 *"
  - advance: 3s
  - wait_for: { request: { to: engine, bytes: "22 F1 90", window: 1s }, answer: "62 F1 90 *", within: 60s }
YAML
canstage_cli run --link engine=isotpserver:127.0.0.1:7000 /tmp/again.yaml > /tmp/again.txt 2> /tmp/again_err.txt &
run=$!
until grep -q ':1B58 [0-9A-F:]* 01 ' /proc/net/tcp || ! kill -0 $run 2> /dev/null; do sleep 0.05; done
sleep 1.5
for process in /proc/[0-9]*; do
  [ "${process#/proc/}" != $server ] && grep -q '^isotpserver' "$process/cmdline" 2> /dev/null && kill "${process#/proc/}"
done
wait $run && [ "$(wc -l < /tmp/again_err.txt)" = 2 ] && shows /tmp/again_err.txt 'it closed the connection$' 'is back$'
passed=$?
[ $passed = 0 ] || head -20 /tmp/again.txt /tmp/again_err.txt
verdict 'a connection that isotpserver ends is made again' $passed
kill $server $cast

# The other end: our ECU behind an isotpserver, its tester on the bus.
cat > /tmp/ecu.yaml << 'YAML'
canstage: 1
buses: { can: {} }
ecus:
  engine:
    address: { request: "7E0", response: "7E8" }
    uds: { dids: { F190: "WVWZZZ1JZXW000001" } }
YAML
isotpserver -l 7001 -s 7E8 -d 7E0 vcan1 > /tmp/isotpserver.txt 2>&1 &
server=$!
wait_for_port 7001
canstage_cli serve --link engine=isotpserver:127.0.0.1:7001 /tmp/ecu.yaml > /tmp/ecu.txt 2>&1 &
ecu=$!
until grep -q '^ready' /tmp/ecu.txt 2> /dev/null; do sleep 0.1; done
sleep 0.5
ends 0 request --bus socketcan:vcan1 --tx 7E0 --rx 7E8 -q 22 F1 90 && shows /tmp/out.txt '^62 F1 90 57 56 57 5A '
verdict 'an ECU of ours behind isotpserver' $?
ends 0 request --bus socketcan:vcan1 --tx 7E0 --rx 7E8 -q "22 $(printf 'F1 90 %.0s' 1 2 3 4 5 6 7 8)" &&
  shows /tmp/out.txt '^62 F1 90 57 .* F1 90 57 .* F1 90 57 '
verdict 'long messages both ways' $?
kill -INT $ecu
wait $ecu
[ $? = 130 ]
verdict 'it ends when it is told to' $?
kill $server
closing
