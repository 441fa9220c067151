#!/usr/bin/env bash
# Stopped at every write, killed at random moments, the server restarted under it, ten at once: an
# upgrade on PostgreSQL loses nothing, does nothing twice, and the next one finishes.
#
#     tests/pg/with_server.sh tests/torture/pg.sh PROGRAM_BUILT_WITH_CRASH=1 [KILLS]
#
# The program stops itself when SCHEMADIFF_CRASH_AT=n: before the n-th statement that writes is
# sent, and, counted as another n, when it was sent and the answer is not there (core/db/crash.h).
# Every n of an upgrade and of a downgrade is tried on small tables with small batches; then KILLS
# times SIGKILL at a random moment on large ones, in every second round with an immediate restart
# of the server.
set -u
export LC_ALL=C
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
kills=${2:-5}
: "${SD_TEST_PG:?tests/pg/with_server.sh starts a server}" "${PGBIN:?}" "${PGDIR:?}"
unset NO_COLOR PGDATABASE PGHOST PGPORT PGUSER
PATH=$PGBIN:$PATH
# shellcheck source=tests/torture/pg_project.sh
. "$(dirname "${BASH_SOURCE[0]}")/pg_project.sh"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 went_on=0

conninfo() { echo "$(sed -E 's/ *\bdbname=[^ ]*//' <<<"$SD_TEST_PG") dbname=$1"; }
sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -c "$2" "$(conninfo "$1")"; }
use() { DATABASE_URL="postgresql:///?$(sed -E 's/ +/\&/g' <<<"$(conninfo "$1")")"; export DATABASE_URL; }

as_owner() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

restart() { (cd / && as_owner "$PGBIN/pg_ctl" -D "$PGDIR/data" -l "$PGDIR/data/log" -m immediate -s -w restart >/dev/null); }

fail() {
  failed=$((failed + 1))
  printf 'FAIL %s\n' "$*"
}

# A fresh copy of database $1 is what DATABASE_URL names.
reset() {
  sql postgres "DROP DATABASE IF EXISTS torture WITH (FORCE)" 2>/dev/null &&
    sql postgres "CREATE DATABASE torture TEMPLATE $1" || { echo "cannot copy $1"; exit 1; }
  use torture
}

keep() { sql postgres "DROP DATABASE IF EXISTS $1" 2>/dev/null && sql postgres "CREATE DATABASE $1 TEMPLATE torture"; }

# ---- what must be equal -------------------------------------------------------------------

catalog() {
  pg_dump --schema-only --no-owner --exclude-table='schemadiff*' "$(conninfo torture)" | grep -v -e '^--' -e '^\\' -e '^$'
}

