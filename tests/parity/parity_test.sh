#!/bin/sh
# One suite on every link: plays tests/parity/cases on each, in the machine of tools/vcan-machine. What a link
# cannot carry is refused before anything runs (exit 2), and stands in the table of docs/links.md, which has
# to be the one that is found here; tests/parity/update_table writes it.
#
#   parity_test.sh [CASE...]     these only, and no table
. tests/support/machine.sh

links='virtual socketcan isotp socketcand isotpserver'
cases=${*:-$(cd tests/parity/cases && ls *.yaml | sed 's/.yaml$//')}
out=${OUT:-/tmp}

# expand FILE: "@100@" is replaced by 100 bytes.
expand() {
  awk '{
    while (match($0, /@[0-9]+@/)) {
      printf "%s", substr($0, 1, RSTART - 1)
      n = substr($0, RSTART + 1, RLENGTH - 2) + 0
      rest = substr($0, RSTART + RLENGTH)
      for (i = 0; i < n; ++i) printf(i == 0 ? "%02X" : " %02X", (i * 7 + int(i / 256)) % 256)
      $0 = rest
    }
    print
  }' "$1"
}

# server CASE: can-utils' isotpserver for the connection of `user`; its port is in $port.
port=7000
server=
server() {
  port=$((port + 1))
  # Its words are those of the case.
  isotpserver -l $port $(sed -n 's/^# isotpserver: //p' "$1") vcan0 > /tmp/isotpserver.txt 2>&1 &
  server=$!
  sleep 0.2
}

# play LINK CASE: the exit status of the program, whose output is in /tmp/out.txt and /tmp/err.txt.
play() {
  file=/tmp/$2.yaml
  words=
  case $1 in
    virtual) ;;
    socketcan) words='--bus can=socketcan:vcan0' ;;
    isotp)
      words='--bus can=isotp:vcan0?fallback=no'
      # Kernel against kernel; a peer that has to do what the kernel cannot is one of ours.
      grep -q '^# isotpserver: ' "$file" && words='--bus can=isotp:vcan0 --link user=isotp:vcan0?fallback=no'
      ;;
    isotpserver)
      words='--bus can=isotpserver:127.0.0.1:7000'
      if grep -q '^# isotpserver: ' "$file"; then
        server "$file"
        words="--bus can=socketcan:vcan0 --link user=isotpserver:127.0.0.1:$port"
      fi
      ;;
    socketcand) words='--bus can=socketcand:127.0.0.1:29536/can0' ;;
  esac
  # What carries messages has no trace.
  [ "$1" = isotp ] || words="$words --trace /tmp/trace.log"
  canstage_cli run -q $words "$file" > /tmp/out.txt 2> /tmp/err.txt
  found=$?
  [ -z "$server" ] || kill "$server"
  server=
  return $found
}

# Frames that a case names are all that may be in its trace, in that order.
frames_are_right() {
  grep -q '^# frame: ' "$1" || return 0
  sed -n 's/^# frame: //p' "$1" > /tmp/wanted.txt
  cut -d ' ' -f 3 /tmp/trace.log | cmp - /tmp/wanted.txt
}

# by_reason: what has one reason is one item of a list.
by_reason() {
  awk -F '\t' '
    { key = $1 ": " $3 }
    !(key in titles) { order[++n] = key; titles[key] = $2; next }
    { titles[key] = titles[key] "; " $2 }
    END { for (i = 1; i <= n; ++i) print "- " order[i] " (" titles[order[i]] ")" }'
}

# A bus for those who come by TCP, with nobody on it.
ip link set lo up
case $links in
  *socketcand*)
    printf 'canstage: 1\nbuses: { can: { link: "socketcan:vcan0" } }\n' > /tmp/hub.yaml
    canstage_cli serve --expose can=socketcand:127.0.0.1:29536/can0 /tmp/hub.yaml > /tmp/hub.txt 2>&1 &
    until grep -q '^ready' /tmp/hub.txt 2> /dev/null; do sleep 0.1; done
    ;;
esac

head="| |"
line="|---|"
for link in $links; do
  head="$head \`$link\` |"
  line="$line---|"
done
printf '%s\n%s\n' "$head" "$line" > /tmp/table.md
: > /tmp/reasons.txt

for case in $cases; do
  expand "tests/parity/cases/$case.yaml" > "/tmp/$case.yaml"
  title=$(sed -n 's/^name: //p' "/tmp/$case.yaml")
  row="| $title |"
  for link in $links; do
    play "$link" "$case"
    status=$?
    if [ $status = 2 ] && [ ! -s /tmp/out.txt ] && [ "$(wc -l < /tmp/err.txt)" = 1 ]; then
      row="$row no |"
      # Without where it is said, and at which address.
      why=$(sed -E 's/^canstage: //; s/^[^ ]*\.yaml:[0-9]+:[0-9]+: //; s/^--bus [^ ]*: .*; //
        s/(isotp|socketcand|isotpserver):(vcan0|127\.)[^ ]*/\1/g' /tmp/err.txt)
      printf '%s\t%s\t%s\n' "\`$link\`" "$title" "$why" >> /tmp/reasons.txt
      verdict "$case on $link is refused" 0
      continue
    fi
    row="$row yes |"
    [ $status = 0 ] && frames_are_right "/tmp/$case.yaml"
    passed=$?
    [ $passed = 0 ] || { echo "exit status $status" && head -n 40 /tmp/out.txt /tmp/err.txt | cut -c 1-300; }
    verdict "$case on $link" $passed
  done
  echo "$row" >> /tmp/table.md
done

[ $# = 0 ] || closing
{
  cat /tmp/table.md
  echo
  [ ! -s /tmp/reasons.txt ] || { echo 'Why not:' && echo && sort /tmp/reasons.txt | by_reason && echo; }
} > "$out/parity_table.md"
awk '/^<!-- end of the table/ { inside = 0 } inside; /^<!-- begin of the table/ { inside = 1; getline }' \
  docs/links.md | diff - "$out/parity_table.md"
verdict 'the table in docs/links.md is what is found (tests/parity/update_table writes it)' $?
closing
