#!/usr/bin/env bash
# A history of twenty revisions, in each of the three transaction modes: stopped at every write and
# run again, and ten at once. No statement is lost, none is done twice.
#
#     history.sh sqlite PROGRAM_BUILT_WITH_CRASH=1 [STRIDE]
#     tests/pg/with_server.sh tests/torture/history.sh postgresql PROGRAM_BUILT_WITH_CRASH=1 [STRIDE]
#
# The program stops itself at its n-th write when SCHEMADIFF_CRASH_AT=n (core/db/crash.h). Every
# STRIDE-th n of an upgrade and of a downgrade of the whole history is tried (every one unless
# given). Each statement leaves a row in a ledger without a key: what ran twice is there twice.
set -u
export LC_ALL=C
engine=$1
program=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
stride=${3:-1}
unset NO_COLOR PGDATABASE PGHOST PGPORT PGUSER SCHEMADIFF_URL
# a process that is killed needs no disk, and a disk makes each write slow
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
    sql() { sqlite3 -init /dev/null -batch -bail app.db "$1"; }
    empty() { rm -f app.db app.db-*; }
    ;;
  postgresql)
    : "${SD_TEST_PG:?tests/pg/with_server.sh starts a server}" "${PGBIN:?}"
    PATH=$PGBIN:$PATH
    server=$(sed -E 's/ *\bdbname=[^ ]*//' <<<"$SD_TEST_PG")
    psql -X -q -c 'CREATE DATABASE history' "$server dbname=postgres" || exit 1
    DATABASE_URL="postgresql:///?$(sed -E 's/ +/\&/g' <<<"$server dbname=history")"
    export DATABASE_URL
    sql() { psql -X -q -A -t -F '|' -v ON_ERROR_STOP=1 -c "$1" "$server dbname=history"; }
    # who was killed may have a statement in the server still
    empty() {
      sql "SET client_min_messages = error; SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = 'history' AND pid <> pg_backend_pid(); DROP SCHEMA public CASCADE; CREATE SCHEMA public" >/dev/null
    }
    ;;
esac

# ---- twenty revisions ---------------------------------------------------------------------

make_history() {
  local i id before=''
  mkdir migrations schemas
  for i in $(seq 20); do
    id=$(printf 'r%02d' "$i")
    {
      printf -- '-- make %s\n-- revision: %s\n' "$id" "$id"
      [ -z "$before" ] || printf -- '-- revises: %s\n' "$before"
      printf -- '\n-- schemadiff:up\n'
      [ "$i" != 1 ] || printf 'CREATE TABLE ledger (rev text, n integer);\n'
      printf 'CREATE TABLE t_%s (x integer);\n' "$id"
      printf "INSERT INTO ledger VALUES ('%s', 1);\n" "$id"
      printf -- '-- schemadiff:expect-none %s was there\nSELECT * FROM t_%s;\n' "$id" "$id"
      printf "INSERT INTO t_%s SELECT count(*) FROM ledger;\nINSERT INTO ledger VALUES ('%s', 2);\n" "$id" "$id"
      printf -- "\n-- schemadiff:down\nDELETE FROM ledger WHERE rev = '%s' AND n = 2;\n" "$id"
      printf "DROP TABLE t_%s;\nDELETE FROM ledger WHERE rev = '%s' AND n = 1;\n" "$id" "$id"
      [ "$i" != 1 ] || printf 'DROP TABLE ledger;\n'
    } >"migrations/$id.sql"
    before=$id
  done
}

use_mode() {
  printf '{ "environments": { "dev": { "url": "${DATABASE_URL}" } }, "default_environment": "dev", "transaction": "%s" }\n' \
    "$1" >schemadiff.json
}

# ---- what must hold -----------------------------------------------------------------------

case $engine in
  sqlite)
    list='group_concat(n)'
    tables="SELECT name, '', 0, '' FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'schemadiff%'"
    ;;
  postgresql)
    list="string_agg(n::text, ',')"
    tables="SELECT relname, '', 0, '' FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
      AND relname NOT LIKE 'schemadiff%'"
    ;;
esac

logged() { # ACTION: how many lines, of how many revisions
  printf "SELECT '%s', CAST(count(*) AS text), count(DISTINCT revision), '' FROM schemadiff_log WHERE action = '%s' AND result = 'ok'" "$1" "$1"
}

# A state is asked for in one query: on PostgreSQL each connection takes as long as a run of three.
expect() { # WHAT GOT WANTED
  if [ "$2" = "$3" ]; then passed=$((passed + 1)); else fail "$1: $(diff <(printf '%s' "$2") <(printf '%s' "$3") | head -n 5)"; fi
}

