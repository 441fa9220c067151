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

# What SQLite itself says of the databases $1 and $2, by rows or by schema, is the same.
same() { # WHAT DB REFERENCE [TABLE LEFT OUT…]
  local what=$1 db=$2 reference=$3
  shift 3
  if [ "$what" = rows ]; then
    python3 "$here/database.py" rows "$reference" "$reference" "$@" >"$work/reference.txt" &&
      python3 "$here/database.py" rows "$db" "$reference" "$@" >"$work/found.txt" || return
  else
    python3 "$here/database.py" schema "$reference" >"$work/reference.txt" &&
      python3 "$here/database.py" schema "$db" >"$work/found.txt" || return
  fi
  diff "$work/reference.txt" "$work/found.txt"
}

# What `inspect` writes of both is equal but for the order of columns, which a native DROP and ADD
# COLUMN does not keep.
same_inspection() { # DB REFERENCE
  "$program" inspect --url "sqlite:$1" >"$work/after.json" && "$program" inspect --url "sqlite:$2" >"$work/before.json" &&
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
}

# Up from revision $2 by the program and, on a copy, by the sqlite3 shell: one result.
up() { # NAME REVISION
  cp app.db "$work/shell.db"
  "$program" upgrade --sql "$2:head" >"$work/up.sql" 2>"$work/log"
  verdict $? "$1: upgrade --sql"
  step "$1: upgrade" "$program" upgrade
  step "$1: check is clean after it" "$program" check
  step "$1: integrity and foreign keys" whole app.db
  step "$1: the sqlite3 shell runs the script too" sqlite3 -init /dev/null -batch "$work/shell.db" ".read '$work/up.sql'"
  step "$1: ... to the same schema" same schema "$work/shell.db" app.db
  step "$1: ... and the same rows" same rows "$work/shell.db" app.db
}

whole() { # DB
  echo 'PRAGMA integrity_check; PRAGMA foreign_key_check' | shell "$1" | diff - <(echo ok)
}

# Tables and columns whose rows the up part of a script says it drops.
announced() { # SCRIPT
  sed -n '/^-- schemadiff:down/q; s/^-- warning: drops table \(.*\) and its rows$/\1/p; s/^-- warning: drops the data in \(.*\)$/\1/p' "$1"
}

# The database is what $2 is, but for what the script of revision $3 announced as lost.
back() { # NAME REFERENCE REVISION
  local name=$1 reference=$2 lost
  readarray -t lost < <(announced migrations/*_"$3"_*.sql)
  step "$name: downgrade" "$program" downgrade -1
  step "$name: the schema is what it was" same schema app.db "$reference"
  step "$name: ... and inspected too" same_inspection app.db "$reference"
  step "$name: the rows are what they were" same rows app.db "$reference" "${lost[@]}"
  echo "     $(wc -l <"$work/reference.txt") rows; announced as lost: ${lost[*]:-nothing}"
}

there_and_back() { # NAME
  cp app.db "$work/reference.db"
  step "$1: autogenerate" "$program" autogenerate -m change --rev-id change --allow all --no-renames
  up "$1" start
  back "$1" "$work/reference.db" change
}

chinook() {
  project "$work/chinook"
  sed 's/^\xef\xbb\xbf//' "$corpus/chinook-sqlite.sql" | shell app.db >/dev/null || return
  baseline Chinook
  cp app.db "$work/reference.db"
  python3 "$here/database.py" rows app.db app.db >"$work/reference.txt"
  step 'Chinook: 15607 rows' test "$(wc -l <"$work/reference.txt")" = 15607
  step 'Chinook: the edit' python3 "$here/edit.py" add schemas/db.json
  step 'Chinook: autogenerate' "$program" autogenerate -m change --rev-id change
  up Chinook start
  cp app.db "$work/changed.db"
  step 'Chinook: the second edit' python3 "$here/edit.py" drop schemas/db.json
  step 'Chinook: autogenerate again' "$program" autogenerate -m drop --rev-id drop
  up 'Chinook: the second edit' change
  back 'Chinook: the second edit' "$work/changed.db" drop
  back Chinook "$work/reference.db" change
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

# Every older version of a schema to the newest: $@ are SQL files, oldest first.
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
    step "$name $(basename "$old" .sql): rows" python3 "$here/database.py" fill app.db
    baseline "$name $(basename "$old" .sql)"
    step "$name $(basename "$old" .sql): the newest schema" "$program" inspect --url "sqlite:$new" -o schemas/db.json --force
    there_and_back "$name $(basename "$old" .sql)"
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
  step 'Zabbix: rows' python3 "$here/database.py" fill app.db
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
}

chinook
powerdns
zabbix
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ]
