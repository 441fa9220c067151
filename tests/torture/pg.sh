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
# of the server. Between the two each index build is broken off while the server is at it.
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
: "${JOBS:=2}"
db=torture out=$work/out # of this process

conninfo() { echo "$(sed -E 's/ *\bdbname=[^ ]*//' <<<"$SD_TEST_PG") dbname=$1"; }
sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -c "$2" "$(conninfo "$1")"; }
use() { DATABASE_URL="postgresql:///?$(sed -E 's/ +/\&/g' <<<"$(conninfo "$1")")"; export DATABASE_URL; }

as_owner() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

restart() { (cd / && as_owner "$PGBIN/pg_ctl" -D "$PGDIR/data" -l "$PGDIR/data/log" -m immediate -s -w restart >/dev/null) || { echo "the server does not start again"; return 1; }; }

fail() {
  failed=$((failed + 1))
  printf 'FAIL %s\n' "$*"
}

copy_database() { # FROM TO
  { sql postgres "DROP DATABASE IF EXISTS $2 WITH (FORCE)" 2>/dev/null && sql postgres "CREATE DATABASE $2 TEMPLATE $1"; } ||
    { echo "cannot copy $1"; exit 1; }
}

# A fresh copy of database $1 is what DATABASE_URL names.
reset() {
  copy_database "$1" "$db"
  use "$db"
}

# ---- what must be equal -------------------------------------------------------------------

catalog() {
  pg_dump --schema-only --no-owner --exclude-table='schemadiff*' "$(conninfo "$db")" | grep -v -e '^--' -e '^\\' -e '^$'
}