# of every table: rows, and the sum over what they hold
rows() {
  sql torture "SELECT c.relname, x.n FROM pg_class c, LATERAL (SELECT (xpath('//n/text()', query_to_xml(format(
      'SELECT count(*) || '' '' || coalesce(md5(string_agg(t::text, '','' ORDER BY t::text)), '''') AS n FROM %s t',
      c.oid::regclass), false, true, '')))[1]::text AS n) x
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'schemadiff%' ORDER BY 1"
}

books() {
  sql torture "SELECT revision, state, progress FROM schemadiff_revisions ORDER BY 1;
    SELECT action, revision, count(*) FROM schemadiff_log WHERE result = 'ok' GROUP BY 1, 2 ORDER BY 1, 2;
    SELECT 'invalid', indexrelid::regclass FROM pg_index WHERE NOT indisvalid;
    SELECT 'not validated', conname FROM pg_constraint WHERE NOT convalidated"
}

facts() { catalog; rows; books; }

# remember NAME: what an undisturbed run has led to
remember() {
  facts >"$work/$1.facts"
  keep "$1"
}

# The first row that differs stands in the report.
expect() { # WHAT NAME
  facts >"$work/facts" 2>&1
  if cmp -s "$work/facts" "$work/$2.facts"; then
    passed=$((passed + 1))
    return
  fi
  fail "$1: not as after an undisturbed run"
  diff "$work/$2.facts" "$work/facts" | head -n 20
}

# ---- going on -----------------------------------------------------------------------------

# The commands that only read, whatever was left.
look() { # WHAT N
  case $(($2 % 3)) in
    0) "$program" current >out 2>&1 || fail "$1: current: $(cat out)" ;;
    1) "$program" status >out 2>&1 || fail "$1: status: $(cat out)" ;;
  esac
}

finish_up() { # WHAT
  "$program" -q upgrade >out 2>&1 || { fail "$1: the next upgrade: $(cat out)"; return 1; }
  [ -z "$("$program" pending 2>&1)" ] || "$program" -q upgrade >out 2>&1
  "$program" -q check >out 2>&1 || { fail "$1: check afterwards: $(cat out)"; return 1; }
}

finish_down() { # WHAT
  "$program" -q downgrade before >out 2>&1 || { fail "$1: the next downgrade: $(cat out)"; return 1; }
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

every_write() { # FROM TO FINISH COMMAND…
  local from=$1 to=$2 finish=$3 n=1 what
  shift 3
  reset "$from"
  rm -f count
  SCHEMADIFF_CRASH_COUNT=$PWD/count "$program" -q "$@" >out 2>&1 || { echo "$1 does not run: $(cat out)"; exit 1; }
  expect "$1, counted" "$to"
  writes=$(cat count)
  [ "$writes" -gt 50 ] || fail "only $writes writes seen"
  while [ "$n" -le "$writes" ]; do
    what="write $n of $writes of $1"
    reset "$from"
    stopped_at "$n" "$@" || fail "$what did not stop it"
    look "$what" "$n"
    "$finish" "$what" && expect "$what" "$to"
    n=$((n + ${STEP:-1}))
  done
}

# ---- kills and restarts -------------------------------------------------------------------

pause() { sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"; }

# Run COMMAND, and have it killed after $1 ms; $2 = restart: the server, a moment later; server: it
# alone, and the program is left to say what happened.
disturbed() { # MS HOW COMMAND…
  local ms=$1 how=$2 pid
  shift 2
  "$program" -q "$@" >killed 2>&1 &
  pid=$!
  disown "$pid"
  pause "$ms"
  [ "$how" = server ] || kill -9 "$pid" 2>/dev/null
  [ "$how" != restart ] || pause $((RANDOM % 50))
  [ "$how" = kill ] || restart || { echo "the server does not start again"; exit 1; }
  while kill -0 "$pid" 2>/dev/null; do sleep 0.01; done
  [ -z "$(sql torture "SELECT FROM pg_stat_activity WHERE application_name LIKE 'schemadiff%'")" ] || went_on=$((went_on + 1))
}

kill_round() { # I FROM TO FINISH COMMAND…
  local i=$1 from=$2 to=$3 finish=$4 how=kill what ms
  shift 4
  [ $((i % 4)) != 2 ] || how=restart
  [ $((i % 4)) != 0 ] || how=server
  reset "$from"
  ms=$((RANDOM % (took + 1)))
  what="round $i, $1, $how after $ms ms"
  disturbed "$ms" "$how" "$@"
  # the one that goes on is as mortal
  if [ $((RANDOM % 2)) = 0 ]; then
    ms=$((RANDOM % (took / 2 + 1)))
    what="$what, kill after $ms ms"
    disturbed "$ms" kill "$@"
  fi
  look "$what" "$i"
  "$finish" "$what" && expect "$what" "$to"
}

# ---- many at once -------------------------------------------------------------------------

at_once() { # N FROM TO
  local i pids=()
  reset "$2"
  for i in $(seq "$1"); do
    "$program" upgrade --wait 300 >"$work/out.$i" 2>&1 &
    pids+=($!)
  done
  for i in $(seq "$1"); do
    wait "${pids[i - 1]}" || fail "upgrade $i of $1 at once: $(cat "$work/out.$i")"
  done
  expect "$1 upgrades at once" "$3"
}

# ---- all ----------------------------------------------------------------------------------

prepare() { # NAME ROWS BATCH: databases NAME_before, NAME_after and NAME_back
  reset template0
  make_project "$work/$1" "$2" "$3" || { echo "cannot make the project"; exit 1; }
  cd "$work/$1" || exit 1
  remember "$1_before"
  began=$(date +%s%N)
  "$program" -q upgrade >out 2>&1 || { echo "the upgrade does not run: $(cat out)"; exit 1; }
  took=$((($(date +%s%N) - began) / 1000000))
  "$program" -q check || { echo "the upgrade leads elsewhere"; exit 1; }
  remember "$1_after"
  "$program" -q downgrade before >out 2>&1 || { echo "the downgrade does not run: $(cat out)"; exit 1; }
  remember "$1_back"
}

prepare small 230 50
every_write small_before small_after finish_up upgrade
up=$writes
every_write small_after small_back finish_down downgrade -1

# from nothing: each of two revisions is done once
reset template0 && keep empty && "$program" -q upgrade >out 2>&1 || { echo "no upgrade of nothing: $(cat out)"; exit 1; }
remember empty_after
at_once 10 empty empty_after

prepare large 30000 5000
at_once 10 large_before large_after
i=1
while [ "$i" -le "$kills" ]; do
  if [ $((i % 3)) = 0 ]; then
    kill_round "$i" large_after large_back finish_down downgrade before
  else
    kill_round "$i" large_before large_after finish_up upgrade
  fi
  i=$((i + 1))
done

printf '%d and %d writes, %d kills and restarts, %d with a statement that went on in the server\n' "$up" "$writes" "$kills" \
  "$went_on"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
