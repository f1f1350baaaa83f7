#!/bin/sh
# libfuzzer_test.sh PROGRAM CORPUS SECONDS: fuzzes, and sees to it that it really did.
new=${TEST_TMPDIR:?}/new
log=$TEST_TMPDIR/log
least=100
mkdir -p "$new"
"./$1" -seed=1 -max_total_time="$3" -timeout=20 -print_final_stats=1 \
  -artifact_prefix="${TEST_UNDECLARED_OUTPUTS_DIR:-$TEST_TMPDIR}/" "$new" "$2" > "$log" 2>&1
status=$?
tail -n 40 "$log"
executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
if [ $status = 0 ] && [ "${executed:-0}" -lt $least ]; then
  echo "only ${executed:-0} inputs were tried"
  exit 1
fi
exit $status
