#!/bin/sh
# canstage record and canstage replay on real CAN interfaces, with can-utils as witnesses: runs in the
# machine of tools/vcan-machine, as root, with vcan0 and vcan1.
. tests/support/machine.sh

# frames FILE: what a candump log has, without times and interfaces.
frames() { cut -d ' ' -f 3 "$1"; }

# A recording of what cangen sends; candump hears it, too.
candump -L vcan0 > /tmp/witness.log &
witness=$!
canstage_cli record -n 200 socketcan:vcan0 /tmp/bus.log > /tmp/record.txt 2>&1 &
recording=$!
until [ -e /tmp/bus.log ]; do sleep 0.05; done
sleep 0.5
cangen vcan0 -g 2 -n 200 -m
wait $recording && shows /tmp/record.txt '^200 frames of vcan0 in /tmp/bus.log$'
verdict 'record ends after so many frames' $?
sleep 0.5
kill $witness
frames /tmp/witness.log > /tmp/witness.frames
frames /tmp/bus.log > /tmp/bus.frames
cmp /tmp/witness.frames /tmp/bus.frames && [ "$(wc -l < /tmp/bus.frames)" = 200 ] &&
  shows /tmp/bus.log '##' '#R' && shows /tmp/bus.log '^\([0-9]{10}\.[0-9]{6}\) vcan0 '
verdict 'record hears what candump hears: classic, CAN FD and remote frames' $?

# distances FILE: milliseconds from the first frame to each.
distances() {
  awk '{ gsub(/[()]/, "", $1); if (NR == 1) first = $1; printf "%.0f\n", ($1 - first) * 1000 }' "$1"
}

candump -L vcan1 > /tmp/replayed.log &
witness=$!
sleep 0.5
ends 0 replay /tmp/bus.log socketcan:vcan1 && [ ! -s /tmp/err.txt ] &&
  shows /tmp/out.txt '^200 frames of vcan0 sent on socketcan:vcan1, at worst .* late$'
verdict 'replay sends all of them' $?
sleep 0.5
kill $witness
frames /tmp/replayed.log | cmp - /tmp/bus.frames
verdict 'candump hears the frames of the recording, in its order' $?
distances /tmp/bus.log > /tmp/bus.times
distances /tmp/replayed.log > /tmp/replayed.times
# An emulated machine may be busy: 300 ms.
paste /tmp/bus.times /tmp/replayed.times |
  awk '{ d = $1 - $2; if (d > 300 || d < -300) { print; bad = 1 } } END { exit bad || NR != 200 }'
verdict 'at the distances of the recording' $?

# An interface without CAN FD.
ip link set vcan1 down
ip link set vcan1 mtu 16 up
fd=$(grep -c '##' /tmp/bus.log)
ends 0 replay --speed 10 /tmp/bus.log socketcan:vcan1 &&
  shows /tmp/err.txt "^canstage: $fd CAN FD frames left out, which socketcan:vcan1 does not carry; the first one" &&
  shows /tmp/out.txt "^$((200 - fd)) frames of vcan0 sent"
verdict 'frames of CAN FD are left out where the interface has none' $?

# What is down is said before anything is sent; what goes down meanwhile is lost, and counted.
ip link set vcan1 down
ends 3 replay /tmp/bus.log socketcan:vcan1 && shows /tmp/err.txt '^canstage: vcan1 is down' && [ ! -s /tmp/out.txt ] &&
  ends 3 record socketcan:vcan1 /tmp/never.log && shows /tmp/err.txt '^canstage: vcan1 is down' && [ ! -e /tmp/never.log ]
verdict 'an interface that is down' $?
ip link set vcan1 up
printf '(0.000000) vcan1 100#00\n(2.000000) vcan1 101#00\n(3.000000) vcan1 102#00\n' > /tmp/slow.log
(candump -n 1 vcan1,100:7FF > /dev/null; sleep 0.7; ip link set vcan1 down) &
sleep 0.5
ends 1 replay /tmp/slow.log socketcan:vcan1 && shows /tmp/out.txt '^1 frame of vcan1 sent' &&
  shows /tmp/err.txt 'vcan1 is down' '^canstage: 2 frames did not get onto socketcan:vcan1 within 2500 ms'
verdict 'an interface that goes down during a replay' $?

closing
