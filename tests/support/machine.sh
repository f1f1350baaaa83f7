# For scripts that are tests in the machine of tools/vcan-machine: to be sourced. Each `verdict` is a case
# in the test's JUnit XML; the script ends with `closing`.
xml=${XML_OUTPUT_FILE:-/dev/null}
failed=0
echo "<testsuites><testsuite name=\"$(basename "$0" .sh)\">" > "$xml"

# verdict NAME STATUS: notes a case that passed if STATUS is 0.
verdict() {
  if [ "$2" = 0 ]; then
    echo "passed: $1"
    echo "<testcase name=\"$1\"/>" >> "$xml"
  else
    echo "FAILED: $1"
    echo "<testcase name=\"$1\"><failure message=\"see the log\"/></testcase>" >> "$xml"
    failed=1
  fi
}

# ends STATUS WORDS...: the program ends with STATUS; what it prints is in /tmp/out.txt and /tmp/err.txt.
canstage_command=canstage_cli
ends() {
  wanted=$1
  shift
  $canstage_command "$@" > /tmp/out.txt 2> /tmp/err.txt
  found=$?
  [ $found = "$wanted" ] && return
  echo "canstage $*: exit status $found instead of $wanted"
  head -50 /tmp/out.txt /tmp/err.txt
  return 1
}

# shows FILE PATTERN...: every pattern fits a line of the file.
shows() {
  file=$1
  shift
  for pattern; do
    grep -Eq "$pattern" "$file" && continue
    echo "nothing in $file fits '$pattern':"
    head -50 "$file"
    return 1
  done
}

closing() {
  echo '</testsuite></testsuites>' >> "$xml"
  exit $failed
}
