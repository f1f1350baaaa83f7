#!/bin/sh
# Every C++ file of the work tree is as clang-format writes it.
set -eu
cd "$(dirname "$(readlink -f WORKSPACE)")"
files=$(for folder in protocols transports actors scenarios tests tools bench examples; do
  if [ -d "$folder" ]; then find "$folder" -name '*.[ch]pp'; fi
done)
if complaints=$(printf '%s\n' "$files" | xargs clang-format-14 --dry-run --Werror 2>&1); then
  echo "$(printf '%s\n' "$files" | wc -l) files are formatted"
  exit 0
fi
# One line per file, the first place in it.
printf '%s\n' "$complaints" | grep ': error: ' | sort -t : -k 1,1 -u |
  sed 's/^\([^:]*\):\([0-9]*\):.*/\1:\2: not as clang-format writes it, run: clang-format-14 -i \1/'
exit 1
