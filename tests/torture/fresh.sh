#!/usr/bin/env bash
# fresh, stopped at every write: the old database, or an empty one that the next upgrade and seed fill; and seeds,
# which with their record are there, or not.
#
#     fresh.sh sqlite PROGRAM_BUILT_WITH_CRASH=1 [STRIDE]
#     tests/pg/with_server.sh tests/torture/fresh.sh postgresql PROGRAM_BUILT_WITH_CRASH=1 [STRIDE]
set -u
export LC_ALL=C
engine=$1
program=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
stride=${3:-1}
unset NO_COLOR PGDATABASE PGHOST PGPORT PGUSER SCHEMADIFF_URL
[ -n "${TMPDIR:-}" ] || ! [ -w /dev/shm ] || export TMPDIR=/dev/shm
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
cd "$work" || exit 1

fail() {
  failed=$((failed + 1))
  printf 'FAIL %s\n' "$*"
}

case $engine in
  sqlite)
    export DATABASE_URL=sqlite:app.db
    name=app.db
    sql() { sqlite3 -init /dev/null -batch -bail app.db "$1"; }
    empty() { rm -f app.db app.db-*; }
    there() { sql "SELECT count(*) FROM sqlite_schema WHERE name = '$1'"; }
    ;;
  postgresql)
    : "${SD_TEST_PG:?tests/pg/with_server.sh starts a server}" "${PGBIN:?}"
    PATH=$PGBIN:$PATH
    server=$(sed -E 's/ *\bdbname=[^ ]*//' <<<"$SD_TEST_PG")
    name=fresh
    psql -X -q -c 'CREATE DATABASE fresh' "$server dbname=postgres" || exit 1
    DATABASE_URL="postgresql:///?$(sed -E 's/ +/\&/g' <<<"$server dbname=fresh")"
    export DATABASE_URL
    sql() { psql -X -q -A -t -F '|' -v ON_ERROR_STOP=1 -c "$1" "$server dbname=fresh"; }
    empty() {
      sql "SET client_min_messages = error; SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = 'fresh' AND pid <> pg_backend_pid(); DROP SCHEMA public CASCADE; CREATE SCHEMA public" >/dev/null
    }
    there() { sql "SELECT count(*) FROM pg_class WHERE relname = '$1'"; }
    ;;
esac

mkdir migrations schemas seeds
printf -- '-- a\n-- revision: a1\n-- schemadiff:up\nCREATE TABLE a (x integer PRIMARY KEY);\nCREATE VIEW v AS SELECT x FROM a;\n' >migrations/1.sql
printf -- '-- b\n-- revision: b2\n-- revises: a1\n-- schemadiff:up\nCREATE TABLE b (x integer REFERENCES a);\n' >migrations/2.sql
echo 'INSERT INTO a VALUES (1); INSERT INTO a VALUES (2);' >seeds/1.sql
echo 'INSERT INTO b VALUES (1); INSERT INTO b VALUES (2);' >seeds/2.sql
echo '{}' >schemadiff.json

# The database that fresh finds: rows and a table that no script has made.
start() {
  empty
  "$program" -q upgrade >out 2>&1 || fail "upgrade: $(cat out)"
  sql "CREATE TABLE by_hand (x integer); INSERT INTO by_hand VALUES (9); INSERT INTO a VALUES (7); INSERT INTO b VALUES (7)" >/dev/null
}

expect_fresh() { # WHAT
  local state
  state="$(there by_hand) $(sql "SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b), (SELECT count(*) FROM schemadiff_revisions), (SELECT count(*) FROM schemadiff_seeds)" 2>&1)"
  if [ "$state" = '0 2|2|2|2' ]; then passed=$((passed + 1)); else fail "$1: $state"; fi
}

# The old database, whole; or nothing of it.
check_middle() { # WHAT
  "$program" status >out 2>&1 || fail "$1: status: $(cat out)"
  [ "$(there by_hand)" = 1 ] || return 1
  [ "$(sql 'SELECT (SELECT count(*) FROM by_hand), (SELECT count(*) FROM v), (SELECT count(*) FROM b), (SELECT count(*) FROM schemadiff_revisions)')" = '1|1|1|2' ] ||
    fail "$1: half of the old database is gone"
}

stopped_at() { # N: in a shell of its own, which keeps to itself that the program was killed
  (
    exec 2>/dev/null
    SCHEMADIFF_CRASH_AT=$1 "$program" -q fresh "--yes=$name" >/dev/null
    [ $? = 137 ]
  )
}

start
SCHEMADIFF_CRASH_COUNT=$PWD/count "$program" -q fresh "--yes=$name" >out 2>&1 || { echo "fresh does not run: $(cat out)"; exit 1; }
expect_fresh counted
writes=$(cat count)
[ "$writes" -gt 20 ] || fail "only $writes writes seen"
old=0 empty=0
for ((n = stride; n <= writes; n += stride)); do
  what="write $n of $writes"
  start
  stopped_at "$n" || fail "$what did not stop it"
  if check_middle "$what"; then
    old=$((old + 1))
    "$program" -q fresh "--yes=$name" >out 2>&1 || fail "$what: the next fresh: $(cat out)"
  else
    empty=$((empty + 1))
    "$program" -q upgrade >out 2>&1 || fail "$what: the next upgrade: $(cat out)"
    "$program" -q seed >out 2>&1 || fail "$what: the next seed: $(cat out)"
  fi
  expect_fresh "$what"
done
if [ "$old" = 0 ] || [ "$empty" = 0 ]; then fail "left the old database $old times, an empty one $empty times"; fi

printf '%s: fresh, %d writes, every %s tried\n' "$engine" "$writes" "$([ "$stride" = 1 ] && echo one || echo "${stride}th")"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
