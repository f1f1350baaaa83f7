#!/bin/sh
# canstage conformance on a real CAN interface: runs in the machine of tools/vcan-machine, as root, with
# vcan0 and the kernel's own ISO-TP.
. tests/support/machine.sh

conformance() { status=$1 && shift && ends "$status" conformance "$@"; }

# found VERDICT: the numbers of the statements with that verdict in the table, in a line.
found() { sed -n "s/^ISOTP-\([0-9]*\) *$1 .*/\1/p" /tmp/out.txt | tr '\n' ' ' | sed 's/ $//'; }

# same WHAT FOUND EXPECTED
same() {
  [ "$2" = "$3" ] && return
  echo "$1: $2 instead of $3"
  cat /tmp/out.txt
  return 1
}

# await FILE: until it says that who is to be tested is there.
await() { until grep -qs ready "$1"; do sleep 0.1; done; }

link=socketcan:vcan0

isotp_echo vcan0 7E0 7E8 > /tmp/echo.txt &
await /tmp/echo.txt
begin=$(cut -d . -f 1 /proc/uptime)
conformance 1 $link --rx 7E8 --tx 7E0 --junit /tmp/out.xml
status=$?
took=$(($(cut -d . -f 1 /proc/uptime) - begin))
echo "all statements took $took s"
[ $status = 0 ] && [ $took -lt 150 ] && grep -q '<testsuites' /tmp/out.xml &&
  same failed "$(found FAIL)" "006 024 025" && same deviations "$(found deviation)" "010 027 046 047 071 073"
verdict "what is known of Linux, and nothing else" $?

isotp_echo vcan0 18DA10F1 18DAF110 64 > /tmp/echo_fd.txt &
await /tmp/echo_fd.txt
conformance 1 $link --rx 18DAF110 --tx 18DA10F1 --fd --only 12,13,14,17,23,30,42,48,50,64,87,90
[ $? = 0 ] && same failed "$(found FAIL)" "087" && same deviations "$(found deviation)" "017"
verdict "the same with CAN FD" $?

# Our own stack, in another process.
cat > /tmp/bench.yaml << 'YAML'
canstage: 1
buses:
  can: { link: "socketcan:vcan0" }
endpoints:
  raw: { bus: can, rx: "700", tx: "708", isotp: { bs: 3, stmin: 2ms }, do: echo }
  bad: { bus: can, rx: "710", tx: "718", do: echo }
  hole: { bus: can, rx: "720", tx: "728", rx_address: "10", tx_address: "F1", do: swallow }
faults:
  - { at: bad, do: wrong_sn, nth: 2 }
steps:
  - { advance: 1h }
YAML
canstage_cli run --trace /tmp/bench.log /tmp/bench.yaml > /tmp/bench.txt 2>&1 &
bench=$!
until canstage_cli conformance $link --rx 708 --tx 700 --only 1 > /tmp/out.txt 2>&1; do sleep 0.1; done
conformance 0 $link --rx 708 --tx 700 --only 1,10,20,23,42,51,60,64,66,73,74,78,82,85,105
same passed "$(found pass)" "001 010 020 023 042 051 060 064 066 073 074 078 082 085 105"
verdict "our own endpoint in another process" $?
conformance 1 $link --rx 718 --tx 710 --only 1,41 && same failed "$(found FAIL)" 041
verdict "one that misbehaves" $?
conformance 0 $link --rx 728 --tx 720 --format extended --address-tx 10 --address-rx F1 --only 23,42 &&
  same passed "$(found pass)" 023 && grep -q 'echoes nothing' /tmp/out.txt
verdict "extended addressing, and one that swallows" $?
kill -INT $bench
wait $bench

conformance 1 $link --rx 7E9 --tx 7E1 --only 23 && grep -q 'Nothing at all came from 7E9' /tmp/out.txt
verdict "nobody there" $?
conformance 3 socketcan:vcan7 --rx 7E8 --tx 7E0 && grep -q '^canstage: there is no interface vcan7' /tmp/err.txt
verdict "no such interface" $?

closing
