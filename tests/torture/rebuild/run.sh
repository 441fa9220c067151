#!/usr/bin/env bash
# Takes the hand-written table rebuild through the sqlite3 shell: once for its
# result, once per way to fail, then through kill -9 at random moments.
# Usage: run.sh [KILLS]      SQLITE3=shell to use, default sqlite3
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 2
kills=${1:-5}
sqlite=${SQLITE3:-sqlite3}
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
passed=0
failed=0

sql() { "$sqlite" -batch -init /dev/null "$@"; }

check() { # NAME EXPECTED ACTUAL
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAIL %s\n  expected: %s\n  got:      %s\n' "$1" "$2" "$3"
  fi
}

fresh() { # FILE: a new database from schema.sql
  rm -f "$1" "$1-journal" "$1-wal" "$1-shm"
  sql "$1" <"$here/schema.sql" || { echo "cannot load schema.sql" >&2; exit 2; }
}

rows() { # everything the rebuild must keep; ids of rows included
  sql "$1" "
    SELECT 'item', id, org_id, parent_id, name, CAST(qty AS TEXT), quote(price), quote(total), label FROM item ORDER BY id;
    SELECT 'cascade', * FROM child_cascade; SELECT 'null', * FROM child_null; SELECT 'plain', * FROM child_plain;
    SELECT 'note', rowid, quote(tag), item_id, body FROM note ORDER BY rowid;
    SELECT 'pair', a, b, item_id, quote(v) FROM pair ORDER BY b, a;
    SELECT 'odd', _rowid_, quote(\"a b\"), quote(\"select\"), quote(rowid), quote(\"c \"\"d\") FROM \"odd \"\"t'\" ORDER BY _rowid_;
    SELECT 'org', * FROM org; SELECT 'log', * FROM log; SELECT 'v', * FROM item_vv;
    SELECT 'sequence', name, seq FROM sqlite_sequence ORDER BY name;"
}

objects() { # names of all; text of all but the rebuilt tables
  sql "$1" "
    SELECT type, name, tbl_name, CASE WHEN type <> 'table' OR name IN ('org', 'log', 'child_cascade', 'child_null', 'child_plain') THEN sql END
    FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name;"
}

orphans() { sql "$1" 'SELECT "table", rowid, parent FROM pragma_foreign_key_check ORDER BY 1, 2, 3;'; }

state() { { rows "$1"; sql "$1" "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name;"; } | cksum; }

# 1. the result
db=$dir/a.db
fresh "$db"
rows_before=$(rows "$db")
objects_before=$(objects "$db")
orphans_before=$(orphans "$db")
out=$({ echo 'PRAGMA foreign_keys = ON;' && cat "$here/rebuild.sql"; } | sql "$db" 2>&1)
check "rebuild: exit" 0 $?
check "rebuild: silent" "" "$out"
check "rows" "$rows_before" "$(rows "$db")"
check "objects" "$objects_before" "$(objects "$db")"
check "violations" "$orphans_before" "$(orphans "$db")"
check "integrity" ok "$(sql "$db" 'PRAGMA integrity_check')"
check "qty is a number" 'integer null' "$(sql "$db" 'SELECT group_concat(t, char(32)) FROM (SELECT DISTINCT typeof(qty) t FROM item ORDER BY t)')"
check "column dropped, column added" 0,1 "$(sql "$db" "SELECT sum(name = 'gone') || ',' || sum(name = 'status') FROM pragma_table_xinfo('item')")"
check "next id" 1001 "$(sql "$db" "INSERT INTO item (name) VALUES ('next'); SELECT max(id) FROM item")"
check "own trigger fires" 'new next' "$(sql "$db" "SELECT what FROM log")"
check "ON CONFLICT IGNORE kept" 6 "$(sql "$db" "INSERT INTO item (name) VALUES ('NEXT'); SELECT count(*) FROM item")"
check "cascades" '0 2 0' "$(sql "$db" "PRAGMA foreign_keys = ON; DELETE FROM child_plain; DELETE FROM note; DELETE FROM pair;
  DELETE FROM item WHERE id = 1; SELECT (SELECT count(*) FROM child_cascade) || ' ' || (SELECT count(*) FROM child_null WHERE item_id IS NULL)
  || ' ' || (SELECT count(*) FROM item WHERE id < 1000)")"

# 2. failures: exit status, message, and a file that is the same to the byte
fails() { # NAME MESSAGE SETUP [SED]: SETUP breaks the database, SED edits the script
  local rc out
  fresh "$dir/f.db"
  sql "$dir/f.db" "$3" >/dev/null
  cp "$dir/f.db" "$dir/f.before"
  sed -e "${4:-}" "$here/rebuild.sql" >"$dir/f.sql"
  out=$(sql "$dir/f.db" <"$dir/f.sql" 2>&1)
  rc=$?
  check "$1: exit" 1 "$rc"
  case $out in
    *"$2"*) passed=$((passed + 1)) ;;
    *) check "$1: message" "$2" "$out" ;;
  esac
  [ ! -s "$dir/f.db-journal" ]
  check "$1: no journal left" 0 $?
  cmp -s "$dir/f.before" "$dir/f.db"
  check "$1: file unchanged" 0 $?
}

