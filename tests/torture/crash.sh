#!/usr/bin/env bash
# Stopped at every write, and killed at random moments: an upgrade that rebuilds tables loses
# nothing, and the next one finishes.
#
#     crash.sh PROGRAM_BUILT_WITH_CRASH=1 [KILLS]
#
# The program stops itself at its n-th write when SCHEMADIFF_CRASH_AT=n (core/db/crash.h); every n
# is tried, in both journal modes. Then KILLS times SIGKILL at a random moment of an upgrade that
# rebuilds a table of 100,000 rows.
set -u
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
kills=${2:-10}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

shell() { sqlite3 -init /dev/null -batch "$1" "$2"; }

fail() {
  failed=$((failed + 1))
  printf 'FAIL %s\n' "$*"
}

# A project in $1: the schema of before, with rows, and a revision that rebuilds it.
make_project() { # DIR ROWS
  mkdir -p "$1/schemas"
  printf '%s\n' '{ "environments": { "dev": { "url": "sqlite:app.db" } }, "default_environment": "dev" }' \
    >"$1/schemadiff.json"
  cat >"$1/schemas/all.json" <<'JSON'
{ "tables": {
  "parent": {
    "columns": {
      "id": { "type": "integer", "primary_key": true, "sqlite": { "autoincrement": true } },
      "name": { "type": "text", "nullable": false, "index": true },
      "price": { "type": "text" } },
    "triggers": { "parent_au": { "timing": "after", "events": ["update"], "body": "SELECT 1;" } } },
  "child": {
    "columns": {
      "parent": { "type": "integer", "nullable": false,
        "references": { "table": "parent", "column": "id", "on_delete": "cascade" } },
      "note": { "type": "text" } } } },
  "views": { "named": "SELECT id, name FROM parent" } }
JSON
  (
    cd "$1" || exit 1
    "$program" -q autogenerate -m before --rev-id before >/dev/null 2>&1 && "$program" -q upgrade || exit 1
    shell app.db "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
      INSERT INTO parent (name, price) SELECT 'name ' || i, i || '' FROM n;
      INSERT INTO child SELECT id, 'note ' || id FROM parent;
      DELETE FROM child WHERE parent > $2 - 3; DELETE FROM parent WHERE id > $2 - 3;" || exit 1
    sed -i 's/"price": { "type": "text" }/"price": { "type": "integer", "nullable": false, "default": 0, "check": "price >= 0" }/
      s/"note": { "type": "text" }/"note": { "type": "text", "nullable": false }, "more": { "type": "text", "default": "upper(1)" }/' \
      schemas/all.json
    "$program" -q autogenerate -m after --rev-id after --allow not-null >/dev/null 2>&1
  )
}

# In a shell of its own, which keeps to itself that the program was killed.
stopped_at() { # N
  (
    exec 2>/dev/null
    SCHEMADIFF_CRASH_AT=$1 "$program" -q upgrade >/dev/null
    [ $? = 137 ]
  )
}

# What must not change: rows, the counter, other objects.
facts() { # DB
  shell "$1" "SELECT count(*), sum(id), sum(price + 0), sum(length(name)) FROM parent;
    SELECT count(*), sum(parent), sum(rowid), sum(length(note)) FROM child;
    SELECT seq FROM sqlite_sequence WHERE name = 'parent';
    SELECT count(*) FROM named;
    SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view', 'index') AND name NOT LIKE 'sqlite%' ORDER BY 1;"
}

# The state in the current folder is whole, and the next upgrade finishes.
check_state() { # WHAT
  local state
  [ "$(shell app.db 'PRAGMA integrity_check')" = ok ] || { fail "$1: integrity_check"; return; }
  [ -z "$(shell app.db 'PRAGMA foreign_key_check')" ] || { fail "$1: foreign_key_check"; return; }
  [ "$(facts app.db)" = "$expected" ] || { fail "$1: rows or objects changed"; return; }
  state=$(shell app.db 'SELECT group_concat(revision) FROM (SELECT revision FROM schemadiff_revisions ORDER BY 1)')
  case $state in
    before | after,before) ;;
    *) fail "$1: half recorded: $state"; return ;;
  esac
  "$program" -q upgrade >out 2>&1 || { fail "$1: the next upgrade: $(cat out)"; return; }
  "$program" -q check >out 2>&1 || { fail "$1: check afterwards: $(cat out)"; return; }
  [ "$(facts app.db)" = "$expected" ] || { fail "$1: rows or objects changed afterwards"; return; }
  passed=$((passed + 1))
}

make_project "$work/small" 40 || { echo "cannot make the project"; exit 1; }
cd "$work/small" || exit 1
for mode in delete wal; do
  shell app.db "PRAGMA journal_mode = $mode" >/dev/null
  cp app.db start.db
  expected=$(facts start.db)
  rm -f count
  SCHEMADIFF_CRASH_COUNT=$PWD/count "$program" -q upgrade || { echo "the upgrade does not run"; exit 1; }
  writes=$(cat count)
  [ "$writes" -gt 10 ] || fail "$mode: only $writes writes seen"
  n=1
  while [ "$n" -le "$writes" ]; do
    rm -f app.db app.db-*
    cp start.db app.db
    stopped_at "$n" || fail "$mode: write $n did not stop it"
    check_state "$mode, write $n of $writes"
    n=$((n + 1))
  done
  rm -f app.db app.db-*
  cp start.db app.db
done

make_project "$work/large" 100000 || { echo "cannot make the large project"; exit 1; }
cd "$work/large" || exit 1
cp app.db start.db
expected=$(facts start.db)
began=$(date +%s%N)
"$program" -q upgrade || { echo "the large upgrade does not run"; exit 1; }
took=$((($(date +%s%N) - began) / 1000000))
i=1
while [ "$i" -le "$kills" ]; do
  rm -f app.db app.db-*
  cp start.db app.db
  [ $((i % 2)) = 0 ] && shell app.db 'PRAGMA journal_mode = wal' >/dev/null
  "$program" -q upgrade >/dev/null 2>&1 &
  pid=$!
  disown "$pid"
  ms=$((RANDOM % (took + 1)))
  sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
  kill -9 "$pid" 2>/dev/null
  while kill -0 "$pid" 2>/dev/null; do sleep 0.01; done
  check_state "kill $i after $ms ms"
  i=$((i + 1))
done

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
