#!/bin/sh
# ECUs outside of the process: canstage request, canstage monitor and --real, against ECUs of another
# canstage and against can-utils. Runs in the machine of tools/vcan-machine, as root.
. tests/support/machine.sh

vin=scenarios/functional_vin.yaml
can0=socketcan:vcan0
can1=socketcan:vcan1
vin_bytes='62 F1 90 57 56 57 5A 5A 5A 31 4A 5A 58 57 30 30 30 30 30 31'

# The ECUs of everything that follows, in a process of their own.
canstage_cli serve --bus powertrain=$can0 --bus body=$can1 $vin > /tmp/cast.txt 2>&1 &
cast=$!
cat > /tmp/endpoints.yaml << 'YAML'
canstage: 1
buses: { can: { link: "socketcan:vcan0" } }
endpoints:
  echo: { rx: "123", tx: "456", isotp: { max_sdu: 70000 }, do: echo }
  extended: { rx: "601", tx: "602", rx_address: "12", tx_address: "F1", do: echo }
  mixed: { rx: "611", tx: "612", rx_address: "99", tx_address: "99", do: echo }
  fd: { rx: "621", tx: "622", isotp: { tx_dl: 64 }, do: echo }
  blocks: { rx: "631", tx: "632", isotp: { bs: 3, stmin: 2ms, padding: "55" }, do: echo }
YAML
canstage_cli serve /tmp/endpoints.yaml > /tmp/endpoints.txt 2>&1 &
endpoints=$!
sleep 1

# One request.
ends 0 request --bus $can0 --tx 7E0 --rx 7E8 22 F1 90 &&
  shows /tmp/out.txt "^7E8  [0-9.]+ \.\. [0-9.]+ ms  $vin_bytes$" && [ "$(wc -l < /tmp/out.txt)" = 1 ]
verdict 'a request and its answer' $?
ends 0 request --bus $can0 --tx 7E0 --rx 7E8 -q 22F190 && [ "$(cat /tmp/out.txt)" = "$vin_bytes" ]
verdict 'a request, and only the bytes of its answer' $?
ends 1 request --bus $can0 --tx 7E5 --rx 7ED 22 F1 90 &&
  shows /tmp/out.txt '^7ED  [0-9.]+ ms  7F 22 31  requestOutOfRange$'
verdict 'a negative answer' $?
ends 0 request --bus $can0 --tx 7E2 --rx 7EA 22 F1 90 &&
  shows /tmp/out.txt "^7EA .* ms  $vin_bytes$" '^ +0x78 after [0-9.]+ ms, '
verdict 'an answer after 0x78' $?
ends 1 request --bus $can0 --tx 7A0 --rx 7A8 --window 300ms 22 F1 90 &&
  [ "$(cat /tmp/out.txt)" = 'no answer within 300 ms' ]
verdict 'nobody answers' $?
ends 1 request --bus $can0 --tx 7A0 --rx 7A8 22 F1 90 F1 90 F1 90 F1 90 &&
  [ "$(cat /tmp/out.txt)" = 'the request ended with N_TIMEOUT_Bs' ]
verdict 'nobody takes a long request' $?

# One to all.
ends 0 request --bus $can0 --functional 7DF 22 F1 90 &&
  [ "$(cut -c 1-3 /tmp/out.txt | grep 7 | sort | tr '\n' ' ')" = '7E8 7E9 7EA 7EB 7EE 7EF ' ] &&
  shows /tmp/out.txt "^7EE +1[0-9.]+ \.\. [0-9.]+ ms  $vin_bytes$"
verdict 'all answers of 11 bits' $?
ends 0 request --bus $can1 --functional 18DB33F1 -q 22 F1 90 && [ "$(wc -l < /tmp/out.txt)" = 7 ] &&
  shows /tmp/out.txt "^18DAF141 $vin_bytes$" '^18DAF160 62 F1 90 4E 4F 4E 45$'
verdict 'all answers of 29 bits' $?
ends 0 request --bus $can0 --functional 7DF --pairs 7E8=7E0 -q 22 F1 90 && [ "$(cat /tmp/out.txt)" = "7E8 $vin_bytes" ]
verdict 'the pairs that are named' $?

# Formats and parameters.
long=$(awk 'BEGIN { for (i = 0; i < 300; ++i) printf "%02X ", i % 256 }' | sed 's/ $//')
echoes() { ends 0 request --bus $can0 -q "$@" $long && [ "$(cat /tmp/out.txt)" = "$long" ]; }
echoes --tx 601 --rx 602 --format extended --address-tx 12 --address-rx F1
verdict 'extended addressing' $?
echoes --tx 611 --rx 612 --format mixed --address-tx 99
verdict 'mixed addressing' $?
candump -L -n 3 vcan0,621:7FF > /tmp/fd.log &
echoes --tx 621 --rx 622 --fd && shows /tmp/fd.log ' 621##[0-9A-F]{129}$'
verdict 'CAN FD' $?
candump -L vcan0,631:7FF > /tmp/blocks.log &
dump=$!
sleep 0.2
echoes --tx 631 --rx 632 --bs 5 --stmin 1ms --padding none && shows /tmp/blocks.log ' 631#300501$'
verdict 'block size, STmin and padding' $?
kill $dump

