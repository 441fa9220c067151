#!/usr/bin/env bash
# Times of `check` against the floor (reading the catalog, parsing nothing) and against Alembic, all
# in the same run: medians of 9, interleaved.    run.sh PROGRAM
# Then times of `check` without a database, as a hook runs it: the files, the history, and the fingerprint that
# the newest script carries, against reading the same files and parsing them with cJSON.
#
# SIZES="10 100 1000 5000" chooses the numbers of tables (SQLite itself takes 12 s to create 5,000);
# ALEMBIC=0 leaves Alembic out, which is otherwise installed from Debian's package where that works.
# GATE=1 fails when a ratio is more than twice as bad as the one recorded in the file baseline;
# RECORD=1 writes that file.
set -eu
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
sizes=${SIZES:-10 100 1000 5000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O2 -o "$work/floor" "$here/floor.c" -lsqlite3
cc -O2 -D_DEFAULT_SOURCE -o "$work/floor_files" "$here/floor_files.c" -lcjson
cc -O2 -D_DEFAULT_SOURCE -o "$work/measure" "$here/measure.c"

# The Python that has Alembic; Debian's own first, so that the package and not a virtual environment counts.
find_alembic() {
  local candidate
  for candidate in /usr/bin/python3 python3; do
    "$candidate" -c 'import alembic' 2>/dev/null && python=$candidate && return 0
  done
  return 1
}

install_alembic() {
  local sudo=
  [ "$(id -u)" = 0 ] || sudo='sudo -n'
  echo 'installing alembic'
  $sudo apt-get update -q=2 && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -q=2 -y --no-install-recommends alembic
} >/dev/null 2>&1

python=
if [ "${ALEMBIC:-1}" = 1 ]; then
  find_alembic || { install_alembic && find_alembic; } ||
    echo "Alembic is not installed (Debian's package: alembic): left out"
fi

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }

worse=0
: >"$work/recorded"
# One ratio against the recorded one: $3 says which direction is bad.
judge() { # NAME VALUE up|down
  local before
  echo "$1 $2" >>"$work/recorded"
  [ "${GATE:-0}" = 1 ] || return 0
  before=$(awk -v name="$1" '$1 == name { print $2 }' "$here/baseline")
  [ -n "$before" ] || return 0
  awk -v now="$2" -v before="$before" -v bad="$3" \
    'BEGIN { exit !(bad == "up" ? now > 2 * before : now < before / 2) }' || return 0
  echo "worse: $1 is $2, more than twice as bad as the recorded $before"
  worse=1
}

"$work/measure" 21 "$program" --version -- "$program" --help >"$work/start"
{ read -r start_ms start_kib && read -r help_ms _; } <"$work/start"
echo "start-up: --version $start_ms ms ($start_kib KiB), --help $help_ms ms; target: under 5 ms"
printf '%7s %9s %9s %6s %12s %10s %10s %6s %11s %7s\n' tables 'floor ms' 'check ms' ratio 'above/table' \
  'floor KiB' 'check KiB' ratio 'Alembic ms' ratio
for n in $sizes; do
  project=$work/$n
  python3 "$here/generate.py" "$project" "$n"
  cd "$project"
  # an empty script that carries the fingerprint: the tables are there
  "$program" revision -m all >/dev/null 2>&1 && "$program" upgrade >/dev/null 2>&1
  "$program" check >out || { echo "the generated project of $n tables differs"; cat out; exit 1; }
  "$work/measure" 9 "$work/floor" app.db -- "$program" check >"$work/times"
  { read -r floor_ms floor_kib && read -r check_ms check_kib; } <"$work/times"
  alembic_ms=- alembic_ratio=-
  if [ -n "$python" ] && [ "$n" -le 1000 ]; then
    "$work/measure" 3 "$python" compare.py -- "$program" check >"$work/times"
    { read -r alembic_ms _ && read -r beside _; } <"$work/times"
    alembic_ratio=$(ratio "$alembic_ms" "$beside")
    judge "alembic.$n" "$alembic_ratio" down
  fi
  time_ratio=$(ratio "$check_ms" "$floor_ms") memory_ratio=$(ratio "$check_kib" "$floor_kib")
  above=$(awk -v a="$check_ms" -v b="$floor_ms" -v n="$n" 'BEGIN { printf "%.0f us", (a - b) * 1000 / n }')
  printf '%7s %9s %9s %6s %12s %10s %10s %6s %11s %7s\n' "$n" "$floor_ms" "$check_ms" "$time_ratio" "$above" \
    "$floor_kib" "$check_kib" "$memory_ratio" "$alembic_ms" "$alembic_ratio"
  judge "time.$n" "$time_ratio" up
  judge "memory.$n" "$memory_ratio" up
done
echo "targets: check at most 3 x the floor and 4 x its memory, at least 100 x faster than Alembic at 1,000 tables"

# A project beside the generated one: the same files, and one script that carries their fingerprint.
offline() { # SIZE DIALECT
  printf '{ "dialects": ["%s"], "schemas": ["schemas"], "migrations": ["%s"] }' "$2" "$2" >"$2.json"
  mkdir -p "$2"
  "$program" -c "$2.json" revision -m all >out 2>&1 && "$program" -c "$2.json" check >out 2>&1 ||
    { echo "check of $1 tables on $2 fails without a database"; cat out; exit 1; }
  "$work/measure" 9 "$work/floor_files" schemas -- "$program" -c "$2.json" check >"$work/times"
  { read -r floor_ms floor_kib && read -r check_ms check_kib; } <"$work/times"
  time_ratio=$(ratio "$check_ms" "$floor_ms")
  each=$(awk -v a="$check_ms" -v n="$1" 'BEGIN { printf "%.0f us", a * 1000 / n }')
  printf '%7s %-10s %9s %9s %6s %9s %10s\n' "$1" "$2" "$floor_ms" "$check_ms" "$time_ratio" "$each" "$check_kib"
  judge "offline.$2.$1" "$time_ratio" up
}

echo
printf '%7s %-10s %9s %9s %6s %9s %10s\n' tables dialect 'files ms' 'check ms' ratio table 'check KiB'
for n in $sizes; do
  cd "$work/$n"
  for dialect in sqlite postgresql; do offline "$n" "$dialect"; done
done
echo "targets: without a database under 50 ms at 1,000 tables, and as much for each table at 5,000"
# shellcheck source=tests/bench/hook.sh
. "$here/hook.sh"
[ "${RECORD:-0}" = 0 ] || {
  echo '# Ratios that `make bench RECORD=1` measured; GATE=1 compares with them.'
  cat "$work/recorded"
} >"$here/baseline"
exit "$worse"
