#!/usr/bin/env bats
load helpers

# Three revisions by hand: aaa1, bbb2, ccc3.
setup_more() {
	project
	rm schemas/*.json
	cat >migrations/1.sql <<-'END'
		-- make a
		-- revision: aaa1

		-- schemadiff:up
		CREATE TABLE a (id INTEGER PRIMARY KEY, x text);
		INSERT INTO a VALUES (1, 'one');

		-- schemadiff:down
		DROP TABLE a;
	END
	cat >migrations/2.sql <<-'END'
		-- make b
		-- revision: bbb2
		-- revises: aaa1

		-- schemadiff:up
		CREATE TABLE b (id INTEGER PRIMARY KEY);

		-- schemadiff:down
		DROP TABLE b;
	END
	cat >migrations/3.sql <<-'END'
		-- make c
		-- revision: ccc3
		-- revises: bbb2

		-- schemadiff:up
		CREATE TABLE c (id INTEGER PRIMARY KEY);

		-- schemadiff:down
		-- schemadiff:irreversible c is for ever
		DROP TABLE c;
	END
}

tables() {
	sql "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE type = 'table'
		AND name NOT LIKE 'schemadiff%' ORDER BY name)"
}

@test "upgrade creates the database and says what it does, on stderr" {
	ok upgrade
	equal "$out" ""
	has "$err" "upgrade base -> aaa1: make a ("
	has "$err" "upgrade aaa1 -> bbb2: make b ("
	has "$err" " ms)"
	equal "$(tables)" "a,b,c"
	ok upgrade
	has "$err" "nothing to do: the database is at ccc3 (head)"
}

@test "targets: partial ids, +N, base" {
	ok upgrade aa
	equal "$(tables)" "a"
	ok upgrade +1
	equal "$(tables)" "a,b"
	ok upgrade aaa1
	has "$err" "nothing to do: the database is at bbb2"
	hasnt "$err" "(head)"
	sd upgrade +2
	want 2
	ok downgrade -1
	equal "$(tables)" "a"
	ok downgrade base
	equal "$(tables)" ""
	ok downgrade base
	has "$err" "nothing to do: the database is at base"
	sd upgrade xyz
	want 2
	has "$err" 'unknown revision "xyz"'
}

@test "a mistake in the target does not create the database" {
	sd upgrade xyz
	want 2
	[ ! -e app.db ]
	rm migrations/*
	ok upgrade
	has "$err" "nothing to do"
	[ ! -e app.db ]
}

@test "downgrade wants a target, and a database" {
	sd downgrade
	want 2
	sd downgrade base
	want 4
	has "$err" "does not exist"
	[ ! -e app.db ]
}

@test "downgrade to what is not applied" {
	ok upgrade aaa1
	sd downgrade bbb2
	want 2
	has "$err" "cannot downgrade to bbb2: it is not applied"
}

@test "irreversible: exit 5, --force goes on" {
	ok upgrade
	sd downgrade -1
	want 5
	has "$err" "cannot be undone: c is for ever"
	equal "$(tables)" "a,b,c"
	ok downgrade -1 --force
	equal "$(tables)" "a,b"
}

@test "-v tells of every statement, -q of nothing" {
	ok upgrade aaa1 -v
	has "$err" "[1/2] migrations/1.sql:5: CREATE TABLE a"
	has "$err" "[2/2] migrations/1.sql:6: INSERT INTO a"
	ok upgrade -q
	equal "$err" ""
}

@test "--dry-run lists and writes nothing" {
	ok upgrade --dry-run
	has "$out" "upgrade base -> aaa1: make a"
	has "$out" "  migrations/1.sql:5: CREATE TABLE a"
	[ ! -e app.db ]
	ok upgrade aaa1
	local before
	before="$(sha256sum app.db)"
	ok upgrade --dry-run
	hasnt "$out" "make a"
	has "$out" "upgrade bbb2 -> ccc3: make c"
	equal "$(sha256sum app.db)" "$before"
	ok downgrade base --dry-run
	has "$out" "downgrade aaa1 -> base: make a"
	has "$out" "  migrations/1.sql:9: DROP TABLE a"
	ok upgrade -q
	sd downgrade base --dry-run
	want 5
}

@test "a statement that fails: exit 4, the last whole revision, the script's line" {
	sed -i 's/CREATE TABLE b.*/CREATE TABLE b (id INTEGER PRIMARY KEY);\nINSERT INTO nowhere VALUES (1);/' \
		migrations/2.sql
	sd upgrade
	want 4
	has "$err" "upgrade base -> aaa1"
	has "$err" "migrations/2.sql:7: error: "
	has "$err" "the database is at aaa1"
	equal "$(tables)" "a"
	sd upgrade --json
	want 4
	equal "$(field "$out" 'd["failed"], d["done"], d["current"]')" "('bbb2', [], ['aaa1'])"
}