# What cannot be.
ends 3 request --bus socketcan:nope --tx 7E0 --rx 7E8 3E 00 && [ ! -s /tmp/out.txt ] &&
  shows /tmp/err.txt '^canstage: there is no interface nope' && [ "$(wc -l < /tmp/err.txt)" = 1 ] &&
  ends 3 monitor socketcan:nope && [ ! -s /tmp/out.txt ] && shows /tmp/err.txt '^canstage: there is no interface nope'
verdict 'an interface that is not there' $?

# can-utils as the tester of our ECUs.
isotpdump -u -s 7E0 -d 7E8 vcan0 > /tmp/dump.txt 2>&1 &
dump=$!
isotprecv -s 7E0 -d 7E8 vcan0 > /tmp/answer.txt &
receiver=$!
sleep 0.3
echo 22 F1 90 | isotpsend -s 7E0 -d 7E8 vcan0
wait $receiver
[ "$(sed 's/ *$//' /tmp/answer.txt)" = "$vin_bytes" ]
verdict 'an ECU answers isotpsend' $?
sleep 0.3
kill $dump
shows /tmp/dump.txt '\[SF\] ln: 3 .*22 F1 90.*\[SRQ\]' '\[FF\] ln: 20 .*62 F1 90.*\[PSR\]' '\[FC\] FC: 0 '
verdict 'isotpdump reads what an ECU says' $?
ip link set lo up
isotpserver -l 7010 -s 7E0 -d 7E8 vcan0 > /tmp/isotpserver.txt 2>&1 &
server=$!
sleep 0.5
(echo '<22F190>'; sleep 1) | nc 127.0.0.1 7010 > /tmp/tcp.txt
kill $server
[ "$(tr -d '\r\n' < /tmp/tcp.txt)" = "<$(echo "$vin_bytes" | tr -d ' ')>" ]
verdict 'an ECU answers through isotpserver' $?
isotpperf -s 7E0 -d 7E8 vcan0 > /tmp/perf.txt 2>&1 &
perf=$!
sleep 0.3
ends 0 request --bus $can0 -q --tx 7E0 --rx 7E8 22 F1 90 F1 90 F1 90 F1 90 F1 90
sleep 0.5
kill $perf
shows /tmp/perf.txt '(^|[^0-9])11 byte'
verdict 'isotpperf measures a tester' $?
# Whatever comes: an ECU that was shouted at is there for the next one.
cangen vcan0 -g 0 -p 10 -n 5000 -I 7E0 2> /dev/null
cangen vcan0 -g 0 -p 10 -n 5000 -I 7E0 -L 8 -D i 2> /dev/null
sleep 2
ends 0 request --bus $can0 -q --tx 7E0 --rx 7E8 22 F1 90 && [ "$(cat /tmp/out.txt)" = "$vin_bytes" ]
verdict 'an ECU survives what cangen sends to it' $?

# The ECUs are in one process, the tester in another. The hybrid still works on what it was asked above.
sleep 7
ends 0 run --bus powertrain=$can0 --bus body=$can1 --real '*' $vin && shows /tmp/out.txt ' 5 steps passed'
verdict 'the shipped scenario with ECUs in another process' $?
ends 0 run --bus powertrain=$can0 --real engine --real gearbox --real hybrid --real abs --real airbag \
  --real gateway --real charger --real battery $vin
verdict 'one bus real, the other simulated' $?
kill -INT $cast
wait $cast
[ $? = 130 ]
verdict 'the ECUs end when they are told to' $?
ends 1 run --bus powertrain=$can0 --real engine $vin && shows /tmp/out.txt '^  ! engine +SILENT'
verdict 'an ECU that is said to be real, but is not there' $?

# A bus to look at.
candump -L vcan0,100:7FF > /tmp/candump.log &
dump=$!
cangen vcan0 -g 1 -n 3000 -I 100 -L 8 -D r 2> /dev/null &
load=$!
ends 0 monitor -L -n 1000 $can0 && mv /tmp/out.txt /tmp/monitor.log
sleep 0.2
kill $dump $load
for log in candump monitor; do cut -d ' ' -f 2- /tmp/$log.log > /tmp/$log.frames; done
[ "$(wc -l < /tmp/monitor.log)" = 1000 ] && shows /tmp/monitor.log '^\([0-9]{10}\.[0-9]{6}\) vcan0 100#' &&
  grep -F -A 999 "$(head -n 1 /tmp/monitor.frames)" /tmp/candump.frames | cmp - /tmp/monitor.frames
