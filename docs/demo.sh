#!/bin/sh
# The main job on an SQLite database, in a folder that is thrown away: `make demo` runs this.
set -eu
exec 2>&1
program=${1:?usage: demo.sh PROGRAM}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/project"
ln -s "$program" "$work/bin/schemadiff"
PATH=$work/bin:$PATH HOME=$work
export PATH HOME
unset SCHEMADIFF_URL DATABASE_URL
cd "$work/project"

bold='' plain=''
[ ! -t 1 ] || bold=$(printf '\033[1m') plain=$(printf '\033[0m')

say() { printf '\n%s# %s%s\n' "$bold" "$*" "$plain"; }

# Show a command and run it; it must succeed.
run() {
  printf '%s$ %s%s\n' "$bold" "$*" "$plain"
  sh -c "$*"
}

# The same; it must exit with $1.
exits() {
  want=$1 status=0
  shift
  run "$@" || status=$?
  echo "[exit $status]"
  [ "$status" = "$want" ]
}

rows() { sqlite3 app.db 'SELECT * FROM users' 'SELECT * FROM posts' 'SELECT * FROM sqlite_sequence'; }

say 'An application has a database: people, what they wrote, and a view.'
cat >app.sql <<'SQL'
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
run 'cat app.sql'
run 'sqlite3 app.db <app.sql'
rows >before

say 'Its schema becomes a file, and the history begins.'
run 'schemadiff init -q && rm schemas/example.json'
run 'schemadiff inspect -o schemas/app.json'
run 'cat schemas/app.json'
run 'schemadiff autogenerate --baseline -m "what is there" --rev-id 0001'
run 'schemadiff check'

say 'The file is edited: a rename, a type, a column that every row needs, a check, an index.'
cp schemas/app.json old.json
sed -i \
  -e 's/"name": { "type": "TEXT", "nullable": false }/"full_name": { "type": "TEXT", "nullable": false, "renamed_from": "name" }/' \
  -e 's/"age": { "type": "TEXT" }/"age": { "type": "INTEGER", "check": "age >= 0" },\
        "role": { "type": "TEXT", "nullable": false, "backfill": "CASE WHEN age > 50 THEN '"'admin'"' ELSE '"'user'"' END" }/' \
  -e 's/"title": { "type": "TEXT", "nullable": false }/"title": { "type": "TEXT", "nullable": false, "index": true }/' \
  -e 's/SELECT u\.name,/SELECT u.full_name,/' \
  schemas/app.json
exits 1 'diff -U0 old.json schemas/app.json'
say 'CI would stop here:'
exits 1 'schemadiff check'

say 'The migration is written. It is plain SQL, to be reviewed.'
run 'schemadiff autogenerate -m "roles, and age as a number" --rev-id 0002'
run 'cat migrations/*_0002_*.sql'

say 'It runs in one transaction. users was built anew; the posts that refer to it are all there.'
run 'schemadiff upgrade'
run 'sqlite3 -box app.db "SELECT * FROM users; SELECT * FROM posts; SELECT * FROM authors"'
run 'schemadiff check'

say 'The way back:'
run 'schemadiff downgrade -1'
run 'sqlite3 -box app.db "SELECT * FROM users; SELECT * FROM posts"'
run 'schemadiff history'
rows >after
cmp before after
say 'Every row is what it was. Now it is your turn: README.md has the five-minute tutorial.'
