#!/usr/bin/env bash
# Times of the commands that need no database, over histories with branches, merges and labels:
#     tests/bench/history.sh PROGRAM [SIZES]
# Processor time, the best of five.  Target: 2,000 revisions in 50 ms, and no more than linear.
set -eu
program=$(realpath "$1")
sizes=${2:-500 1000 2000 4000}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
TIMEFORMAT='%U %S'

best_of_five() { # COMMAND…: milliseconds
  for _ in 1 2 3 4 5; do
    { time "$program" -q "$@" >/dev/null 2>&1; } 2>&1
    rm -f migrations/*_zz_*
  done | awk '{ t = ($1 + $2) * 1000; if (NR == 1 || t < best) best = t } END { printf "%.0f", best }'
}

printf '%-34s' 'ms for revisions:'
printf '%7s' $sizes
echo
for n in $sizes; do python3 "$here/history.py" "$work/$n" "$n"; done
while read -r -a words; do
  printf '%-34s' "${words[*]}"
  for n in $sizes; do
    cd "$work/$n"
    printf '%7s' "$(best_of_five "${words[@]}")"
  done
  echo
done <<'END'
heads
branches
history
history --graph
history -v
history --json
history -r -50:head
show head-3
revision -m x --rev-id zz
upgrade --sql head-1:head
END
