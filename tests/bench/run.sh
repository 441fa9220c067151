#!/usr/bin/env bash
# Times of `check` against the floor (reading the catalog, parsing nothing) and against Alembic, all
# in the same run: medians of 9, interleaved.    run.sh PROGRAM
#
# SIZES="10 100 1000 5000" chooses the numbers of tables; ALEMBIC=0 leaves Alembic out.  With GATE=1
# it fails when a ratio to the floor is more than twice the target.
set -eu
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
sizes=${SIZES:-10 100 1000 5000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O2 -o "$work/floor" "$here/floor.c" -lsqlite3
cc -O2 -D_DEFAULT_SOURCE -o "$work/measure" "$here/measure.c"

python=
if [ "${ALEMBIC:-1}" = 1 ]; then
  for candidate in /usr/bin/python3 python3; do
    "$candidate" -c 'import alembic' 2>/dev/null && python=$candidate && break
  done
  [ -n "$python" ] || echo "Alembic is not installed (Debian's package: alembic): left out"
fi

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }

"$work/measure" 21 "$program" --version >"$work/start"
read -r start_ms start_kib <"$work/start"
"$work/measure" 21 "$program" --help >"$work/start"
read -r help_ms _ <"$work/start"
echo "start-up: --version $start_ms ms ($start_kib KiB), --help $help_ms ms; target: under 5 ms"
printf '%7s %10s %10s %8s %10s %10s %8s %12s %9s\n' tables 'floor ms' 'check ms' ratio 'floor KiB' 'check KiB' ratio \
  'alembic ms' ratio
over=0 small=
for n in $sizes; do
  project=$work/$n
  python3 "$here/generate.py" "$project" "$n"
  cd "$project"
  "$program" check >/dev/null || { echo "the generated project of $n tables differs"; "$program" check; exit 1; }
  "$work/measure" 9 "$work/floor" app.db -- "$program" check >"$work/times"
  { read -r floor_ms floor_kib && read -r check_ms check_kib; } <"$work/times"
  alembic_ms=- alembic_ratio=-
  if [ -n "$python" ] && [ "$n" -le 1000 ]; then
    "$work/measure" 3 "$python" compare.py -- "$program" check >"$work/times"
    { read -r alembic_ms _ && read -r beside _; } <"$work/times"
    alembic_ratio=$(ratio "$alembic_ms" "$beside")
  fi
  printf '%7s %10s %10s %8s %10s %10s %8s %12s %9s\n' "$n" "$floor_ms" "$check_ms" "$(ratio "$check_ms" "$floor_ms")" \
    "$floor_kib" "$check_kib" "$(ratio "$check_kib" "$floor_kib")" "$alembic_ms" "$alembic_ratio"
  above=$(awk -v a="$check_ms" -v b="$floor_ms" -v n="$n" 'BEGIN { printf "%.1f", (a - b) * 1000 / n }')
  small="$small $n:$above"
  awk -v a="$check_ms" -v b="$floor_ms" 'BEGIN { exit !(a > 6 * b) }' && over=1
done
echo "above the floor, microseconds a table:$small"
echo "targets: check at most 3 x the floor and 4 x its memory, 100 x faster than Alembic at 1,000 tables"
[ "${GATE:-0}" = 0 ] || [ "$over" = 0 ]
