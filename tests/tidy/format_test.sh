#!/bin/sh
# Every C++ file of the work tree is as clang-format writes it. To repair: clang-format-14 -i FILE.
set -eu
cd "$(dirname "$(readlink -f WORKSPACE)")"
files=$(for folder in protocols transports actors scenarios tests tools bench examples; do
  if [ -d "$folder" ]; then find "$folder" -name '*.[ch]pp'; fi
done)
printf '%s\n' "$files" | xargs clang-format-14 --dry-run --Werror
echo "$(printf '%s\n' "$files" | wc -l) files are formatted"
