#!/bin/sh
# A minute at the highest rate that vcan gives: every frame that the kernel delivered is seen, and what it did
# not deliver is told. Runs in the machine of tools/vcan-machine.
. tests/support/machine.sh

seconds=${1:-60}
can0=socketcan:vcan0
sent() { cat /sys/class/net/vcan0/statistics/tx_packets; }
# lost FILE: how many frames a program's bus said to have lost.
lost() { sed -n 's/.*: \([0-9]*\) frames came too fast and are lost$/\1/p' "$1" | awk '{ n += $1 } END { print n + 0 }'; }

# A monitor, against a program that fills the bus.
mkfifo /tmp/frames
wc -l < /tmp/frames > /tmp/seen &
counter=$!
canstage_cli monitor -L $can0 > /tmp/frames 2> /tmp/monitor.txt &
monitor=$!
sleep 2
before=$(sent)
cangen vcan0 -g 0 -p 1000 -I 100 -L 8 -D 1122334455667788 2> /dev/null &
load=$!
sleep "$seconds"
kill $load
wait $load 2> /dev/null
sleep 2
# With the next frame the kernel says how many it has dropped.
cansend vcan0 101#
sleep 1
after=$(sent)
kill -INT $monitor
wait $monitor $counter
sent=$((after - before)) seen=$(cat /tmp/seen) gone=$(lost /tmp/monitor.txt)
echo "monitor: $sent frames in $seconds s, $seen seen, $gone dropped by the kernel and told"
[ "$sent" -gt $((seconds * 1000)) ] && [ $((seen + gone)) = "$sent" ]
verdict 'monitor accounts for every frame' $?

# Connections: long messages there and back, as fast as they go. Each frame of theirs matters.
cat > /tmp/echo.yaml << 'YAML'
canstage: 1
buses: { can: { link: "socketcan:vcan0" } }
endpoints: { echo: { rx: "123", tx: "456", do: echo } }
YAML
long=$(awk 'BEGIN { for (i = 0; i < 4095; ++i) printf "%02X", i % 256 }')
# load TIMES: the scenario that does it so often.
load() {
  cat << YAML
canstage: 1
buses: { can: { link: "socketcan:vcan0" } }
endpoints: { user: { rx: "456", tx: "123" }, echo: { rx: "123", tx: "456", real: true } }
steps:
  - repeat:
      times: $1
      steps: [{ request: { from: user, to: echo, bytes: "$long", window: 10s }, expect: "$long", stop: true }]
YAML
}
now() { cut -d ' ' -f 1 /proc/uptime; }
canstage_cli serve /tmp/echo.yaml > /tmp/echo.txt 2>&1 &
echo_cast=$!
sleep 2
load 20 > /tmp/load.yaml
begin=$(now)
ends 0 run -q /tmp/load.yaml
times=$(echo "$begin $(now)" | awk -v s="$((seconds / 3 + 1))" '{ print int(20 * s / ($2 - $1)) + 1 }')
load "$times" > /tmp/load.yaml
mkfifo /tmp/trace.log
grep -c '' < /tmp/trace.log > /tmp/traced &
counter=$!
before=$(sent) begin=$(now)
ends 0 run -q --trace /tmp/trace.log /tmp/load.yaml
status=$?
wait $counter
sent=$(($(sent) - before)) seen=$(cat /tmp/traced) gone=$(($(lost /tmp/err.txt) + $(lost /tmp/echo.txt)))
echo "echo: $times messages of 4095 bytes there and back, $sent frames from second $begin to $(now), $seen seen, $gone lost"
kill -INT $echo_cast
[ $status = 0 ] && [ "$seen" = "$sent" ] && [ "$gone" = 0 ]
verdict 'no message breaks off, no frame is lost' $?
closing
