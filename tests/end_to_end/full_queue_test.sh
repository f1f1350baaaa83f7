#!/bin/sh
# A CAN interface whose queue in the kernel is full: runs in the machine of tools/vcan-machine, as root. vcan is
# never full; slcan is, as an interface of hardware, when nobody takes what it sends.
. tests/support/machine.sh

slow_can 700 /tmp/name > /tmp/count.txt &
slow=$!
until [ -s /tmp/name ]; do sleep 0.1; done
cat > /tmp/burst.yaml << YAML
canstage: 1
buses: { can: { link: "socketcan:$(cat /tmp/name)" } }
steps:
  - repeat:
      times: 2000
      steps:
        - { send_frame: { bus: can, id: "123", data: "01 02 03 04 05 06 07 08" } }
YAML
ends 0 run /tmp/burst.yaml
verdict 'a queue that is full for a while delays frames' $?
wait $slow
[ "$(cat /tmp/count.txt)" = 2000 ]
verdict 'and loses none' $?

closing
