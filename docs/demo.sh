#!/bin/sh
# The main job on an SQLite database, in a folder that is thrown away: `make demo` runs this.
set -eu
exec 2>&1
program=${1:?usage: demo.sh PROGRAM}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$program" "$work/bin/schemadiff"
PATH=$work/bin:$PATH
cd "$work"

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
run() {
  printf '$ %s\n' "$*"
  sh -c "$*"
}

say 'An application has a database, with people and what they wrote.'
sqlite3 -init /dev/null app.db <<'SQL'
CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, age TEXT);
CREATE TABLE posts (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  title TEXT NOT NULL -- shown in lists
);
CREATE VIEW authors AS SELECT u.name, count(*) AS posts FROM users u JOIN posts p ON p.user_id = u.id GROUP BY 1;
INSERT INTO users (name, age) VALUES ('Ada', '36'), ('Grace', '85'), ('Linus', NULL);
INSERT INTO posts (user_id, title) VALUES (1, 'Notes'), (1, 'Engines'), (2, 'Compilers');
SQL
run 'schemadiff init -q'
rm schemas/example.json
run 'schemadiff inspect -q -o schemas/app.json'
run 'cat schemas/app.json'
run 'schemadiff -q autogenerate --baseline -m "what is there" --rev-id 0001 2>/dev/null'
run 'schemadiff check'

say 'The schema file is edited: a rename, a type, a column that every row needs, an index.'
sed -i \
  -e 's/"name": { "type": "TEXT", "nullable": false }/"full_name": { "type": "TEXT", "nullable": false, "renamed_from": "name" }/' \
  -e 's/"age": { "type": "TEXT" }/"age": { "type": "INTEGER", "check": "age >= 0" },\
        "role": { "type": "TEXT", "nullable": false, "backfill": "CASE WHEN age > 50 THEN '"'admin'"' ELSE '"'user'"' END" }/' \
  -e 's/"title": { "type": "TEXT", "nullable": false }/"title": { "type": "TEXT", "nullable": false, "index": true }/' \
  -e 's/SELECT u\.name,/SELECT u.full_name,/' \
  schemas/app.json
run 'schemadiff check || echo "exit $?: this is what CI sees"'
run 'schemadiff autogenerate -m "roles, and age as a number" --rev-id 0002'
say 'The migration is plain SQL, to be reviewed:'
run 'cat migrations/*_0002_*.sql'

say 'It runs in one transaction; children, views and counters are as they were.'
run 'schemadiff upgrade'
run 'sqlite3 -init /dev/null -box app.db "SELECT * FROM users; SELECT * FROM posts; SELECT * FROM authors"'
run 'schemadiff check'

say 'And the way back:'
run 'schemadiff downgrade -1'
run 'sqlite3 -init /dev/null -box app.db "SELECT * FROM users"'
run 'schemadiff history'
say 'Now it is your turn: README.md has the five-minute tutorial.'
