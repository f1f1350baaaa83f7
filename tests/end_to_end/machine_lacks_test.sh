#!/bin/sh
# What a machine lacks (rights, interfaces, descriptors) is one sentence and exit status 3, and nothing runs. In
# the machine of tools/vcan-machine, as root, with vcan0 and vcan1.
. tests/support/machine.sh

vin=scenarios/functional_vin.yaml
on_sockets='--bus powertrain=socketcan:vcan0 --bus body=socketcan:vcan1'
on_kernel='--bus powertrain=isotp:vcan0 --bus body=isotp:vcan1'

# one_sentence PATTERN: that is all there is of the last run.
one_sentence() { [ ! -s /tmp/out.txt ] && [ "$(wc -l < /tmp/err.txt)" = 1 ] && shows /tmp/err.txt "^canstage: $1"; }

# lacks PATTERN WORDS...: the program ends with 3 and says so.
lacks() {
  sentence=$1
  shift
  ends 3 "$@" && one_sentence "$sentence"
}

# A program under another user, in a sandbox, with fewer descriptors: `ends` runs it in place of the program.
mkdir -p /etc
echo 'nobody:x:65534:65534:nobody:/tmp:/bin/sh' > /etc/passwd
nobody() { su nobody -c "PATH=$PATH exec canstage_cli $*"; }
sandboxed() { without_can canstage_cli "$@"; }
# With $limit, "-S" if it may be raised.
limited() { (ulimit $kind -n "$limit" && exec canstage_cli "$@"); }
# with HOW WORDS...: the same as WORDS, but the program runs like that.
with() {
  canstage_command=$1
  shift
  "$@"
  result=$?
  canstage_command=canstage_cli
  return $result
}

# Rights.
with nobody ends 0 run $on_sockets $vin && with nobody ends 0 run $on_kernel $vin
verdict 'CAN needs no rights' $?
with nobody lacks 'not permitted to listen at 127.0.0.1:80$' serve --expose engine=isotpserver:80 $vin
verdict 'a port that needs rights' $?
mkdir -m 700 /tmp/private
with nobody lacks '.*/tmp/private/trace.log.*[Pp]ermission' run --trace /tmp/private/trace.log $vin
verdict 'a trace where nobody may write' $?
forbidden='vcan[01] may not be used: no permission'
with sandboxed lacks "$forbidden" run $on_sockets $vin && with sandboxed lacks "$forbidden" run $on_kernel $vin &&
  with sandboxed lacks "$forbidden" run --link engine=isotp:vcan0 --bus powertrain=socketcan:vcan0 $vin &&
  with sandboxed lacks "$forbidden" request --bus socketcan:vcan0 --tx 7E0 --rx 7E8 3E00 &&
  with sandboxed lacks "$forbidden" monitor socketcan:vcan0 &&
  with sandboxed lacks "$forbidden" serve $on_sockets $vin
verdict 'CAN sockets are forbidden' $?
with sandboxed ends 0 links && shows /tmp/out.txt '^socketcan.*no.*permission' '^isotp.*no.*permission'
verdict 'links says so' $?

# Interfaces.
nowhere='there is no interface nope; `canstage links` lists those there are$'
for link in socketcan:nope isotp:nope 'isotp:nope?fallback=no'; do
  lacks "$nowhere" run --bus "body=$link" $vin && lacks "$nowhere" run --link "engine=$link" --bus powertrain=socketcan:vcan0 $vin &&
    lacks "$nowhere" request --bus "$link" --tx 7E0 --rx 7E8 3E00 && lacks "$nowhere" serve --link "engine=$link" $vin
  verdict "$link" $?
done
lacks 'lo is not a CAN interface$' run --bus body=isotp:lo $vin
verdict 'an interface of another kind' $?
ip link set vcan1 down
lacks 'vcan1 is down; `ip link set vcan1 up` starts it$' run $on_kernel $vin
verdict 'an interface that is down' $?
ip link set vcan1 mtu 16 up
sed 's/bitrate: 500k/bitrate: 500k, data_bitrate: 2M/' $vin > /tmp/fd.yaml
lacks 'vcan1 carries no CAN FD, which bus body needs' run $on_kernel /tmp/fd.yaml
verdict 'a classic interface is not enough for a bus with CAN FD' $?
ip link set vcan1 down
ip link set vcan1 mtu 72 up

# Descriptors: two for each connection of the kernel.
cat > /tmp/many.yaml << 'YAML'
canstage: 1
buses: { can: { link: "isotp:vcan0" } }
ecus:
  node[1..200]:
    address: { format: normal_fixed, ecu: "{n:02X}" }
testers:
  tester: { address: { format: normal_fixed } }
steps:
  - functional: { request: "3E 00", window: 2s }
    expect: { others: "7E 00" }
YAML
limit=256 kind=
with limited lacks 'this process may have 256 files open, and /tmp/many.yaml needs [0-9]+; `ulimit -n [0-9]+` allows them$' run /tmp/many.yaml
verdict 'more connections than descriptors' $?
limit=256 kind=-S
with limited ends 0 run -q /tmp/many.yaml
verdict 'a soft limit is raised' $?
kind=
for limit in 7 12 16 24; do
  with limited lacks '.*(files open|open files|too many files)' run $on_kernel $vin &&
    with limited lacks '.*(files open|open files|too many files)' serve $on_sockets $vin &&
    with limited lacks '.*(files open|open files)' serve --expose body=socketcand:0 --expose engine=isotpserver:0 $vin
  verdict "$limit descriptors" $?
done
limit=20
with limited ends 0 run $vin
verdict 'virtual buses need none' $?

closing