verdict 'monitor sees what candump sees' $?
(sleep 0.5 && cansend vcan0 123#112233 && cansend vcan0 18DA10F1##1AABB && cansend vcan0 7FF#R4) &
ends 0 monitor --for 2s $can0 &&
  shows /tmp/out.txt '^\(000\.[0-9]{6}\)  vcan0       123   \[3\]  11 22 33$' \
    '^\(000\.[0-9]{6}\)  vcan0  18DA10F1  \[02\]  AA BB$' '^\(000\.[0-9]{6}\)  vcan0       7FF   \[4\]  remote request$'
verdict 'monitor shows frames as candump does' $?
(sleep 0.5 && cansend vcan0 7E0#0322F190 && cansend vcan0 7E8#037F2231) &
ends 0 monitor -d --for 2s $can0 &&
  shows /tmp/out.txt '7E0   \[4\]  03 22 F1 90  .*SF .*ReadDataByIdentifier' '7F 22 31  .*requestOutOfRange'
verdict 'monitor says what is in the frames' $?
canstage_cli monitor $can0 > /tmp/out.txt &
monitor=$!
sleep 0.5
cansend vcan0 123#44
kill -INT $monitor
wait $monitor
[ $? = 130 ] && shows /tmp/out.txt '  123   \[1\]  44$'
verdict 'monitor is interrupted' $?

# can-utils speak to our endpoints, and our requests to can-utils.
hex() { awk -v n="$1" 'BEGIN { for (i = 0; i < n; ++i) printf "%02X ", (i * 7) % 256 }' | sed 's/ $//'; }
for n in 1 7 8 100 4095; do
  isotprecv -s 123 -d 456 vcan0 > /tmp/echo.txt &
  receiver=$!
  isotpdump -s 123 -d 456 vcan0 > /tmp/dump.txt 2>&1 &
  dumper=$!
  sleep 0.3
  hex $n | isotpsend -s 123 -d 456 vcan0
  wait $receiver
  [ "$(sed 's/ *$//' /tmp/echo.txt)" = "$(hex $n)" ]
  verdict "isotpsend and isotprecv with $n bytes" $?
  sleep 0.2
  kill $dumper
done
shows /tmp/dump.txt '\[FF\] ln: 4095' '\[CF\] sn: ' '\[FC\] FC: 0 '
verdict 'isotpdump reads what we send' $?
isotprecv -s 7A8 -d 7A0 vcan0 > /tmp/asked.txt && echo 62 F1 90 "$(hex 60)" | isotpsend -s 7A8 -d 7A0 vcan0 &
sleep 0.3
ends 0 request --bus $can0 -q --tx 7A0 --rx 7A8 22 F1 90 "$(hex 30)" &&
  [ "$(cat /tmp/out.txt)" = "62 F1 90 $(hex 60)" ] && [ "$(sed 's/ *$//' /tmp/asked.txt)" = "22 F1 90 $(hex 30)" ]
verdict 'an ECU of isotprecv and isotpsend' $?
isotpserver -l 7011 -s 7A8 -d 7A0 vcan0 > /tmp/isotpserver.txt 2>&1 &
server=$!
sleep 0.5
(sleep 1.5; echo "<62F190$(hex 60 | tr -d ' ')>"; sleep 1) | nc 127.0.0.1 7011 > /tmp/tcp.txt &
client=$!
sleep 0.3
ends 0 request --bus $can0 -q --tx 7A0 --rx 7A8 --window 5s 22 F1 90 "$(hex 30)" && [ "$(cat /tmp/out.txt)" = "62 F1 90 $(hex 60)" ] &&
  wait $client && [ "$(tr -d '\r\n' < /tmp/tcp.txt)" = "<22F190$(hex 30 | tr -d ' ')>" ]
verdict 'an ECU behind isotpserver' $?
kill $server
isotpperf -s 123 -d 456 vcan0 > /tmp/perf.txt 2>&1 &
perf=$!
sleep 0.3
ends 0 request --bus $can0 -q --tx 123 --rx 456 "$(hex 4000)"
sleep 0.5
kill $perf
shows /tmp/perf.txt '4000'
verdict 'isotpperf measures what we send' $?
isotpserver -l 7000 -s 123 -d 456 vcan0 > /tmp/isotpserver.txt 2>&1 &
server=$!
sleep 0.5
(echo '<0102030405060708090A>'; sleep 2) | nc 127.0.0.1 7000 > /tmp/tcp.txt
shows /tmp/tcp.txt '^<0102030405060708090A>'
verdict 'isotpserver between TCP and our endpoint' $?
kill $server

# A bus that others fill, too.
cangen vcan0 -g 0 -p 10 -n 20000 -I 300 2> /dev/null &
load=$!
ends 0 run --bus powertrain=$can0 --bus body=$can1 $vin
verdict 'the shipped scenario on a busy bus' $?
kill $load 2> /dev/null
candump -L -n 2 vcan0,7E0:7F0 > /tmp/raw.log &
cat > /tmp/one.yaml << 'YAML'
canstage: 1
buses: { can: { link: "socketcan:vcan0" } }
ecus: { engine: { address: { request: "7E0", response: "7E8" } } }
YAML
canstage_cli serve /tmp/one.yaml > /dev/null &
sleep 1
cansend vcan0 7DF#023E000000000000
cansend vcan0 7E0#023E00
sleep 0.5
shows /tmp/raw.log ' 7E8#027E00CCCCCCCCCC$'
verdict 'an ECU answers cansend' $?
kill -INT $endpoints
closing
