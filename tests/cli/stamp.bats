#!/usr/bin/env bats
load helpers
load engine_helpers

# stamp --sql, and --tag, on both engines; history.bats has the rest of stamp.  SD_TEST_PG names the server.
setup_more() {
	mkdir migrations schemas
	echo '{}' >schemadiff.json
	script aaa1 '' a
	script bbb2 aaa1 b
	script ccc3 aaa1 c
	script ddd4 bbb2 d
}

# script ID PARENT TABLE
script() {
	{
		printf -- "-- it's %s\n-- revision: %s\n" "$1" "$1"
		[ -z "$2" ] || printf -- '-- revises: %s\n' "$2"
		printf -- '-- schemadiff:up\nCREATE TABLE %s (x text);\n-- schemadiff:down\nDROP TABLE %s;\n' "$3" "$3"
	} >"migrations/$1.sql"
}

applied() { ask "SELECT revision FROM schemadiff_revisions ORDER BY 1" | paste -sd ' '; }

goes_there_and_back() {
	on "$1"
	# from base, and the record is what a real run writes
	ok --dialect "$1" stamp --sql ddd4
	hasnt "$out" "CREATE TABLE d"
	[ "$1" = postgresql ] || [ ! -e app.db ]
	pipe
	want 0
	equal "$(applied)" "aaa1 bbb2 ddd4"
	stamped="$(ask "SELECT revision, parents, description, checksum, state, progress, down_sql FROM schemadiff_revisions ORDER BY 1")"
	ok current
	has "$out" "ddd4"
	ok status
	has "$out" "pending:     ccc3"
	# a second time the database is elsewhere
	ok --dialect "$1" stamp --sql ddd4
	pipe
	[ "$status" -ne 0 ]
	has "$err" "the database is not at revision base"
	# another branch stays, what is above goes
	ok --dialect "$1" stamp --sql heads:bbb2
	pipe
	[ "$status" -ne 0 ]
	has "$err" "the database is not at revision ccc3, ddd4"
	ok --dialect "$1" stamp --sql ddd4:bbb2
	pipe
	want 0
	equal "$(applied)" "aaa1 bbb2"
	ok --dialect "$1" stamp --sql bbb2:+1 bbb2:ccc3 --tag "it's 1"
	pipe
	want 0
	equal "$(applied)" "aaa1 bbb2 ccc3 ddd4"
	equal "$(ask "SELECT result FROM schemadiff_log WHERE revision = 'ccc3'")" "ok, tagged 'it''s 1'"
	ok current --check-heads
	ok --dialect "$1" stamp --sql heads:base
	pipe
	want 0
	equal "$(applied)" ""
	hasnt "$out" "DROP TABLE main."
	# a start above which several heads are
	ok stamp aaa1
	ok --dialect "$1" stamp --sql aaa1:heads
	pipe
	want 0
	equal "$(applied)" "aaa1 bbb2 ccc3 ddd4"
	ok stamp base
	# what the program itself records is the same
	ok stamp ddd4
	equal "$(ask "SELECT revision, parents, description, checksum, state, progress, down_sql FROM schemadiff_revisions ORDER BY 1")" "$stamped"
	equal "$(ask "SELECT DISTINCT action FROM schemadiff_log")" stamp
}

@test "stamp --sql, piped into sqlite3, is what stamp does" { goes_there_and_back sqlite; }
@test "stamp --sql, piped into psql, is what stamp does" { goes_there_and_back postgresql; }

@test "stamp --sql: what it cannot be" {
	on sqlite
	sd stamp --sql --purge aaa1
	want 2
	has "$err" "--purge forgets what it finds, and --sql connects to no database"
	sd stamp --sql aaa1:bbb2 ccc3:ddd4
	want 2
	has "$err" 'a database is stamped from one place: "aaa1" and "ccc3" are two'
	sd stamp --sql base:aaa1 base:ddd4
	want 5
	has "$err" "revision aaa1 is below another of these targets"
	sd stamp --sql aaa1:
	want 2
	has "$err" "expected a range FROM:TO, or TO alone"
	sd stamp aaa1:bbb2
	want 2
	has "$err" '"aaa1:bbb2" is a range, which only --sql takes'
	sd stamp --sql nope
	want 2
	has "$err" nope
	[ ! -e app.db ]
	unset SCHEMADIFF_URL
	ok stamp --sql --json aaa1:bbb2
	is_json "$out"
	has "$out" '"sql":"-- written by schemadiff'
	sd stamp aaa1
	want 2
	has "$err" "no database is named"
}

tagged() {
	on "$1"
	printf "INSERT INTO notes VALUES (:'tag');\n" >hook.sql
	printf -- "-- notes\n-- revision: eee5\n-- revises: ddd4\n-- schemadiff:up\nCREATE TABLE notes (x text);\nINSERT INTO notes VALUES (:'tag' || :'b');\n-- schemadiff:down\nDROP TABLE notes;\n" >migrations/eee5.sql
	echo '{ "hooks": { "post_upgrade": "hook.sql" } }' >schemadiff.json
	sd upgrade ddd4 --tag ''
	want 2
	sd upgrade ddd4
	want 2
	has "$err" "the variable tag has no value"
	sd upgrade eee5 --tag x -V tag=y
	want 2
	has "$err" "-V tag=… gives that variable a value already"
	ok upgrade eee5 --tag "v1's" -V b=c
	equal "$(ask "SELECT x FROM notes ORDER BY x" | paste -sd ' ')" "v1's v1'sc"
	equal "$(ask "SELECT result FROM schemadiff_log WHERE revision = 'aaa1'")" "ok, tagged 'v1''s'"
	equal "$(ask "SELECT result FROM schemadiff_log WHERE revision = 'eee5'")" "ok, tagged 'v1''s', with b = 'c'"
	equal "$(ask "SELECT result FROM schemadiff_log WHERE revision = 'hook.sql'")" "ok, tagged 'v1''s'"
	ok downgrade aaa1 --tag back
	equal "$(ask "SELECT DISTINCT result FROM schemadiff_log WHERE action = 'downgrade'")" "ok, tagged 'back'"
	ok stamp base --tag moved
	equal "$(ask "SELECT result FROM schemadiff_log WHERE action = 'stamp'")" "ok, tagged 'moved'"
	# a failure has it, too; the table is there
	sd upgrade aaa1 --tag again
	want 4
	has "$(ask "SELECT result FROM schemadiff_log WHERE revision = 'aaa1' AND result LIKE 'failed%'")" "(tagged 'again')"
	ok --dialect "$1" upgrade --sql base:aaa1 --tag printed
	has "$out" "'ok, tagged ''printed'''"
}

@test "--tag is in the log and in scripts, SQLite" { tagged sqlite; }
@test "--tag is in the log and in scripts, PostgreSQL" { tagged postgresql; }

@test "stamp --sql for a tenant runs in its namespace alone" {
	on postgresql
	ask "CREATE SCHEMA t1"
	printf '{ "environments": { "prod": { "url": "%s", "tenants": ["t1"] } } }' "$SCHEMADIFF_URL" >schemadiff.json
	unset SCHEMADIFF_URL
	ok -e prod/t1 stamp --sql heads
	pipe
	[ "$status" -ne 0 ]
	equal "$(ask "SELECT to_regclass('t1.schemadiff_revisions') IS NULL")" t
	PGOPTIONS='-c search_path=t1' pipe
	want 0
	ok -e prod/t1 current --check-heads
	sd -e 'prod/*' stamp --sql heads
	want 2
}