fails "lossy cast" "CHECK constraint failed: item.qty: a value changes when stored as INTEGER" "UPDATE item SET qty = '007' WHERE id = 5"
fails "null" "CHECK constraint failed: note.body: NULLs are in the way of NOT NULL" "UPDATE note SET body = NULL WHERE rowid = 700"
fails "null, no guard" "NOT NULL constraint failed: schemadiff_new_odd" "INSERT INTO \"odd \"\"t'\" (\"select\") VALUES (1)"
fails "check" "CHECK constraint failed: b > 0" "INSERT INTO pair VALUES ('n', -1, NULL, NULL)"
fails "rows lost" "item: rows were lost" "" 's/name, qty, price FROM item;/name, qty, price FROM item WHERE id < 40;/'
fails "OR ABORT wins" "UNIQUE constraint failed: schemadiff_new_item.org_id" "" 's/^  org_id INT REFERENCES org,/  org_id INT UNIQUE ON CONFLICT IGNORE REFERENCES org,/'
fails "new orphan" "foreign keys: the rebuild leaves rows without a parent" "" 's/^  org_id INT REFERENCES org,/  org_id INT REFERENCES log,/'
fails "new orphan behind an old one" "foreign keys: the rebuild leaves rows without a parent" "UPDATE item SET price = 78 WHERE id = 9" \
  's/^  price REAL CHECK/  price REAL REFERENCES org CHECK/; s/id, org_id, parent_id, name, qty, price FROM item/id, org_id, parent_id, name, qty, CASE id WHEN 9 THEN 78 END FROM item/'
fails "view" "no such column: gone" "DROP VIEW item_vv; DROP VIEW item_v; CREATE VIEW item_v AS SELECT id, gone FROM item"
fails "own trigger" "no such column: NEW.gone" "" 's/NEW.name, NEW.id/NEW.gone, NEW.id/'
fails "other table's trigger" "no such column: gone" "DROP TRIGGER org_bd; CREATE TRIGGER org_bd BEFORE DELETE ON org BEGIN UPDATE item SET gone = 1; END"
fails "other table's UPDATE OF" "no such column: gone" "DROP TRIGGER org_au; CREATE TRIGGER org_au AFTER UPDATE OF code ON org BEGIN SELECT gone FROM item; END"
fails "INSTEAD OF" "has no column named gone" "DROP TRIGGER item_vv_ii; CREATE TRIGGER item_vv_ii INSTEAD OF INSERT ON item_vv BEGIN INSERT INTO item (gone) VALUES (1); END"
fails "leftover" "already exists" "CREATE TABLE schemadiff_new_pair (x)"
fails "inside a transaction" "cannot start a transaction within a transaction" "" '2i\
BEGIN;'

# 3. kill -9: afterwards the database is the old one or the new one, nothing else
if [ "$kills" -gt 0 ]; then
  now() { sql :memory: "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"; }
  big=$dir/big.db
  fresh "$big"
  sql "$big" "WITH RECURSIVE n(i) AS (SELECT 2000 UNION ALL SELECT i + 1 FROM n WHERE i < 101999)
    INSERT INTO item (id, org_id, parent_id, name, qty, price) SELECT i, 1, 1, 'row ' || i, i % 1000, i / 7.0 FROM n; DELETE FROM log;
    INSERT INTO child_cascade SELECT id, id FROM item WHERE id >= 2000;"
  old=$(state "$big")
  cp "$big" "$dir/done.db"
  start=$(now)
  sql "$dir/done.db" <"$here/rebuild.sql"
  took=$(($(now) - start + 1))
  new=$(state "$dir/done.db")
  check "old and new differ" 1 "$([ "$old" != "$new" ] && echo 1)"
  mid=0
  finished=0
  i=0
  while [ "$i" -lt "$kills" ]; do
    i=$((i + 1))
    k=$dir/kill.db
    rm -f "$k" "$k-journal" "$k-wal" "$k-shm"
    cp "$big" "$k"
    if [ $((i % 2)) = 0 ]; then sql "$k" 'PRAGMA journal_mode = WAL' >/dev/null; fi
    ms=$((RANDOM % (took + took / 4 + 1)))
    "$sqlite" -batch -init /dev/null "$k" <"$here/rebuild.sql" >/dev/null 2>&1 &
    pid=$!
    sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    if [ -s "$k-journal" ] || [ -s "$k-wal" ]; then mid=$((mid + 1)); fi
    case $(state "$k") in
      "$old") passed=$((passed + 1)) ;;
      "$new") passed=$((passed + 1)) finished=$((finished + 1)) ;;
      *) check "kill $i after $ms ms" "old or new" "neither" ;;
    esac
    check "kill $i after $ms ms: integrity" ok "$(sql "$k" 'PRAGMA integrity_check')"
    sql "$k" "SELECT 1 FROM sqlite_schema WHERE name LIKE 'schemadiff%'" | grep -q .
    check "kill $i after $ms ms: nothing left over" 1 $?
  done
  echo "killed $kills times within $took ms, $mid left a journal, $finished had committed"
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