expect_all() { expect "$1" "$(sql "$done_now" 2>&1)" "$wanted_all"; }
expect_none() { expect "$1" "$(sql "$left_now" 2>&1)" "$wanted_none"; }

# of each revision: its lines in the ledger, the row of its table, its state; and the log
done_now='' wanted_all=''
for i in $(seq 20); do
  id=$(printf 'r%02d' "$i")
  done_now="$done_now SELECT '$id', (SELECT $list FROM (SELECT n FROM ledger WHERE rev = '$id' ORDER BY n) l),
    (SELECT x FROM t_$id), (SELECT state FROM schemadiff_revisions WHERE revision = '$id') UNION ALL"
  wanted_all="$wanted_all$id|1,2|$((2 * i - 1))|applied"$'\n'
done
done_now="SELECT * FROM ($done_now $(logged upgrade)) a ORDER BY 1"
wanted_all="${wanted_all}upgrade|20|20|"

# what is left: nothing but the log
left_now="$tables UNION ALL SELECT revision, '', 0, state FROM schemadiff_revisions UNION ALL $(logged downgrade)"
wanted_none='downgrade|20|20|'

# What an interrupted run may leave, by its mode.
check_middle() { # MODE WHAT
  local applied running
  "$program" status >out 2>&1 || { fail "$2: status: $(cat out)"; return; }
  IFS='|' read -r applied running < <(sql "SELECT count(CASE state WHEN 'applied' THEN 1 END),
    count(CASE WHEN state <> 'applied' THEN 1 END) FROM schemadiff_revisions" 2>/dev/null || echo '0|0')
  case $1 in
    each) [ "$running" = 0 ] || fail "$2: half done" ;;
    all) [ "$running" = 0 ] && { [ "$applied" = 0 ] || [ "$applied" = 20 ]; } || fail "$2: $applied applied, $running half done" ;;
    none) [ "$running" -le 1 ] || fail "$2: $running half done" ;;
  esac
}

# ---- every write --------------------------------------------------------------------------

# In a shell of its own, which keeps to itself that the program was killed.
stopped_at() { # N COMMAND…
  (
    exec 2>/dev/null
    n=$1
    shift
    SCHEMADIFF_CRASH_AT=$n "$program" -q "$@" >/dev/null
    [ $? = 137 ]
  )
}

every_write() { # MODE EXPECT COMMAND…
  local mode=$1 expect=$2 writes n what
  shift 2
  start "$1"
  rm -f count
  SCHEMADIFF_CRASH_COUNT=$PWD/count "$program" -q "$@" >out 2>&1 || { echo "$mode: $1 does not run: $(cat out)"; exit 1; }
  "$expect" "$mode: $1, counted"
  writes=$(cat count)
  [ "$writes" -gt 20 ] || fail "$mode: only $writes writes seen"
  n=$stride
  while [ "$n" -le "$writes" ]; do
    what="$mode: write $n of $writes of $1"
    start "$1"
    stopped_at "$n" "$@" || fail "$what did not stop it"
    check_middle "$mode" "$what"
    if "$program" -q "$@" >out 2>&1; then "$expect" "$what"; else fail "$what: the next $1: $(cat out)"; fi
    n=$((n + stride))
  done
  total=$((total + writes))
}

start() { # COMMAND: the database that it begins with
  empty
  [ "$1" = upgrade ] || "$program" -q upgrade >out 2>&1 || fail "the upgrade before: $(cat out)"
}

# ---- ten at once --------------------------------------------------------------------------

at_once() { # MODE EXPECT COMMAND…
  local mode=$1 expect=$2 i pids=()
  shift 2
  start "$1"
  for i in $(seq 10); do
    "$program" "$@" --wait 300 >"out.$i" 2>&1 &
    pids+=($!)
  done
  for i in $(seq 10); do
    wait "${pids[i - 1]}" || fail "$mode: $1 number $i of 10: $(cat "out.$i")"
  done
  "$expect" "$mode: 10 $1 at once"
}

make_history
total=0
for mode in each all none; do
  use_mode "$mode"
  every_write "$mode" expect_all upgrade
  every_write "$mode" expect_none downgrade base
  at_once "$mode" expect_all upgrade
  at_once "$mode" expect_none downgrade base
done

printf '%s: a history of 20, %d writes, every %s tried\n' "$engine" "$total" "$([ "$stride" = 1 ] && echo one || echo "${stride}th")"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
