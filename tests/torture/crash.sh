#!/usr/bin/env bash
# Stopped at every write, and killed at random moments: an upgrade that rebuilds tables loses
# nothing, and the next one finishes.
#
#     crash.sh PROGRAM_BUILT_WITH_CRASH=1 [KILLS]
#
# The program stops itself at its n-th write when SCHEMADIFF_CRASH_AT=n (core/db/crash.h); every n
# of an upgrade and of a downgrade is tried, in both journal modes. Then KILLS times SIGKILL at a
# random moment of an upgrade that rebuilds a table of 100,000 rows.
set -u
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
kills=${2:-10}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 hot=0

shell() { sqlite3 -init /dev/null -batch "$1" "$2"; }

fail() {
  failed=$((failed + 1))
  printf 'FAIL %s\n' "$*"
}

# A project in $1: the schema of before, with rows, and a revision that rebuilds four tables of it.
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
    "indexes": { "parent_cheap": { "columns": [{ "expression": "lower(name)" }], "where": "price < '5'" } },
    "triggers": { "parent_au": { "timing": "after", "events": ["update"], "body": "INSERT INTO log (what) VALUES (NEW.name);" } } },
  "child": {
    "columns": {
      "parent": { "type": "integer", "nullable": false,
        "references": { "table": "parent", "column": "id", "on_delete": "cascade" } },
      "note": { "type": "text" } },
    "triggers": { "child_ad": { "timing": "after", "events": ["delete"], "body": "UPDATE parent SET name = name WHERE id = OLD.parent;" } } },
  "tree": {
    "columns": {
      "code": { "type": "text" },
      "above": { "type": "text", "references": { "table": "tree", "column": "code", "on_delete": "set null" } },
      "size": { "type": "text" } },
    "primary_key": ["code"], "sqlite": { "without_rowid": true } },
  "log": { "columns": { "what": { "type": "text" }, "extra": { "type": "text" } } } },
  "views": { "named": "SELECT id, name FROM parent", "counted": "SELECT count(*) AS n FROM named" } }
JSON
  (
    cd "$1" || exit 1
    "$program" -q autogenerate -m before --rev-id before >/dev/null 2>&1 && "$program" -q upgrade || exit 1
    shell app.db "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
      INSERT INTO parent (name, price) SELECT 'name ' || i, i || '' FROM n;
      INSERT INTO child SELECT id, 'note ' || id FROM parent;
      INSERT INTO tree SELECT 'c' || id, nullif('c' || (id / 2), 'c0'), id || '' FROM parent WHERE id <= 40;
      INSERT INTO log (what, extra) VALUES ('kept', 'x');
      DELETE FROM child WHERE parent > $2 - 3; DELETE FROM parent WHERE id > $2 - 3;" || exit 1
    sed -i 's/"price": { "type": "text" }/"price": { "type": "integer", "nullable": false, "default": 0, "check": "price >= 0" }/
      s/"note": { "type": "text" }/"note": { "type": "text", "nullable": false }, "more": { "type": "text", "default": "upper(1)" }/
      s/"size": { "type": "text" }/"size": { "type": "integer" }/
      s/"extra": { "type": "text" }/"extra": { "type": "text", "nullable": false, "backfill": "'"''"'" }/' \
      schemas/all.json
    "$program" -q autogenerate -m after --rev-id after --allow not-null >/dev/null 2>&1
    [ "$(sed -n '/schemadiff:down/q; /^CREATE TABLE/p' migrations/*_after_*.sql | wc -l)" = 4 ]
  )
}

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

# What must not change: rows, the counter, other objects. Of a large table, sums.
facts() { # DB
  if [ "$rows" -gt 1000 ]; then
    shell "$1" "SELECT count(*), sum(id), sum(price + 0), sum(length(name)) FROM parent;
      SELECT count(*), sum(parent), sum(rowid), sum(length(note)) FROM child;"
  else
    shell "$1" "SELECT id, name, CAST(price AS text) FROM parent ORDER BY id;
      SELECT rowid, parent, note FROM child ORDER BY rowid;"
  fi
  shell "$1" "SELECT code, above, CAST(size AS text) FROM tree ORDER BY code;
    SELECT rowid, what, extra FROM log ORDER BY rowid;
    SELECT seq FROM sqlite_sequence WHERE name = 'parent'; SELECT n FROM counted;
    SELECT type, name FROM sqlite_master WHERE type <> 'table' ORDER BY name;"
}

# The schema; a rename leaves the name in quotes.
catalog() { # DB
  shell "$1" "SELECT type, name, tbl_name, replace(sql, 'TABLE \"' || name || '\"', 'TABLE ' || name) FROM sqlite_master WHERE name NOT LIKE 'schemadiff%' AND name NOT LIKE 'sqlite%' ORDER BY 1, 2"
}