@test "--sql never connects, and its output goes through the shell" {
	ok upgrade --sql
	[ ! -e app.db ]
	echo "$out" | sqlite3 new.db
	ok current --url sqlite:new.db
	has "$out" "ccc3"
	ok upgrade --url sqlite:new.db
	has "$err" "nothing to do"
	ok upgrade --url sqlite:part.db bbb2
	ok downgrade --sql bbb2:base
	echo "$out" | sqlite3 part.db
	equal "$(sqlite3 part.db 'SELECT count(*) FROM schemadiff_revisions')" 0
	! echo "$out" | sqlite3 part.db
}

@test "--sql ranges" {
	ok upgrade --sql aaa1:bbb2
	has "$out" "CREATE TABLE b"
	hasnt "$out" "CREATE TABLE a"
	hasnt "$out" "CREATE TABLE c"
	local whole="$out"
	ok upgrade --sql aaa1:+1
	equal "$out" "$whole"
	ok upgrade --sql :aaa1
	has "$out" "CREATE TABLE a"
	hasnt "$out" "CREATE TABLE b"
	ok upgrade --sql bbb2:
	has "$out" "CREATE TABLE c"
	ok downgrade --sql bbb2:aaa1
	has "$out" "DROP TABLE b"
	hasnt "$out" "DROP TABLE a"
	ok downgrade --sql bbb2:-1
	has "$out" "DROP TABLE b"
	hasnt "$out" "DROP TABLE a"
	sd downgrade --sql base
	want 2
	has "$err" "expected a range FROM:TO"
	sd upgrade --sql bbb2:aaa1
	want 2
	has "$err" "there is no way up from bbb2 to aaa1"
	sd upgrade aaa1:bbb2
	want 2
	has "$err" "only --sql takes"
	ok upgrade --sql bbb2:bbb2
	equal "$out" ""
}

@test "--sql works where no database can be named" {
	echo '{ "environments": { "dev": { "url": "${NOT_SET}" } }, "default_environment": "dev" }' \
		>schemadiff.json
	ok upgrade --sql
	has "$out" "CREATE TABLE a"
	sd upgrade
	want 2
	has "$err" "NOT_SET"
	echo '{}' >schemadiff.json
	sd upgrade
	want 2
	has "$err" "no database is named"
}

@test "a protected database is named before it is written to" {
	echo '{ "environments": { "prod": { "url": "sqlite:app.db", "protected": true } } }' \
		>schemadiff.json
	ok upgrade -e prod
	equal "$(echo "$err" | head -n 1)" 'target: sqlite:app.db (environment "prod", protected)'
	ok upgrade -e prod
	hasnt "$err" "target:"
	ok downgrade bbb2 --force --url sqlite:app.db
	has "$err" "target: sqlite:app.db (--url, protected)"
}

@test "an edited script is warned of" {
	ok upgrade aaa1
	sed -i "s/'one'/'two'/" migrations/1.sql
	ok upgrade
	has "$err" "warning: this script was edited after revision aaa1"
}

@test "two upgrades at once: one works, the other waits" {
	ok upgrade aaa1
	(
		echo 'BEGIN IMMEDIATE;'
		sleep 2
		echo 'COMMIT;'
	) | sqlite3 app.db &
	sleep 0.5
	sd upgrade --wait 0
	want 4
	ok upgrade --wait 20
	has "$err" "another process is writing to sqlite:app.db: waiting ("
	has "$err" "upgrade aaa1 -> bbb2"
	wait
	for i in 1 2 3 4; do
		"$SD" upgrade --url sqlite:many.db >/dev/null 2>many.$i || true &
	done
	wait
	equal "$(cat many.* | grep -c 'base -> aaa1')" 1
	equal "$(sqlite3 many.db 'SELECT count(*) FROM schemadiff_revisions')" 3
	sd upgrade --wait soon
	want 2
}

@test "--json tells what was done" {
	ok upgrade bbb2 --json
	equal "$(field "$out" 'd["done"], d["failed"], d["current"]')" \
		"(['aaa1', 'bbb2'], None, ['bbb2'])"
	ok upgrade --dry-run --json
	equal "$(field "$out" 'd["revisions"][0]["statements"][0]["line"]')" "6"
	ok upgrade --sql --json
	is_json "$out"
	ok upgrade bbb2 --json
	equal "$(field "$out" 'd["done"], d["current"]')" "([], ['bbb2'])"
}
