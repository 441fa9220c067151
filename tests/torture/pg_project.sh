# shellcheck shell=bash
# The project of pg.sh: a database with rows, and a revision over it with everything that is more
# than one transaction.

# The database that DATABASE_URL names, and in folder $1 its project: revision "before" is
# applied, "after" is not.  Tables of $2 rows, batches of $3.
make_project() { # DIR ROWS BATCH
  mkdir -p "$1/schemas"
  printf '%s\n' '{ "environments": { "dev": { "url": "${DATABASE_URL}", "lock_timeout": "60s" } }, "default_environment": "dev" }' \
    >"$1/schemadiff.json"
  cat >"$1/schemas/all.json" <<'JSON'
{ "enums": { "mood": ["sad", "ok"] },
  "tables": {
    "people": {
      "columns": {
        "id": { "type": "bigint", "identity": "by default", "primary_key": true },
        "name": { "type": "varchar(60)" },
        "email": { "type": "text" },
        "mood": { "type": "mood" },
        "score": { "type": "integer" },
        "old": { "type": "date", "index": true },
        "hits": { "type": "integer", "nullable": false, "default": 0 } },
      "indexes": { "ix_name": ["name"], "ix_score": { "columns": ["score"], "where": "score > 10" } } },
    "orders": {
      "columns": {
        "person": { "type": "bigint", "nullable": false },
        "item": { "type": "text", "nullable": false },
        "price": { "type": "numeric(10,2)" } },
      "primary_key": ["person", "item"] },
    "notes": { "columns": { "text": { "type": "text" } } },
    "counter": { "columns": { "n": { "type": "bigint" } } } } }
JSON
  (
    cd "$1" || exit 1
    "$program" -q autogenerate -m before --rev-id before >out 2>&1 && "$program" -q upgrade >out 2>&1 || { cat out; exit 1; }
    fill "$2" && change && "$program" -q autogenerate -m after --rev-id after >out 2>&1 || { cat out; exit 1; }
    count_runs migrations/*_after_*.sql "$3"
  )
}

fill() { # ROWS
  sql "$db" "INSERT INTO people (name, email, mood, score, old)
      SELECT 'Name ' || i, i || '@example.org', CASE i % 3 WHEN 0 THEN 'sad' WHEN 1 THEN 'ok' END::mood, i % 100, date '2026-01-01' + i % 99
      FROM generate_series(1, $1) i;
    INSERT INTO orders SELECT 1 + i / 3, 'it''s ' || i % 3, i / 100.0 FROM generate_series(0, $1 - 1) i;
    INSERT INTO notes SELECT nullif('note ' || i % 50, 'note 3') FROM generate_series(1, $1) i;
    INSERT INTO counter VALUES (0);"
}

change() {
  cat >schemas/all.json <<'JSON'
{ "enums": { "mood": ["sad", "so so", "ok", "glad"], "size": ["s", "l"] },
  "tables": {
    "people": {
      "columns": {
        "id": { "type": "bigint", "identity": "by default", "primary_key": true },
        "name": { "type": "text" },
        "email": { "type": "text", "unique": true },
        "mood": { "type": "mood", "nullable": false, "default": "'glad'" },
        "score": { "type": "bigint" },
        "hits": { "type": "integer", "nullable": false, "default": 0 },
        "slug": { "type": "text", "nullable": false, "backfill": "md5(email)", "index": true },
        "size": { "type": "size" } },
      "indexes": {
        "ix_name": [{ "expression": "lower(name)" }],
        "ix_score": { "columns": ["score"], "where": "score > 20" },
        "ix_mood": ["mood", "id"] },
      "checks": { "ck_score": "score >= 0" } },
    "orders": {
      "columns": {
        "person": { "type": "bigint", "nullable": false, "references": "people" },
        "item": { "type": "text", "nullable": false },
        "price": { "type": "numeric(10,2)", "check": "price >= 0" },
        "total": { "type": "numeric", "nullable": false, "backfill": "price * 2" } },
      "primary_key": ["person", "item"] },
    "notes": {
      "columns": { "text": { "type": "text" }, "length": { "type": "integer", "nullable": false, "backfill": "coalesce(length(text), 0)" } },
      "indexes": { "ix_length": ["length"] } },
    "counter": { "columns": { "n": { "type": "bigint" } } },
    "badges": {
      "columns": {
        "id": { "type": "bigint", "identity": "by default", "primary_key": true },
        "person": { "type": "bigint", "nullable": false, "references": "people", "index": true } } } } }
JSON
}

# What runs twice shows: a counter in the first transaction of both parts of script $1 and in the
# last, and values that grow in each row, by batches. Batches of $2 rows.
count_runs() { # SCRIPT BATCH
  awk -v count='UPDATE counter SET n = n + 1;' '
    function end() {
      print "-- schemadiff:batch people (id) 10000\nUPDATE people SET hits = hits + 1 WHERE :batch;"
      print "-- schemadiff:batch orders (person, item) 10000\nUPDATE orders SET price = price + 1 WHERE :batch;"
      print "-- schemadiff:transaction\n" count "\n"
    }
    /^-- schemadiff:down/ { end() }
    { print }
    /^-- schemadiff:(up|down)/ { print count }
    # the values that the old enum lacks
    /^-- schemadiff:down/ { print "UPDATE people SET mood = \047ok\047 WHERE mood = \047glad\047;" }
    END { end() }' "$1" | sed "s/10000/$2/" >edited && mv edited "$1" &&
    [ "$(grep -c '^CREATE.* INDEX CONCURRENTLY' "$1")" -ge 8 ] && [ "$(grep -c '^-- schemadiff:batch' "$1")" -ge 8 ]
}