# Who comes first after the crash finds a hot journal: the program reading, the program writing, or
# another one.
come_first() { # WHAT N
  [ -s app.db-journal ] || [ -s app.db-wal ] && hot=$((hot + 1))
  case $(($2 % 3)) in
    0) "$program" current >out 2>&1 || fail "$1: current: $(cat out)" ;;
    1) "$program" status >out 2>&1 || fail "$1: status: $(cat out)" ;;
  esac
}

# The state in the current folder is whole, and the next upgrade finishes.
check_state() { # WHAT N
  local state want
  come_first "$1" "$2"
  [ "$(shell app.db 'PRAGMA integrity_check')" = ok ] || { fail "$1: integrity_check"; return; }
  [ -z "$(shell app.db 'PRAGMA foreign_key_check')" ] || { fail "$1: foreign_key_check"; return; }
  [ "$(facts app.db)" = "$expected" ] || { fail "$1: rows or objects changed"; return; }
  state=$(shell app.db 'SELECT group_concat(revision) FROM (SELECT revision FROM schemadiff_revisions ORDER BY 1)')
  case $state in
    before) want=$schema_before ;;
    after,before) want=$schema_after ;;
    *) fail "$1: half recorded: $state"; return ;;
  esac
  [ "$(catalog app.db)" = "$want" ] || { fail "$1: revisions $state, and another schema"; return; }
  "$program" -q upgrade >out 2>&1 || { fail "$1: the next upgrade: $(cat out)"; return; }
  "$program" -q check >out 2>&1 || { fail "$1: check afterwards: $(cat out)"; return; }
  [ "$(facts app.db)" = "$expected" ] || { fail "$1: rows or objects changed afterwards"; return; }
  [ "$(catalog app.db)" = "$schema_after" ] || { fail "$1: another schema afterwards"; return; }
  passed=$((passed + 1))
}

reset() { # DB
  rm -f app.db app.db-*
  cp "$1" app.db
}

# The databases before and after the revision, and what they hold.
remember() {
  cp app.db before.db
  expected=$(facts before.db)
  schema_before=$(catalog before.db)
  "$program" -q upgrade || { echo "the upgrade does not run"; exit 1; }
  shell app.db 'PRAGMA wal_checkpoint(truncate)' >/dev/null
  cp app.db after.db
  schema_after=$(catalog after.db)
}

every_write() { # MODE FROM COMMAND…
  local mode=$1 from=$2 writes n=1
  shift 2
  reset "$from"
  rm -f count
  SCHEMADIFF_CRASH_COUNT=$PWD/count "$program" -q "$@" || { echo "$1 does not run"; exit 1; }
  # what a downgrade brings back is the very text
  [ "$1" = upgrade ] || [ "$(catalog app.db)" = "$schema_before" ] || fail "$mode: $1 leaves another schema"
  writes=$(cat count)
  [ "$writes" -gt 10 ] || fail "$mode: only $writes writes seen"
  while [ "$n" -le "$writes" ]; do
    reset "$from"
    stopped_at "$n" "$@" || fail "$mode: write $n of $1 did not stop it"
    check_state "$mode, write $n of $writes of $1" "$n"
    n=$((n + 1))
  done
}

rows=40
make_project "$work/small" $rows || { echo "cannot make the project"; exit 1; }
cd "$work/small" || exit 1
cp app.db start.db
for mode in delete wal; do
  reset start.db
  shell app.db "PRAGMA journal_mode = $mode" >/dev/null
  remember
  every_write "$mode" before.db upgrade
  every_write "$mode" after.db downgrade -1
done
small=$((passed + failed))

rows=100000
make_project "$work/large" $rows || { echo "cannot make the large project"; exit 1; }
cd "$work/large" || exit 1
cp app.db start.db
began=$(date +%s%N)
remember
took=$((($(date +%s%N) - began) / 1000000))
hot_before=$hot
i=1
while [ "$i" -le "$kills" ]; do
  reset start.db
  [ $((i % 2)) = 0 ] && shell app.db 'PRAGMA journal_mode = wal' >/dev/null
  "$program" -q upgrade >/dev/null 2>&1 &
  pid=$!
  disown "$pid"
  ms=$((RANDOM % (took + 1)))
  sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
  kill -9 "$pid" 2>/dev/null
  while kill -0 "$pid" 2>/dev/null; do sleep 0.01; done
  check_state "kill $i after $ms ms" "$i"
  i=$((i + 1))
done

printf '%d writes and %d kills, %d and %d of them with a journal or log left behind\n' "$small" "$kills" "$hot_before" \
  $((hot - hot_before))
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
