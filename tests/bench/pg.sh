#!/usr/bin/env bash
# Times of `check` on PostgreSQL against the bare catalog queries (pg_floor.c), pg_dump
# --schema-only and Alembic, all in the same run: medians of 9, interleaved.
#
#   tests/pg/with_server.sh tests/bench/pg.sh PROGRAM
#
# SIZES="10 100 1000 5000" chooses the numbers of tables; ALEMBIC=0 leaves Alembic out, which is
# otherwise installed from Debian's packages where that works.
set -eu
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
sizes=${SIZES:-10 100 1000 5000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O2 -I"$(pkg-config --variable=includedir libpq)" -o "$work/floor" "$here/pg_floor.c" -lpq
cc -O2 -D_DEFAULT_SOURCE -o "$work/measure" "$here/measure.c"
host=$(sed -n 's/.*host=\([^ ]*\).*/\1/p' <<<"$SD_TEST_PG")

python=
find_alembic() {
  /usr/bin/python3 -c 'import alembic, psycopg2' 2>/dev/null && python=/usr/bin/python3
}
if [ "${ALEMBIC:-1}" = 1 ]; then
  find_alembic || {
    { apt-get update -q=2 && DEBIAN_FRONTEND=noninteractive apt-get install -q=2 -y --no-install-recommends \
      alembic python3-psycopg2; } >/dev/null 2>&1 || true
    find_alembic || echo "Alembic is not installed (Debian's packages: alembic python3-psycopg2): left out"
  }
fi

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

printf '%7s %9s %9s %6s %10s %10s %6s %11s %7s %11s %7s\n' tables 'floor ms' 'check ms' ratio 'floor KiB' \
  'check KiB' ratio 'pg_dump ms' ratio 'Alembic ms' ratio
for n in $sizes; do
  db=bench$n project=$work/$n
  psql -q "$SD_TEST_PG" -c "CREATE DATABASE $db TEMPLATE template0"
  python3 "$here/generate_pg.py" "$project" "$n" "postgresql://postgres@/$db?host=$host"
  cd "$project"
  psql -q -v ON_ERROR_STOP=1 "host=$host user=postgres dbname=$db" -f ddl.sql
  "$program" revision -m all >/dev/null 2>&1 && "$program" upgrade >/dev/null 2>&1
  "$program" check >out 2>&1 || { echo "the generated project of $n tables differs"; cat out; exit 1; }
  "$work/measure" 9 "$work/floor" "host=$host user=postgres dbname=$db" -- "$program" check >"$work/times"
  { read -r floor_ms floor_kib && read -r check_ms check_kib; } <"$work/times"
  "$work/measure" 3 pg_dump --schema-only -h "$host" -U postgres "$db" -- "$program" check >"$work/times"
  { read -r dump_ms _ && read -r beside _; } <"$work/times"
  dump_ratio=$(ratio "$dump_ms" "$beside") alembic_ms=- alembic_ratio=-
  if [ -n "$python" ] && [ "$n" -le 1000 ]; then
    "$work/measure" 3 "$python" compare.py -- "$program" check >"$work/times"
    { read -r alembic_ms _ && read -r beside _; } <"$work/times"
    alembic_ratio=$(ratio "$alembic_ms" "$beside")
  fi
  printf '%7s %9s %9s %6s %10s %10s %6s %11s %7s %11s %7s\n' "$n" "$floor_ms" "$check_ms" \
    "$(ratio "$check_ms" "$floor_ms")" "$floor_kib" "$check_kib" "$(ratio "$check_kib" "$floor_kib")" \
    "$dump_ms" "$dump_ratio" "$alembic_ms" "$alembic_ratio"
done
echo "targets: check at most 1.3 x the bare queries and 4 x their memory, 3 x faster than pg_dump, 40 x faster than Alembic at 1,000 tables"
