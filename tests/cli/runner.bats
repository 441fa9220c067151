#!/usr/bin/env bats
load helpers

# write N ID PARENT UP [DOWN]: migrations/N.sql
write() {
	printf -- '-- make %s\n-- revision: %s\n%s-- schemadiff:up\n%s\n%s' "$2" "$2" \
		"${3:+-- revises: $3
}" "$4" "${5:+-- schemadiff:down
$5
}" >"migrations/$1.sql"
}

setup_more() {
	project
	rm schemas/*.json
	write 1 aaa1 '' 'CREATE TABLE a (id INTEGER PRIMARY KEY, x text);' 'DROP TABLE a;'
	write 2 bbb2 aaa1 'INSERT INTO a VALUES (1, 2);' 'DELETE FROM a;'
}

# configure JSON: the configuration's file, with the members JSON
configure() {
	printf '{ "environments": { "dev": { "url": "sqlite:app.db" %s } }, "default_environment": "dev" }\n' \
		"${1:+, $1}" >schemadiff.json
}

# ---- transactions -------------------------------------------------------------------------

@test "transaction all: nothing of a run that fails; each by the option" {
	write 3 ccc3 bbb2 'INSERT INTO a VALUES (1, 2);'
	configure '"transaction": "all"'
	sd upgrade
	want 4
	has "$err" "nothing of this run was kept; the database is at base"
	[ -z "$(sql "SELECT name FROM sqlite_schema")" ]
	sd upgrade --transaction each
	want 4
	equal "$(sql "SELECT group_concat(revision) FROM schemadiff_revisions")" aaa1,bbb2
}

@test "transaction all refuses what it can't do, --dry-run and --sql too" {
	write 3 ccc3 bbb2 '-- schemadiff:no-transaction
VACUUM;'
	for args in "" --dry-run "--sql base:head"; do
		# shellcheck disable=SC2086
		sd upgrade --transaction all $args
		want 5
		has "$err" "migrations/3.sql:6: error: revision ccc3 can't share a transaction with the rest of the run: behind \`no-transaction\`"
	done
	ok upgrade --transaction each
}

@test "transaction none: what is done stays, and the next upgrade goes on" {
	write 2 bbb2 aaa1 'INSERT INTO a VALUES (1, 2);
INSERT INTO a VALUES (1, 3);'
	configure '"transaction": "none"'
	sd upgrade
	want 4
	has "$err" "1 of 2 statements of revision bbb2 are done; \`schemadiff upgrade\` goes on from there"
	write 2 bbb2 aaa1 'INSERT INTO a VALUES (1, 2);
INSERT INTO a VALUES (2, 3);'
	ok upgrade
	equal "$(sql "SELECT group_concat(x) FROM a")" 2,3
	sd upgrade --transaction some
	want 2
}

# ---- variables ----------------------------------------------------------------------------

@test "variables: undefined, unused, and in what is run and printed" {
	write 3 ccc3 bbb2 "CREATE TABLE :\"tenant\" (x);
INSERT INTO a VALUES (7, :'tenant');" 'DROP TABLE :"tenant";'
	sd upgrade
	want 2
	has "$err" "migrations/3.sql:5: error: the variable tenant has no value"
	has "$err" "hint: give it one with -V tenant=VALUE"
	[ ! -e app.db ] || [ -z "$(sql "SELECT name FROM sqlite_schema")" ]
	sd upgrade -V tenant=x -V other=y
	want 2
	has "$err" "-V other: no script uses this variable"
	ok upgrade --dry-run -V "tenant=o'neil"
	has "$out" "INSERT INTO a VALUES (7, 'o''neil')"
	ok upgrade --sql -V "tenant=o'neil"
	has "$out" "CREATE TABLE \"o'neil\" (x);"
	ok upgrade -V "tenant=o'neil"
	equal "$(sql "SELECT x FROM a WHERE id = 7")" "o'neil"
	equal "$(sql "SELECT result FROM schemadiff_log WHERE revision = 'ccc3'")" "ok, with tenant = 'o''neil'"
	# a value that is given everywhere is no mistake where nothing is pending
	ok upgrade -V tenant=x
	ok downgrade -1 --variable "tenant=o'neil"
}

# ---- the examples of the documentation ----------------------------------------------------

# examples: the whole scripts in docs/scripts.md, a file each
examples() {
	rm migrations/*
	awk '/^```sql/ { on = 1; text = ""; next } /^```/ { if (on && text ~ /-- revision: /) { n++; printf "%s", text > ("migrations/" n ".sql") } on = 0 }
		on { text = text $0 "\n" }' "$BATS_TEST_DIRNAME/../../docs/scripts.md"
	write 0 0001 '' 'CREATE TABLE users (email text PRIMARY KEY);' 'DROP TABLE users;'
}

@test "the examples of docs/scripts.md do what they say" {
	examples
	equal "$(grep -lE '^-- revision: 000[23]$' migrations/*.sql | wc -l)" 2
	ok upgrade 0001
	sql "INSERT INTO users VALUES ('ADA@example.com'), ('ada@example.com'), ('bob@x.org'), ('cy@x.org')"
	sd upgrade 0002
	want 4
	has "$err" "two users have the same address"
	has "$err" "the first such row: email = ada@example.com, users = 2"
	sql "DELETE FROM users WHERE email = 'ADA@example.com'; INSERT INTO users VALUES ('nobody')"
	ok upgrade 0002
	sd upgrade 0003
	want 4
	has "$err" "a user has no @ in the address"
	sql "DELETE FROM users WHERE email = 'nobody'"
	ok upgrade 0003
	equal "$(sql "SELECT group_concat(name) FROM (SELECT name FROM users ORDER BY email)")" ada,bob,cy@
	sd downgrade 0002
	want 5
	has "$err" "cannot be undone: names that were mended by hand would be lost"
	ok downgrade 0002 --force
	sql "INSERT INTO users VALUES ('di@example.org')"
	ok upgrade
	equal "$(sql "SELECT group_concat(name) FROM (SELECT name FROM users ORDER BY email)")" ada,bob,cy@,di@,postmaster
}

# ---- what the database keeps --------------------------------------------------------------

@test "downgrade --from-database undoes what has no script here, after printing it" {
	write 3 ccc3 bbb2 'CREATE TABLE c (x);
CREATE TABLE d (x);' '-- a remark
DROP TABLE d;
DROP TABLE c;'
	write 4 ddd4 ccc3 'CREATE TABLE e (x);' 'DROP TABLE e;'
	ok upgrade
	mv migrations/3.sql migrations/4.sql .
	sd downgrade aaa1
	want 3
	has "$err" "hint: \`--from-database\` undoes such a revision by the down part that the database keeps"
	ok downgrade aaa1 --from-database --dry-run
	has "$out" "downgrade ddd4 -> ccc3: make ddd4"
	has "$out" "database:ccc3:"
	sd downgrade head:base --sql --from-database
	want 2
	ok downgrade -1 --from-database
	has "$err" "-- ddd4, make ddd4: the down part that the database keeps
DROP TABLE e;"
	# a file wins
	sed 's/DROP TABLE d;/DROP TABLE d; INSERT INTO a VALUES (9, 9);/' 3.sql >migrations/3.sql
	ok downgrade bbb2 --from-database
	hasnt "$err" "the down part that the database keeps"
	equal "$(sql "SELECT count(*) FROM a WHERE id = 9")" 1
	equal "$(sql "SELECT group_concat(revision) FROM schemadiff_revisions")" aaa1,bbb2
}

@test "--from-database: variables, what can't be undone, and no down part" {
	write 3 ccc3 bbb2 'CREATE TABLE c (x);' "DELETE FROM c WHERE x = :'who';
DROP TABLE c;"
	ok upgrade -V who=me
	rm migrations/3.sql
	sd downgrade -1 --from-database
	want 2
	has "$err" "database:ccc3:6: error: the variable who has no value"
	ok downgrade -1 --from-database -V who=me
	equal "$(sql "SELECT result FROM schemadiff_log WHERE action = 'downgrade'")" "ok, with who = 'me'"

	write 3 ccc3 bbb2 'CREATE TABLE c (x);' '-- schemadiff:irreversible c is for ever
DROP TABLE c;'
	ok upgrade
	rm migrations/3.sql
	sd downgrade -1 --from-database
	want 5
	has "$err" "revision ccc3 cannot be undone: c is for ever"
	ok downgrade -1 --from-database --force

	write 3 ccc3 bbb2 'CREATE TABLE c (x);'
	ok upgrade
	rm migrations/3.sql
	sd downgrade -1 --from-database
	want 5
	has "$err" "revision ccc3 has no down part"
}

@test "--from-database goes on with what is half undone, and not with what is half applied" {
	write 3 ccc3 bbb2 'CREATE TABLE c (x);
CREATE TABLE d (x);' 'DROP TABLE d;
-- schemadiff:transaction
DROP TABLE c;
DROP TABLE nix;'
	ok upgrade
	mv migrations/3.sql .
	sd downgrade -1 --from-database
	want 4
	has "$err" "1 of 3 statements of revision ccc3 are done"
	sql "CREATE TABLE nix (x)"
	ok downgrade bbb2 --from-database
	equal "$(sql "SELECT group_concat(name) FROM sqlite_schema WHERE name IN ('c', 'd', 'nix')")" ""

	write 3 ccc3 bbb2 'CREATE TABLE c (x);
-- schemadiff:transaction
SELECT nope;' 'DROP TABLE c;'
	sd upgrade
	want 4
	rm migrations/3.sql
	sd downgrade aaa1 --from-database
	want 3
	has "$err" "revision ccc3 is half applied, and must be finished first"
	has "$err" "no script here has it: get the branch that has"
}

# aaa1 has a table that only what is undone after it may do without
library() {
	rm migrations/*
	write 1 zzz1 '' 'CREATE TABLE lib (x);' 'INSERT INTO gone SELECT x FROM lib;
DROP TABLE lib;'
	sed -i 's/^-- revision: zzz1/&\n-- label: lib/' migrations/1.sql
	write 2 aaa1 '' 'CREATE TABLE app (x);
INSERT INTO lib VALUES (1);' "DELETE FROM lib;
DROP TABLE app;"
	sed -i 's/^-- revision: aaa1/&\n-- depends-on: lib/' migrations/2.sql
	ok upgrade heads
	sql "CREATE TABLE gone (x)"
	mkdir away
}

@test "--from-database undoes first what depends on another, and with what it needs what needs it" {
	library
	equal "$(sql "SELECT group_concat(revision || ':' || ifnull(depends_on, '-'), ' ') FROM schemadiff_revisions")" "zzz1:- aaa1:zzz1"
	mv migrations/* away
	ok downgrade base --from-database --dry-run
	equal "$(grep ^downgrade <<<"$out" | cut -d' ' -f2 | xargs)" "aaa1 zzz1"
	ok downgrade base --from-database
	equal "$(sql "SELECT count(*) FROM gone")" 0

	# the one that it needs is here, and undone: what needs it is not left behind
	mv away/1.sql away/2.sql migrations
	ok upgrade heads
	mv migrations/2.sql away
	ok downgrade lib@base --from-database
	equal "$(sql "SELECT group_concat(revision) FROM schemadiff_revisions")" ""

	# what it needed is forgotten: nothing is known of it, and nothing is in the way
	mv away/2.sql migrations
	ok upgrade heads
	sql "DELETE FROM schemadiff_revisions WHERE revision = 'zzz1'"
	mv migrations/* away
	ok downgrade base --from-database
}

@test "tables that an older program made: read as they are, and given their column by what writes" {
	library
	sql "ALTER TABLE schemadiff_revisions DROP COLUMN depends_on"
	before="$(sha256sum app.db)"
	ok status
	ok check || true
	ok upgrade heads
	ok downgrade base --dry-run
	equal "$(sha256sum app.db)" "$before"
	write 3 aab2 aaa1 'CREATE TABLE aab (x);' 'DROP TABLE aab;'
	sed -i 's/^-- revision: aab2/&\n-- depends-on: zzz1/' migrations/3.sql
	ok upgrade heads
	equal "$(sql "SELECT group_concat(revision || ':' || ifnull(depends_on, '-'), ' ') FROM schemadiff_revisions")" \
		"zzz1:- aaa1:- aab2:zzz1"
	ok downgrade base
	sql "ALTER TABLE schemadiff_revisions DROP COLUMN depends_on"
	ok ensure-version
	equal "$(sql "SELECT count(*) FROM pragma_table_info('schemadiff_revisions') WHERE name = 'depends_on'")" 1
	ok upgrade --sql heads
	sqlite3 piped.db <<<"$out"
	equal "$(sqlite3 piped.db "SELECT depends_on FROM schemadiff_revisions WHERE revision = 'aaa1'")" zzz1
}

# ---- repair -------------------------------------------------------------------------------

repository() {
	git init -q -b main .
	git config user.email a@example.org
	git config user.name A
	printf 'app.db\n.out\n.err\n' >.gitignore
	git add -A
	git commit -qm "$1"
}

edit_bbb2() { sed -i 's/DELETE FROM a;/DELETE FROM a WHERE id = 1;/; s/VALUES (1, 2)/VALUES (1, 3)/' migrations/2.sql; }

@test "repair shows what changed against git, and takes it for what ran" {
	repository one
	ok upgrade
	edit_bbb2
	git commit -qam two
	echo x >other
	git add -A
	git commit -qm three
	sd check
	want 3
	has "$err" "accept it with \`schemadiff repair bbb2\`"
	ok status
	has "$out" "edited:      bbb2, make bbb2"
	has "$out" "schemadiff repair"
	sd repair
	want 5
	has "$err" "migrations/2.sql: revision bbb2, make bbb2"
	has "$err" "as git has it at HEAD~2"
	has "$err" "-INSERT INTO a VALUES (1, 2);
  +INSERT INTO a VALUES (1, 3);
   -- schemadiff:down
  -DELETE FROM a;
  +DELETE FROM a WHERE id = 1;"
	has "$err" "hint: --yes takes"
	before="$(sql "SELECT checksum FROM schemadiff_revisions WHERE revision = 'bbb2'")"
	ok repair --yes
	has "$err" "revision bbb2: the record is of the script as it is now"
	after="$(sql "SELECT checksum FROM schemadiff_revisions WHERE revision = 'bbb2'")"
	[ "$before" != "$after" ]
	equal "$(sql "SELECT result FROM schemadiff_log WHERE action = 'repair'")" "ok, checksum $before -> $after"
	has "$(sql "SELECT down_sql FROM schemadiff_revisions WHERE revision = 'bbb2'")" "DELETE FROM a WHERE id = 1;"
	ok repair
	has "$err" "nothing to repair"
	ok upgrade
	hasnt "$err" "edited"
}

@test "repair without git says what is known; named revisions" {
	ok upgrade
	edit_bbb2
	sd repair bbb
	want 5
	has "$err" "what ran is not in git's history; of the down part, which the database keeps:"
	has "$err" "-DELETE FROM a;
  +DELETE FROM a WHERE id = 1;"
	ok repair aaa1
	has "$err" "revision aaa1: the script is as it ran"
	write 3 ccc3 bbb2 'SELECT 1;'
	sd repair ccc3 --yes
	want 2
	has "$err" "revision ccc3 is not applied: its script may be edited as you like"
	ok --json repair -y bbb2
	equal "$(field "$out" 'd["repaired"]')" "['bbb2']"
	equal "$(field "$out" 'd["edited"][0]["git"]')" None
	write 2 bbb2 aaa1 'SELECT 2;' 'DELETE FROM a WHERE id = 1;'
	sd repair
	want 5
	has "$err" "the down part, which the database keeps, is the same, so the up part was edited"
}

# ---- hooks and templates ------------------------------------------------------------------

@test "SQL hooks run before and behind, in their own transactions, and only when there is something to do" {
	printf "CREATE TABLE IF NOT EXISTS seen (what, n);\nINSERT INTO seen VALUES ('before', (SELECT count(*) FROM schemadiff_revisions));\n" >before.sql
	printf -- "-- schemadiff:expect-none a is empty\nSELECT 1 WHERE NOT EXISTS (SELECT 1 FROM a);\nINSERT INTO seen VALUES (:'who', (SELECT count(*) FROM schemadiff_revisions));\n" >behind.sql
	printf "DELETE FROM seen;\n" >down.sql
	printf '%s' '{ "hooks": { "pre_upgrade": "before.sql", "post_upgrade": ["behind.sql"], "post_downgrade": ["down.sql"] },
		"environments": { "dev": { "url": "sqlite:app.db" } }, "default_environment": "dev" }' >schemadiff.json
	sd upgrade
	want 2
	has "$err" "behind.sql:3: error: the variable who has no value"
	ok upgrade --dry-run -V who=x
	has "$out" "hook before.sql"
	has "$out" "behind.sql:3: INSERT INTO seen VALUES ('x'"
	ok upgrade --sql -V who=x
	sqlite3 piped.db <<<"$out"
	ok upgrade -V who=x
	for db in app.db piped.db; do
		equal "$(sqlite3 "$db" "SELECT group_concat(what || n) FROM seen")" before0,x2
		equal "$(sqlite3 "$db" "SELECT group_concat(revision || ' ' || action || ' ' || result, '; ') FROM schemadiff_log")" \
			"before.sql hook ok; aaa1 upgrade ok; bbb2 upgrade ok; behind.sql hook ok, with who = 'x'"
	done
	ok upgrade -V who=x
	ok check || true
	equal "$(sql "SELECT count(*) FROM seen")" 2
	ok downgrade base
	equal "$(sql "SELECT count(*) FROM seen")" 0
}

@test "a hook that fails: before, nothing runs; behind, the revisions stay; in one transaction, nothing does" {
	printf 'SELECT 1;\nSELECT nope;\n' >bad.sql
	configure '"hooks": { "pre_upgrade": "bad.sql" }'
	sd upgrade
	want 4
	has "$err" "bad.sql:2"
	has "$err" "no such column: nope"
	has "$err" "nothing of bad.sql was kept; the database is at base"
	sd --json upgrade --transaction all
	want 4
	has "$out" "nothing of this run was kept; the database is at base"
	equal "$(field "$out" 'd["failed"], d["failed_hook"], d["done"]')" "(None, 'bad.sql', [])"
	configure '"hooks": { "post_upgrade": "bad.sql" }'
	sd --json upgrade --transaction all
	want 4
	has "$out" "nothing of this run was kept; the database is at base"
	equal "$(field "$out" 'd["failed"], d["failed_hook"], d["done"]')" "(None, 'bad.sql', [])"
	# what did not fail is not blamed, once there are books to write into
	ok ensure-version
	sd upgrade --transaction all
	equal "$(sql "SELECT action, revision, result FROM schemadiff_log")" "hook|bad.sql|failed: no such column: nope"
	sql "DELETE FROM schemadiff_log"
	sd --json upgrade
	want 4
	equal "$(field "$out" 'd["failed"], d["failed_hook"], d["done"]')" "(None, 'bad.sql', ['aaa1', 'bbb2'])"
	sql "DELETE FROM schemadiff_log"
	ok downgrade base
	sd upgrade
	want 4
	has "$err" "nothing of bad.sql was kept; the database is at bbb2"
	equal "$(sql "SELECT result FROM schemadiff_log WHERE action = 'hook'")" "failed: no such column: nope"
	printf 'BEGIN;\n' >bad.sql
	sd upgrade
	want 3
	has "$err" "bad.sql:1: error: a script cannot open or end transactions"
	printf -- '-- schemadiff:no-transaction\nVACUUM;\n' >bad.sql
	sd upgrade
	want 3
	has "$err" "this file runs in one transaction, and has a directive that asks for another one"
	rm bad.sql
	sd upgrade
	want 2
}

@test "post_write runs programs on a new script, without a shell; a failure is said, the file stays" {
	mkdir tools
	printf '#!/bin/sh\necho "tool: $#: $2"\nprintf "%%s\\n" "-- by $2" >>"$1"\n' >tools/tool.sh
	chmod +x tools/tool.sh
	printf '%s' '{ "hooks": { "post_write": [["tools/tool.sh", "{file}", "a b; $HOME"], ["true"]] } }' >schemadiff.json
	ok revision -m next --rev-id ccc3
	equal "$out" "$(ls migrations/*ccc3*)"
	has "$err" 'tool: 2: a b; $HOME'
	equal "$(tail -n 1 migrations/*ccc3*)" '-- by a b; $HOME'
	(cd migrations && "$SD" -q revision -m deeper --rev-id ddd4 >/dev/null)
	equal "$(tail -n 1 migrations/*ddd4*)" '-- by a b; $HOME'
	printf '%s' '{ "hooks": { "post_write": [["sh", "-c", "exit 3"]] } }' >schemadiff.json
	sd revision -m again --rev-id eee5
	want 2
	has "$err" "error: hooks.post_write: \`sh -c exit 3\` has ended with exit code 3"
	[ -e migrations/*eee5* ]
	printf '%s' '{ "hooks": { "post_write": [["no-such-program"]] } }' >schemadiff.json
	sd revision -m again --rev-id fff6
	want 2
	has "$err" "no-such-program can't be run: No such file or directory"
	printf '%s' '{ "hooks": { "post_write": [["sh", "-c", "echo x >$0"]] } }' >schemadiff.json
	sd revision -m again --rev-id abc7
	want 3
	has "$err" "this is how hooks.post_write has left the script"
	rm migrations/*abc7*
	printf '%s' '{ "hooks": { "post_write": [["touch", "ran"]], "pre_upgrade": "no.sql" } }' >schemadiff.json
	sd check
	sd autogenerate --dry-run -m x
	[ ! -e ran ]
}

@test "script_template: the text of a new script" {
	printf '%s' '{ "script_template": "t.sql" }' >schemadiff.json
	cat >t.sql <<-'END'
		-- %(message)s
		-- Copyright 100%% Example Ltd, %(rev)s, %(created)s
		%(header)s

		-- schemadiff:up
		-- for %(dialect)s
		%(up)s
		-- schemadiff:down
		%(down)s
	END
	ok revision -m next --rev-id ccc3
	file="$(ls migrations/*ccc3*)"
	equal "$(sed -n 2p "$file")" "-- Copyright 100% Example Ltd, ccc3, 2026-11-18T11:06:40Z"
	has "$(cat "$file")" "-- revises: bbb2"
	has "$(cat "$file")" "-- for sqlite"
	ok history
	sed -i 's/%(rev)s/%(revv)s/' t.sql
	sd revision -m more
	want 2
	has "$err" 't.sql:2:33: error: unknown token "%(revv)s"'
	has "$err" "tokens: message rev header created dialect up down"
	sed -i 's/%(revv)s//; s/%(down)s//' t.sql
	sd revision -m more
	want 2
	has "$err" "t.sql: error: the template has no %(down)s, and a script needs it"
	printf '%%(header)s\n-- schemadiff:up\n%%(up)s\n%%(down)s\n-- schemadiff:nonsense\n' >t.sql
	sd revision -m more
	want 3
	has "$err" "this is about the script made from the template"
	equal "$(ls migrations | wc -l)" 3
}

# ---- status -------------------------------------------------------------------------------

@test "status: where the URL came from, what is half done, drift, and what to do next" {
	printf '%s' '{ "tables": { "a": { "columns": { "id": { "type": "integer", "primary_key": true }, "x": { "type": "text" } } } } }' >schemas/a.json
	configure
	write 2 bbb2 aaa1 'INSERT INTO a VALUES (1, 2);
-- schemadiff:transaction
INSERT INTO a VALUES (1, 3);'
	ok status
	has "$out" 'environment: dev'
	has "$out" 'target:      sqlite:app.db ('
	has "$out" 'pending:     aaa1, make aaa1
             bbb2, make bbb2'
	has "$out" 'drift:       not compared: the database does not exist yet'
	sd upgrade
	want 4
	ok status
	has "$out" 'half done:   bbb2, being applied: 1 of 2 statements are done'
	has "$out" 'drift:       not compared: revisions are pending'
	has "$out" 'next:        `schemadiff upgrade bbb2` goes on with what is half applied'
	ok --json status
	equal "$(field "$out" '[d["partial"], d["partial_done"], d["partial_statements"], d["drift"]]')" "['bbb2', 1, 2, None]"
	sed -i 's/(1, 2)/(1, 9)/' migrations/2.sql
	ok status
	has "$out" 'half done:   bbb2, being applied; its script, or its variables, are others now'
	sed -i 's/(1, 9)/(1, 2)/; s/(1, 3)/(2, 3)/' migrations/2.sql
	ok upgrade
	ok status
	has "$out" 'drift:       none: the database is as the schema files say'
	sql 'CREATE TABLE stray (x text)'
	ok status
	has "$out" 'drift:       1 difference between the database and the schema files'
	has "$out" '`schemadiff check` names the differences'
	ok --json status
	equal "$(field "$out" 'd["drift"]')" 1
}

# ---- questions ----------------------------------------------------------------------------

@test "repair and --from-database ask on a terminal" {
	ok upgrade
	edit_bbb2
	on_terminal 'n\n' "$SD" repair
	want 5
	has "$out" "take this script for what ran? [y/N]"
	has "$out" "nothing was recorded"
	on_terminal 'y\n' "$SD" repair
	want 0
	rm migrations/2.sql
	on_terminal 'n\n' "$SD" downgrade aaa1 --from-database
	want 5
	has "$out" "DELETE FROM a WHERE id = 1;"
	has "$out" "run this? [y/N]"
	equal "$(sql "SELECT count(*) FROM a")" 1
	on_terminal 'y\n' "$SD" downgrade aaa1 --from-database
	want 0
	equal "$(sql "SELECT count(*) FROM a")" 0
}

@test "what has variables is not replayed: check rests on the fingerprint, diff refuses" {
	printf '%s' '{ "tables": { "a": { "columns": { "id": { "type": "integer", "primary_key": true }, "x": { "type": "text" }, "y": { "type": "text" } } } } }' >schemas/a.json
	write 3 ccc3 bbb2 "INSERT INTO a VALUES (7, :'who');"
	sd check --json
	has "$out" "the migrations can't be replayed: revision ccc3 has variables"
	hasnt "$out" "has no value"
	sd diff --from migrations --to schemas
	want 5
	has "$err" "migrations/3.sql:2:14: error: revision ccc3 has variables, and a replay has no values for them"
}
