#!/usr/bin/env bats
load helpers

setup_more() {
	project
	rm schemas/*.json
	echo '{ "tables": { "users": { "columns": {
		"id": { "type": "integer", "primary_key": true } } } } }' >schemas/users.json
	"$SD" -q autogenerate -m one --rev-id aaa1 >/dev/null 2>&1
}

@test "all is well: exit 0, a line a gate" {
	ok upgrade
	ok check
	equal "$(echo "$out" | grep -c '^ok ')" 5
	equal "$err" ""
}

@test "a database that is behind: exit 1, the comparison is skipped and says so" {
	sd check
	want 1
	has "$out" "FAIL"
	has "$out" "skip  5  the database equals the schema files: the database does not exist yet"
	[ ! -e app.db ]
	ok upgrade
	ok autogenerate -m two --rev-id bbb2 --dry-run
	ok revision -m by-hand --rev-id bbb2
	sd check
	want 1
	has "$out" "not applied yet: bbb2"
	has "$out" "skip  5  the database equals the schema files: revisions are pending"
}

@test "drift: exit 1 and what differs" {
	ok upgrade
	sql 'ALTER TABLE users ADD COLUMN stray text'
	sd check
	want 1
	has "$out" "FAIL  5"
	has "$out" "- column stray"
}

@test "a schema file that does not load: exit 2, the other gates still run" {
	ok upgrade
	echo '{' >schemas/broken.json
	sd check
	want 2
	has "$out" "FAIL  1"
	has "$out" "ok    2"
	has "$out" "ok    4"
	has "$err" "schemas/broken.json:"
}

@test "an edited script: exit 3" {
	ok upgrade
	sed -i 's/INTEGER PRIMARY KEY/INTEGER PRIMARY KEY NOT NULL/' migrations/*.sql
	sd check
	want 3
	has "$err" "edited after revision aaa1 had been applied"
}

@test "two heads: exit 3" {
	printf -- '-- other\n-- revision: zzz\n-- schemadiff:up\n' >migrations/zzz.sql
	sd check
	want 3
	has "$out" "FAIL  2"
}

@test "no database named: what needs none still runs" {
	echo '{}' >schemadiff.json
	ok check
	has "$out" "ok    1"
	has "$out" "skip  4, 5"
}

@test "-v names renamed_from entries that may go" {
	ok upgrade
	sed -i 's/"columns"/"renamed_from": "people", "columns"/' schemas/users.json
	ok check
	hasnt "$out" "note:"
	ok check -v
	has "$out" 'note: "renamed_from" of table users'
}

@test "--json has every gate" {
	ok upgrade
	sql 'ALTER TABLE users ADD COLUMN stray text'
	sd check --json
	want 1
	equal "$(field "$out" '[(g["gate"], g["result"]) for g in d["gates"]]')" \
		"[(1, 'passed'), (2, 'passed'), (3, 'passed'), (4, 'passed'), (5, 'failed')]"
	equal "$(field "$out" 'd["gates"][4]["changes"][0]["op"], d["exit"]')" "('drop', 1)"
	equal "$(field "$out" '[(f["gate"], f["rule"], f["file"]) for f in d["findings"]]')" \
		"[(5, 'drift', 'schemas/users.json')]"
}

@test "check writes nothing" {
	sql 'CREATE TABLE users (id INTEGER PRIMARY KEY)'
	local before
	before="$(sha256sum app.db)"
	sd check
	want 1
	equal "$(sha256sum app.db)" "$before"
}

@test "a repository of another user: that it can't be read is said, and how it can" {
	[ "$(id -u)" = 0 ] || skip "only root can give files away"
	unset GIT_DIR
	export HOME="$BATS_TEST_TMPDIR/home" XDG_CONFIG_HOME="$BATS_TEST_TMPDIR/home"
	mkdir "$HOME"
	git init -q -b main .
	git add -A
	git -c user.name=A -c user.email=a@example.org commit -qm one
	git checkout -q -b topic
	sed -i 's/INTEGER PRIMARY KEY/INTEGER PRIMARY KEY NOT NULL/' migrations/*.sql
	echo '{ "dialects": ["sqlite"] }' >schemadiff.json
	sd check
	want 3
	chown -R nobody .
	ok check
	has "$err" "edits of published scripts may go unnoticed"
	has "$err" "safe.directory"
	git config --global --add safe.directory "$PWD"
	sd check
	want 3
	chown -R root .
}
