#!/usr/bin/env bash
# Databases that nobody here wrote, taken through the main job.    run.sh PROGRAM FOLDER
#
# FOLDER holds chinook-sqlite.sql. Zabbix's proxy schema and PowerDNS's schema with its history come
# from Debian's packages; what can't be downloaded is skipped, and said so.
set -u
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
corpus=$(cd "${2:?usage: run.sh PROGRAM FOLDER}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

shell() { sqlite3 -init /dev/null -batch "$1"; }

verdict() { # STATUS WHAT
  if [ "$1" = 0 ]; then
    passed=$((passed + 1))
    echo "ok   $2"
  else
    failed=$((failed + 1))
    echo "FAIL $2"
    [ -s "$work/log" ] && sed 's/^/     /' "$work/log" | tail -n 8
  fi
}

step() { # WHAT COMMAND…
  local what=$1
  shift
  "$@" >"$work/log" 2>&1
  verdict $? "$what"
}

# All rows of the tables that $1 and $2 share, by the columns of $2, to be compared.
rows() { # DB REFERENCE
  local table columns
  for table in $(echo "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'schemadiff%' ORDER BY 1" | shell "$2"); do
    [ -n "$(echo "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '$table'" | shell "$1")" ] || continue
    columns=$(echo "SELECT group_concat('\"' || name || '\"', ', ') FROM pragma_table_xinfo('$table') WHERE hidden = 0" | shell "$2")
    echo "== $table"
    echo "SELECT $columns FROM \"$table\" ORDER BY rowid" | shell "$1" 2>/dev/null ||
      echo "SELECT $columns FROM \"$table\" ORDER BY 1, 2" | shell "$1"
  done
}

# Equal but for the order of columns, which a native DROP and ADD COLUMN does not keep.
same_schema() {
  python3 -c 'import json, sys; sys.exit(json.load(open(sys.argv[1])) != json.load(open(sys.argv[2])))' \
    "$work/before.json" "$work/after.json"
}

project() { # DIR: an empty project around app.db
  mkdir -p "$1/schemas"
  printf '%s\n' '{ "environments": { "dev": { "url": "sqlite:app.db" } }, "default_environment": "dev" }' >"$1/schemadiff.json"
  cd "$1" || exit 1
}

baseline() { # NAME
  step "$1: inspect" "$program" inspect -o schemas/db.json
  step "$1: baseline" "$program" autogenerate --baseline -m baseline --rev-id start
  step "$1: check is clean" "$program" check
  "$program" inspect >"$work/before.json" 2>/dev/null
}

there_and_back() { # NAME [TABLES LEFT OUT OF THE SCHEMA'S COMPARISON]
  cp app.db "$work/reference.db"
  step "$1: autogenerate" "$program" autogenerate -m change --rev-id change --allow all --no-renames
  step "$1: upgrade" "$program" upgrade
  step "$1: check is clean after it" "$program" check
  step "$1: downgrade" "$program" downgrade -1
  "$program" inspect >"$work/after.json" 2>/dev/null
  step "$1: the schema is what it was" same_schema
  rows "$work/reference.db" "$work/reference.db" >"$work/rows.before"
  rows app.db "$work/reference.db" >"$work/rows.after"
}

chinook() {
  project "$work/chinook"
  sed 's/^\xef\xbb\xbf//' "$corpus/chinook-sqlite.sql" | shell app.db >/dev/null || return
  baseline Chinook
  step 'Chinook: the edit' python3 "$here/edit.py" schemas/db.json
  cp app.db "$work/reference.db"
  step 'Chinook: autogenerate' "$program" autogenerate -m change --rev-id change
  step 'Chinook: upgrade' "$program" upgrade
  step 'Chinook: check is clean after it' "$program" check
  step 'Chinook: downgrade' "$program" downgrade -1
  "$program" inspect >"$work/after.json" 2>/dev/null
  step 'Chinook: the schema is what it was' same_schema
  # announced as lost: the rows of the dropped table
  rows "$work/reference.db" "$work/reference.db" | awk '/^== /{keep = $2 != "PlaylistTrack"} keep' >"$work/rows.before"
  rows app.db "$work/reference.db" | awk '/^== /{keep = $2 != "PlaylistTrack"} keep' >"$work/rows.after"
  step "Chinook: $(grep -vc '^== ' "$work/rows.before") rows are what they were" cmp "$work/rows.before" "$work/rows.after"
}

package() { # NAME: unpacked into $work/NAME.pkg
  (
    mkdir -p "$work/$1.pkg" && cd "$work/$1.pkg" && apt-get download -q "$1" >/dev/null 2>&1 &&
      dpkg -x "$1"*.deb .
  ) && return 0
  skipped=$((skipped + 1))
  echo "skip $1 can't be downloaded"
  return 1
}

# Rows for a schema that comes without: one in every table that takes a row of defaults.
some_rows() { # DB
  local table
  for table in $(echo "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'" | shell "$1"); do
    echo "INSERT INTO \"$table\" DEFAULT VALUES" | shell "$1" 2>/dev/null
  done
}

# Every version of a schema to every later one: $@ are SQL files, oldest first.
versions() { # NAME FILE…
  local name=$1 last old new i=0
  shift
  last=${*: -1}
  for old in "$@"; do
    [ "$old" = "$last" ] && break
    i=$((i + 1))
    new=$work/$name.new.db
    rm -f "$new"
    shell "$new" <"$last" >/dev/null 2>&1
    rm -rf "$work/$name.$i"
    project "$work/$name.$i"
    shell app.db <"$old" >/dev/null 2>&1
    some_rows app.db
    baseline "$name $(basename "$old" .sql)"
    "$program" inspect --url "sqlite:$new" -o schemas/db.json --force >/dev/null 2>&1
    there_and_back "$name $(basename "$old" .sql)"
    step "$name $(basename "$old" .sql): $(grep -vc '^== ' "$work/rows.before") rows are what they were" \
      cmp "$work/rows.before" "$work/rows.after"
  done
}

powerdns() {
  local folder script base version
  package pdns-backend-sqlite3 || return
  folder=$work/pdns-backend-sqlite3.pkg
  base=$(find "$folder" -name '3.4.0_to_4.0.0_schema.sqlite3.sql*' | head -n 1)
  [ -n "$base" ] || { echo 'skip PowerDNS: no upgrade scripts in the package'; skipped=$((skipped + 1)); return; }
  # The package has the newest schema and the steps to it. Each older one is that schema without the
  # objects that the steps create: made by running the steps' ALTERs and CREATEs on a start of ours.
  mkdir -p "$work/pdns"
  cat >"$work/pdns/3.4.0.sql" <<'SQL'
CREATE TABLE domains (id INTEGER PRIMARY KEY, name VARCHAR(255) NOT NULL COLLATE NOCASE, master VARCHAR(128) DEFAULT NULL,
  last_check INTEGER DEFAULT NULL, type VARCHAR(6) NOT NULL, notified_serial INTEGER DEFAULT NULL, account VARCHAR(40) DEFAULT NULL);
CREATE UNIQUE INDEX name_index ON domains(name);
CREATE TABLE records (id INTEGER PRIMARY KEY, domain_id INTEGER DEFAULT NULL, name VARCHAR(255) DEFAULT NULL, type VARCHAR(10) DEFAULT NULL,
  content VARCHAR(65535) DEFAULT NULL, ttl INTEGER DEFAULT NULL, prio INTEGER DEFAULT NULL, change_date INTEGER DEFAULT NULL,
  disabled BOOLEAN DEFAULT 0, ordername VARCHAR(255), auth BOOL DEFAULT 1);
CREATE INDEX rec_name_index ON records(name);
CREATE INDEX nametype_index ON records(name,type);
CREATE INDEX domain_id ON records(domain_id);
CREATE INDEX orderindex ON records(ordername);
CREATE TABLE supermasters (ip VARCHAR(64) NOT NULL, nameserver VARCHAR(255) NOT NULL COLLATE NOCASE, account VARCHAR(40) NOT NULL);
CREATE UNIQUE INDEX ip_nameserver_pk ON supermasters(ip, nameserver);
CREATE TABLE comments (id INTEGER PRIMARY KEY, domain_id INTEGER NOT NULL, name VARCHAR(255) NOT NULL, type VARCHAR(10) NOT NULL,
  modified_at INT NOT NULL, account VARCHAR(40) DEFAULT NULL, comment VARCHAR(65535) NOT NULL);
CREATE INDEX comments_domain_id_index ON comments (domain_id);
CREATE INDEX comments_nametype_index ON comments (name, type);
CREATE INDEX comments_order_idx ON comments (domain_id, modified_at);
CREATE TABLE domainmetadata (id INTEGER PRIMARY KEY, domain_id INT NOT NULL, kind VARCHAR(32) COLLATE NOCASE, content TEXT);
CREATE INDEX domainmetaidindex ON domainmetadata(domain_id);
CREATE TABLE cryptokeys (id INTEGER PRIMARY KEY, domain_id INT NOT NULL, flags INT NOT NULL, active BOOL, content TEXT);
CREATE INDEX domainidindex ON cryptokeys(domain_id);
CREATE TABLE tsigkeys (id INTEGER PRIMARY KEY, name VARCHAR(255) COLLATE NOCASE, algorithm VARCHAR(50) COLLATE NOCASE, secret VARCHAR(255));
CREATE UNIQUE INDEX namealgoindex ON tsigkeys(name, algorithm);
INSERT INTO domains (name, type) VALUES ('example.org', 'NATIVE'), ('example.net', 'MASTER');
INSERT INTO records (domain_id, name, type, content, ttl) VALUES (1, 'www.example.org', 'A', '192.0.2.1', 60), (2, 'example.net', 'NS', 'ns', 5);
INSERT INTO tsigkeys (name, algorithm, secret) VALUES ('k', 'hmac-md5', 's');
SQL
  local all=("$work/pdns/3.4.0.sql") previous=$work/pdns/3.4.0.sql
  while read -r script; do
    version=$(basename "$script" | sed 's/.*_to_\(.*\)_schema.*/\1/')
    { cat "$previous"; case $script in *.gz) zcat "$script" ;; *) cat "$script" ;; esac; } >"$work/pdns/$version.sql"
    previous=$work/pdns/$version.sql
    all+=("$previous")
  done < <(find "$folder" -name '[0-9]*_to_*_schema.sqlite3.sql*' | sort -V)
  script=$(find "$folder" -name 'schema.sqlite3.sql*' | head -n 1)
  case $script in *.gz) zcat "$script" ;; *) cat "$script" ;; esac >"$work/pdns/newest.sql"
  all+=("$work/pdns/newest.sql")
  versions PowerDNS "${all[@]}"
}