# Of every table: how many rows, and the sum of what they hold. Then the record.
rows() {
  sql "$db" "SELECT relname, xpath('//n/text()', query_to_xml(format(
      'SELECT count(*) || '' '' || coalesce(md5(string_agg(t::text, '','' ORDER BY t::text)), '''') AS n FROM %s t',
      oid::regclass), false, true, ''))
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'schemadiff%' ORDER BY 1;
    SELECT 'invalid', indexrelid::regclass FROM pg_index WHERE NOT indisvalid;
    SELECT 'not validated', conname FROM pg_constraint WHERE NOT convalidated;
    SELECT revision, state, progress FROM schemadiff_revisions ORDER BY 1;
    SELECT action, revision, count(*) FROM schemadiff_log WHERE result = 'ok' GROUP BY 1, 2 ORDER BY 1, 2"
}

facts() {
  catalog
  rows
}

# remember NAME: what an undisturbed run has led to
remember() {
  facts >"$work/$1.facts"
  copy_database "$db" "$1"
}

expect() { # WHAT NAME
  facts >"$out.facts" 2>&1
  if cmp -s "$out.facts" "$work/$2.facts"; then
    passed=$((passed + 1))
    return
  fi
  fail "$1: not as after an undisturbed run"
  diff "$work/$2.facts" "$out.facts" | head -n 20
}

# ---- going on -----------------------------------------------------------------------------

# The commands that only read, whatever was left.
look() { # WHAT N
  case $(($2 % 3)) in
    0) "$program" current >"$out" 2>&1 || fail "$1: current: $(cat "$out")" ;;
    1) "$program" status >"$out" 2>&1 || fail "$1: status: $(cat "$out")" ;;
  esac
}

finish_up() { # WHAT
  "$program" -q upgrade >"$out" 2>&1 || { fail "$1: the next upgrade: $(cat "$out")"; return 1; }
  "$program" -q check >"$out" 2>&1 || { fail "$1: check afterwards: $(cat "$out")"; return 1; }
}

finish_down() { # WHAT
  "$program" -q downgrade before >"$out" 2>&1 || { fail "$1: the next downgrade: $(cat "$out")"; return 1; }
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

# Every ${JOBS}th write, from the $1-th on.
some_writes() { # N FROM TO FINISH COMMAND…
  local n=$1 from=$2 to=$3 finish=$4 what
  db=torture_$1 out=$work/out.$1 passed=0 failed=0
  shift 4
  while [ "$n" -le "$writes" ]; do
    what="write $n of $writes of $1"
    reset "$from"
    stopped_at "$n" "$@" || fail "$what did not stop it"
    look "$what" "$n"
    "$finish" "$what" && expect "$what" "$to"
    n=$((n + JOBS))
  done
  echo "$passed $failed" >"$out.result"
}

every_write() { # FROM TO FINISH COMMAND…
  local i p f
  reset "$1"
  rm -f "$work/count"
  SCHEMADIFF_CRASH_COUNT=$work/count "$program" -q "${@:4}" >"$out" 2>&1 || { echo "$4 does not run: $(cat "$out")"; exit 1; }
  expect "$4, counted" "$2"
  writes=$(cat "$work/count")
  [ "$writes" -gt 100 ] || fail "only $writes writes seen"
  for i in $(seq "$JOBS"); do some_writes "$i" "$@" & done
  wait
  for i in $(seq "$JOBS"); do
    read -r p f <"$work/out.$i.result" || { p=0 f=1; echo "FAIL process $i of $4 has not come to its end"; }
    passed=$((passed + p)) failed=$((failed + f))
    rm -f "$work/out.$i.result"
  done
}

# ---- kills and restarts -------------------------------------------------------------------

pause() { sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"; }

# Run COMMAND, and have it killed after $1 ms; $2 = restart: the server, a moment later; server: it
# alone, and the program is left to say what happened.
disturbed() { # MS HOW COMMAND…
  local ms=$1 how=$2 pid
  shift 2
  "$program" -q "$@" >"$out" 2>&1 &
  pid=$!
  disown "$pid"
  pause "$ms"
  [ "$how" = server ] || kill -9 "$pid" 2>/dev/null
  [ "$how" != restart ] || pause $((RANDOM % 50))
  [ "$how" = kill ] || restart || exit 1
  while kill -0 "$pid" 2>/dev/null; do sleep 0.01; done
  [ -z "$(sql "$db" "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'schemadiff%'")" ] || went_on=$((went_on + 1))
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

# ---- in the middle of an index build --------------------------------------------------------

# A snapshot that CREATE INDEX CONCURRENTLY waits for before it ends, and that is in nobody else's way.
hold() { # NAME
  PGAPPNAME=$1 psql -X -q -c 'SELECT pg_sleep(100)' "$(conninfo "$db")" >/dev/null 2>&1 &
  disown $!
  until [ "$(sql "$db" "SELECT count(*) FROM pg_stat_activity WHERE application_name = '$1' AND state = 'active'")" = 1 ]; do :; done
}

release() { sql "$db" "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '$1'" >/dev/null; }

# Wait until another index than $index is being built; its name to $index.
next_build() {
  local i now
  for i in $(seq 600); do
    now=$(sql "$db" "SELECT index_relid::regclass FROM pg_stat_progress_create_index WHERE phase = 'waiting for old snapshots'")
    [ -n "$now" ] && [ "$now" != "$index" ] && index=$now && return
    sleep 0.05
  done
  return 1
}

# Run COMMAND in the background, $pid, until its $1-th index build waits for hold.$1.
stall() { # K COMMAND…
  local k=$1 i
  shift
  index=''
  hold hold.1
  "$program" -q "$@" >"$out" 2>&1 &
  pid=$!
  for i in $(seq "$k"); do
    next_build || return 1
    [ "$i" = "$k" ] || hold "hold.$((i + 1))"
    [ "$i" = "$k" ] || release "hold.$i"
  done
}

# The program has come to its end by itself, said why, and exits 4.
gave_up() { # WHAT
  local status
  wait "$pid"
  status=$?
  [ "$status" = 4 ] && grep -q '^.*error: ' "$out" || fail "$1: exit $status: $(cat "$out")"
}

break_build() { # K HOW FROM TO FINISH COMMAND…
  local k=$1 how=$2 from=$3 to=$4 finish=$5 what pid other=0
  shift 5
  reset "$from"
  stall "$k" "$@" || { fail "index build $k of $1 was not seen: $(cat "$out")"; release "hold.%"; return; }
  what="$how while $1 builds $index"
  case $how in
    kill) # the build goes on, and whoever comes next waits for it
      kill -9 "$pid"
      wait "$pid" 2>/dev/null
      "$program" -q "$@" --wait 300 >"$out.other" 2>&1 &
      other=$!
      sleep 0.2
      ;;
    kill-restart)
      kill -9 "$pid"
      wait "$pid" 2>/dev/null
      restart || exit 1
      ;;
    restart)
      restart || exit 1
      gave_up "$what"
      ;;
    terminate)
      sql "$db" "SELECT pg_terminate_backend(pid) FROM pg_stat_progress_create_index" >/dev/null
      gave_up "$what"
      ;;
  esac
  release "hold.$k"
  [ "$other" = 0 ] || wait "$other" || fail "$what: the one that waits: $(cat "$out.other")"
  "$finish" "$what" && expect "$what" "$to"
}

every_build() { # BUILDS FROM TO FINISH COMMAND…
  local builds=$1 k how
  shift
  for k in $(seq "$builds"); do
    for how in kill kill-restart terminate restart; do break_build "$k" "$how" "$@"; done
  done
} 2>/dev/null

# ---- many at once -------------------------------------------------------------------------

at_once() { # N FROM TO
  local i pids=()
  reset "$2"
  for i in $(seq "$1"); do
    "$program" upgrade --wait 300 >"$out.$i" 2>&1 &
    pids+=($!)
  done
  for i in $(seq "$1"); do
    wait "${pids[i - 1]}" || fail "upgrade $i of $1 at once: $(cat "$out.$i")"
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
  "$program" -q upgrade >"$out" 2>&1 || { echo "the upgrade does not run: $(cat "$out")"; exit 1; }
  took=$((($(date +%s%N) - began) / 1000000))
  "$program" -q check >"$out" 2>&1 || { echo "the upgrade leads elsewhere: $(cat "$out")"; exit 1; }
  remember "$1_after"
  "$program" -q downgrade before >"$out" 2>&1 || { echo "the downgrade does not run: $(cat "$out")"; exit 1; }
  remember "$1_back"
}

prepare small 90 50
every_write small_before small_after finish_up upgrade
up=$writes
every_write small_after small_back finish_down downgrade -1

every_build 6 small_before small_after finish_up upgrade
every_build 3 small_after small_back finish_down downgrade before

# from nothing: each of two revisions is done once
reset template0
copy_database "$db" empty
"$program" -q upgrade >"$out" 2>&1 || { echo "no upgrade of nothing: $(cat "$out")"; exit 1; }
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