zabbix() {
  local script
  package zabbix-proxy-sqlite3 || return
  script=$(find "$work/zabbix-proxy-sqlite3.pkg" -name 'schema.sql*' | head -n 1)
  [ -n "$script" ] || { echo 'skip Zabbix: no schema in the package'; skipped=$((skipped + 1)); return; }
  case $script in *.gz) zcat "$script" ;; *) cat "$script" ;; esac >"$work/zabbix.sql"
  project "$work/zabbix"
  shell app.db <"$work/zabbix.sql" >/dev/null 2>&1
  some_rows app.db
  baseline Zabbix
  # an older and a newer release of it: columns, keys and indexes of some tables differ
  python3 - schemas/db.json <<'PY'
import json, sys
with open(sys.argv[1]) as f:
    schema = json.load(f)
tables = schema["tables"]
for n, (name, table) in enumerate(sorted(tables.items())):
    if n % 5 == 0:
        table["columns"]["sd_added"] = {"type": "varchar(64)", "nullable": False, "default": "''"}
    if n % 7 == 0:
        table.pop("indexes", None)
    if n % 9 == 0:
        for column in table["columns"].values():
            column.pop("references", None)
        table.pop("foreign_keys", None)
    if n % 11 == 0:
        for column in table["columns"].values():
            if column.get("type", "").startswith("varchar") and column.get("default") == "''":
                column["nullable"] = True
with open(sys.argv[1], "w") as f:
    json.dump(schema, f)
PY
  there_and_back Zabbix
  step "Zabbix: $(grep -vc '^== ' "$work/rows.before") rows are what they were" cmp "$work/rows.before" "$work/rows.after"
}

chinook
powerdns
zabbix
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ]
